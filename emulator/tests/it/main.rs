//! Tests of the built emulator, as any client meets it: over real connections, mostly raw TCP, so
//! that no HTTP library smooths over what the faults do.
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
