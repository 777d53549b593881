//! From arguments to a request: everything that is checked before anything is sent.

#[cfg(feature = "client")]
pub(crate) mod base_url;
#[cfg(feature = "client")]
pub(crate) mod build;
#[cfg(feature = "client")]
pub(crate) mod gateway_features;
#[cfg(feature = "client")]
pub(crate) mod headers;
#[cfg(feature = "client")]
pub(crate) mod id;
pub(crate) mod invalid_argument;
#[cfg(feature = "client")]
pub(crate) mod query;
#[cfg(feature = "client")]
pub(crate) mod token;
pub mod validation;
