//! RealtimeKit's REST API under `/client/v4`: routing, authorization, validation, and the operations.

mod auth;
mod handle;
mod input;
mod operations;
mod query;
mod response;
mod route;

pub(crate) use handle::handle;
pub(crate) use query::value as query_value;
pub(crate) use response::{ApiResponse, fitting};
pub(crate) use route::{BASE, Operation};
