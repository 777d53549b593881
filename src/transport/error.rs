//! What can go wrong with a call, as one typed error that never shows the token.

use super::attempts::AttemptInfo;
use super::rate_limit::RateLimit;
use super::response::ResponseHead;
use crate::request::invalid_argument::InvalidArgument;
use core::fmt;
use gloo_net::http::Headers;
use wasm_bindgen::JsValue;

/// Why a call failed.
///
/// [`Error::maybe_applied`] says whether the server may have carried out the call, and
/// [`Error::attempts`] how many requests were sent.
#[non_exhaustive]
pub enum Error {
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
pub struct ApiError {
    pub(crate) status: u16,
    pub(crate) message: String,
    pub(crate) body: JsValue,
    pub(crate) head: ResponseHead,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) retry_after: Option<f64>,
    pub(crate) info: AttemptInfo,
}

/// A successful response that is not of the described form.
pub struct DecodeError {
    pub(crate) message: String,
    pub(crate) body: JsValue,
    pub(crate) info: AttemptInfo,
}

impl ApiError {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The status and the API's own message.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The parsed body; `undefined` if it was not JSON.
    pub fn body(&self) -> &JsValue {
        &self.body
    }

    /// The headers of the response. A browser hides some of another origin's.
    pub fn headers(&self) -> Headers {
        Headers::from_raw(self.head.headers())
    }

    /// The `Ratelimit` header.
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        self.rate_limit.as_ref()
    }

    /// The `Retry-After` header, in seconds.
    pub fn retry_after(&self) -> Option<f64> {
        self.retry_after
    }
}

impl DecodeError {
    /// What does not fit.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The body of the response.
    pub fn body(&self) -> &JsValue {
        &self.body
    }
}

impl Error {
    /// What is known about the attempts.
    pub(crate) fn info(&self) -> AttemptInfo {
        match self {
            Self::InvalidArgument(_) => AttemptInfo::default(),
            Self::Aborted(info) | Self::TimedOut(info) | Self::Connection { info, .. } => *info,
            Self::Api(error) => error.info,
            Self::Decode(error) => error.info,
        }
    }

    /// Whether the server may have carried out the call. Always `false` for reads.
    pub fn maybe_applied(&self) -> bool {
        self.info().maybe_applied
    }

    /// How many requests were sent.
    pub fn attempts(&self) -> u32 {
        self.info().attempts
    }

    /// The HTTP status, if the response has an error status.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api(error) => Some(error.status),
            _ => None,
        }
    }

    /// The message: for an error status, the status and the API's own message.
    pub fn message(&self) -> String {
        match self {
            Self::InvalidArgument(error) => error.message(),
            Self::Aborted(_) => "Request was aborted.".to_owned(),
            Self::TimedOut(_) => "Request timed out.".to_owned(),
            Self::Connection { .. } => "Connection error.".to_owned(),
            Self::Api(error) => error.message.clone(),
            Self::Decode(error) => error.message.clone(),
        }
    }
}

impl From<InvalidArgument> for Error {
    fn from(error: InvalidArgument) -> Self {
        Self::InvalidArgument(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

// By hand, here and below: a JavaScript value may hold anything, and is left out.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("message", &self.message())
            .field("info", &self.info())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("message", &self.message)
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("message", &self.message)
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl core::error::Error for Error {}
