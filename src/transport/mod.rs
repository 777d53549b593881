//! From a prepared request to a response or an error: attempts over `fetch`, timeouts, aborts, retries, bodies.

#[cfg(feature = "client")]
pub(crate) mod attempts;
#[cfg(feature = "client")]
pub(crate) mod cancellation;
#[cfg(feature = "client")]
pub(crate) mod error;
#[cfg(feature = "client")]
pub(crate) mod error_message;
#[cfg(feature = "client")]
pub(crate) mod events;
#[cfg(feature = "client")]
pub(crate) mod fetch;
#[cfg(feature = "client")]
pub(crate) mod perform;
#[cfg(feature = "client")]
pub(crate) mod prepared;
pub(crate) mod rate_limit;
#[cfg(feature = "client")]
pub(crate) mod response;
#[cfg(feature = "client")]
pub(crate) mod retry;
pub(crate) mod retry_after;
#[cfg(feature = "client")]
pub(crate) mod sources;
