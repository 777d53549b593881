//! Tests of the built emulator over real connections, mostly raw TCP, so that no HTTP library hides
//! the effects of the faults.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "everything here is a test"
)]

mod api;
mod control;
mod faults;
mod process;
mod support;
mod web;
mod webhooks;
