//! What can go wrong with a call, in the engine. It holds JavaScript values: the npm package passes them on, and
//! `api/convert.rs` turns them into plain data for Rust callers.

use super::attempts::AttemptInfo;
use super::rate_limit::RateLimit;
use super::response::ResponseHead;
use crate::request::invalid_argument::InvalidArgument;
use wasm_bindgen::JsValue;

/// Why a call failed.
pub(crate) enum Error {
    /// An argument was rejected; nothing was sent.
    InvalidArgument(InvalidArgument),
    /// The caller's signal was aborted.
    Aborted(AttemptInfo),
    /// The last attempt took longer than its timeout, including the body.
    TimedOut(AttemptInfo),
    /// The connection failed, or the response did not arrive whole.
    Connection {
        /// The rejection of `fetch`.
        cause: JsValue,
        /// What is known about the attempts.
        info: AttemptInfo,
    },
    /// The response has an error status.
    Api(Box<ApiError>),
    /// The response is successful, but not of the described form.
    Decode(Box<DecodeError>),
}

/// A response with an error status.
pub(crate) struct ApiError {
    pub(crate) status: u16,
    /// The status and the API's own message.
    pub(crate) message: String,
    /// The parsed body; `undefined` if it was not JSON.
    pub(crate) body: JsValue,
    pub(crate) head: ResponseHead,
    /// The `Ratelimit` header.
    pub(crate) rate_limit: Option<RateLimit>,
    /// The `Retry-After` header, in seconds.
    pub(crate) retry_after: Option<f64>,
    pub(crate) info: AttemptInfo,
}

/// A successful response that is not of the described form.
pub(crate) struct DecodeError {
    /// What does not fit.
    pub(crate) message: String,
    /// The body of the response.
    pub(crate) body: JsValue,
    pub(crate) info: AttemptInfo,
}

impl Error {
    /// What is known about the attempts.
    #[cfg(realtimekit_npm)]
    pub(crate) fn info(&self) -> AttemptInfo {
        match self {
            Self::InvalidArgument(_) => AttemptInfo::default(),
            Self::Aborted(info) | Self::TimedOut(info) | Self::Connection { info, .. } => *info,
            Self::Api(error) => error.info,
            Self::Decode(error) => error.info,
        }
    }
}

impl From<InvalidArgument> for Error {
    fn from(error: InvalidArgument) -> Self {
        Self::InvalidArgument(error)
    }
}
