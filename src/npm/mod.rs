//! The exports of the npm package: conversions to and from JavaScript, and nothing else.
//!
//! `pkg/lib/` reads a caller's objects, once, into what these functions take. What the values mean is decided in the
//! engine, which Rust callers use as well.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions")]

mod call;
mod errors;
mod executor;
mod host;
mod operations;
mod pager;
mod settings;
mod types;
mod watch;
