//! What can go wrong with a call, for Rust: plain data that never contains the token.

use super::api_error::ApiError;
use super::error_kind::ErrorKind;
use super::invalid_argument::InvalidArgument;
use crate::request::invalid_argument as engine;
use crate::transport::attempts::AttemptInfo;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use wasm_bindgen::JsValue;

/// Why a call failed.
///
/// Handle [`maybe_applied`](Self::maybe_applied) first: it says whether the server may have carried out the call.
/// Then branch on [`kind`](Self::kind), or match the variant:
///
/// ```
/// use realtimekit_moderator::{Error, ErrorKind};
///
/// fn explain(error: &Error) -> String {
///     if error.maybe_applied() {
///         return format!("It may have worked: refresh before you try again. ({error})");
///     }
///     match error.kind() {
///         ErrorKind::InvalidArgument => format!("Nothing was sent: {error}"),
///         ErrorKind::NotFound => "They have left, or no session is live.".into(),
///         ErrorKind::Authentication => "Please sign in again.".into(),
///         ErrorKind::RateLimited => match error.api_error().and_then(|error| error.retry_after()) {
///             Some(wait) => format!("Wait {} seconds.", wait.as_secs()),
///             None => "Wait a moment.".into(),
///         },
///         _ => error.to_string(),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Error {
    /// An argument was rejected; nothing was sent.
    InvalidArgument(InvalidArgument),
    /// This platform has no `fetch`. The client works in WebAssembly: in a page, a worker or an edge function.
    Unsupported,
    /// The caller's signal was aborted.
    Aborted(AttemptInfo),
    /// The last attempt took longer than its timeout, including the body.
    TimedOut(AttemptInfo),
    /// The connection failed, or the response did not arrive whole.
    Connection(ConnectionError),
    /// The response reports an error.
    Api(Box<ApiError>),
    /// The response is successful, but not of the described form.
    Decode(Box<DecodeError>),
}

/// A connection that failed, or broke before the response was whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionError {
    pub(crate) cause: String,
    pub(crate) info: AttemptInfo,
}

/// A successful response that is not of the described form.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DecodeError {
    pub(crate) message: String,
    pub(crate) body: Option<Value>,
    pub(crate) info: AttemptInfo,
}

impl ConnectionError {
    /// What `fetch` was rejected with, such as `TypeError: Failed to fetch`.
    pub fn cause(&self) -> &str {
        &self.cause
    }
}

impl DecodeError {
    /// What does not fit.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The body of the response, if it was JSON.
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }
}

impl Error {
    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidArgument(_) => ErrorKind::InvalidArgument,
            Self::Unsupported => ErrorKind::Unsupported,
            Self::Aborted(_) => ErrorKind::Aborted,
            Self::TimedOut(_) => ErrorKind::TimedOut,
            Self::Connection(_) => ErrorKind::Connection,
            Self::Api(error) => error.kind(),
            Self::Decode(_) => ErrorKind::Decode,
        }
    }

    /// What is known about the attempts.
    pub fn info(&self) -> AttemptInfo {
        match self {
            Self::InvalidArgument(_) | Self::Unsupported => AttemptInfo::default(),
            Self::Aborted(info) | Self::TimedOut(info) => *info,
            Self::Connection(error) => error.info,
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

    /// The response, if it reports an error.
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// The HTTP status, if the response reports an error.
    pub fn status(&self) -> Option<u16> {
        self.api_error().map(ApiError::status)
    }
}

impl From<InvalidArgument> for Error {
    fn from(error: InvalidArgument) -> Self {
        Self::InvalidArgument(error)
    }
}

impl From<engine::InvalidArgument> for Error {
    fn from(error: engine::InvalidArgument) -> Self {
        Self::InvalidArgument(error.into())
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        Self::Api(Box::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidArgument(error) => error.fmt(f),
            Self::Unsupported => f.write_str(
                "this platform has no fetch: the client works in WebAssembly only, so call it in the browser",
            ),
            Self::Aborted(_) => f.write_str("Request was aborted."),
            Self::TimedOut(_) => f.write_str("Request timed out."),
            Self::Connection(_) => f.write_str("Connection error."),
            Self::Api(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The others are shown whole by `Display`.
            Self::Connection(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for ConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for ConnectionError {}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

// By hand: a body is long, and may hold names and addresses.
impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("message", &self.message)
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for DecodeError {}

/// An `Error` object with the name of the npm package's class, `message`, `status`, `attempts` and `maybeApplied`, for
/// functions that return `Result<_, JsValue>`. On a platform without JavaScript: `undefined`.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        if !crate::js::is_available() {
            return Self::UNDEFINED;
        }
        let object = js_sys::Error::new(&error.to_string());
        object.set_name(error.kind().class());
        let status = error.status().map_or(Self::UNDEFINED, Self::from);
        let properties = [
            ("status", status),
            ("attempts", error.attempts().into()),
            ("maybeApplied", error.maybe_applied().into()),
        ];
        for (name, value) in properties {
            // A new object takes any property.
            let _ = js_sys::Reflect::set(&object, &name.into(), &value);
        }
        object.into()
    }
}
