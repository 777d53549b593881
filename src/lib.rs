#![cfg_attr(feature = "client", doc = include_str!("crate.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "What the gateway shares with the client. Enable the feature `client` for the client."
)]
#![warn(missing_debug_implementations)]
#![allow(
    clippy::single_char_add_str,
    reason = "`String::push` would add UTF-8's encoding to the wasm"
)]

#[cfg(any(test, all(realtimekit_npm, target_arch = "wasm32")))]
mod allocator;
#[cfg(feature = "client")]
mod api;
mod ascii;
#[cfg(feature = "client")]
mod hash;
#[cfg(feature = "client")]
pub mod id;
#[cfg(feature = "client")]
mod js;
#[cfg(feature = "client")]
pub mod models;
#[cfg(realtimekit_npm)]
mod npm;
mod operation;
mod request;
#[cfg(feature = "client")]
mod shared;
mod transport;
#[cfg(feature = "client")]
mod watch;

#[cfg(all(realtimekit_npm, target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator::new();

/// The README of the crate registry's page, whose example compiles.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("README.md")]
struct Readme;

/// What the gateway of this repository shares with the client. It is no part of the public API, and may change at any
/// time.
#[doc(hidden)]
pub mod internal {
    /// The table of operations.
    pub mod operation {
        pub use crate::operation::*;
    }
    pub use crate::request::invalid_argument::InvalidArgument;
    pub use crate::request::validation;
    pub use crate::transport::rate_limit::RateLimit;
    pub use crate::transport::retry_after::RetryHints;
}

#[cfg(feature = "client")]
pub use api::api_error::{ApiError, ErrorDetail};
#[cfg(feature = "client")]
pub use api::call_future::CallFuture;
#[cfg(feature = "client")]
pub use api::client::{Client, ClientBuilder};
#[cfg(feature = "client")]
pub use api::error::{ConnectionError, DecodeError, Error};
#[cfg(feature = "client")]
pub use api::error_kind::ErrorKind;
#[cfg(feature = "client")]
pub use api::invalid_argument::InvalidArgument;
#[cfg(feature = "client")]
pub use api::pager::ParticipantsPager;
#[cfg(feature = "client")]
pub use api::performed::WithResponse;
#[cfg(feature = "client")]
pub use api::rate_limit::RateLimit;
#[cfg(feature = "client")]
pub use api::request_builder::RequestBuilder;
#[cfg(feature = "client")]
pub use api::resources::{ActiveSessions, Meetings, Sessions};
#[cfg(feature = "client")]
pub use api::room::Room;
#[cfg(feature = "client")]
pub use transport::attempts::AttemptInfo;
#[cfg(feature = "client")]
pub use watch::participant::WatchedParticipant;
#[cfg(feature = "client")]
pub use watch::snapshot::{Snapshot, Trouble};
#[cfg(feature = "client")]
pub use watch::stream::Watch;
/// The version of web-sys whose `AbortSignal` and `Response` stand in signatures here.
#[cfg(feature = "client")]
pub use web_sys;
