//! HTTP rules that hold on every platform: origins, tokens, common headers, the page's policy, and the log of requests.

pub mod access_log;
pub mod cors;
pub mod page;
mod refused_origins;
pub mod request;
pub mod response;
mod sampler;
