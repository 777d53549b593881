//! The gateway's core, and with the feature `native` the gateway itself.

pub mod api_budget;
pub mod api_response;
pub mod audit;
pub mod bulk;
pub mod config;
pub mod gateway;
pub mod grant;
pub mod idempotency;
pub mod input;
pub mod live;
pub mod metrics;
pub mod moderators;
pub mod platform;
pub mod rate_limits;
pub mod read_cache;
pub mod redact;
pub mod revocations;
pub mod route;
#[cfg(any(feature = "rust-crypto", test))]
mod rsa_key;
pub mod token_verifier;
mod upstream_outcome;
pub mod web;
pub mod webhooks;

#[cfg(feature = "native")]
pub mod native;

#[cfg(test)]
mod testing;
