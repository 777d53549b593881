//! The API for Rust: client, resources, calls, pages and errors.

pub(crate) mod api_error;
pub(crate) mod call_future;
pub(crate) mod client;
pub(crate) mod convert;
pub(crate) mod decode;
pub(crate) mod error;
pub(crate) mod error_kind;
pub(crate) mod inner;
pub(crate) mod invalid_argument;
pub(crate) mod pager;
pub(crate) mod paging;
mod payload;
pub(crate) mod performed;
pub(crate) mod rate_limit;
pub(crate) mod request_builder;
pub(crate) mod resources;
pub(crate) mod room;
