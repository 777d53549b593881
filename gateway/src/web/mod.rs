//! HTTP rules that hold on every platform: origins, tokens, common headers, and the page's policy.

pub mod cors;
pub mod page;
pub mod refused_origins;
pub mod request;
pub mod response;
