//! The API for Rust: client, resources, calls and pages.

pub(crate) mod client;
pub(crate) mod decode;
pub(crate) mod inner;
pub(crate) mod pager;
pub(crate) mod paging;
pub(crate) mod request_builder;
pub(crate) mod resources;
