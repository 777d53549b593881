//! The kinds of errors: what code that handles an error branches on.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of error an [`Error`](crate::Error) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument was rejected; nothing was sent.
    InvalidArgument,
    /// This platform has no `fetch`: the code runs on a server, not in WebAssembly.
    Unsupported,
    /// The caller's signal was aborted.
    Aborted,
    /// The last attempt took longer than its timeout.
    TimedOut,
    /// The connection failed, or the response did not arrive whole.
    Connection,
    /// Status 400.
    BadRequest,
    /// Status 401: the token or the grant is wrong.
    Authentication,
    /// Status 403.
    PermissionDenied,
    /// Status 404: no session is live, or a participant is not in it.
    NotFound,
    /// Status 409.
    Conflict,
    /// Status 422.
    UnprocessableEntity,
    /// Status 429.
    RateLimited,
    /// Status 500 and above.
    Server,
    /// Any other response that reports an error.
    Api,
    /// The response is successful, but not of the described form.
    Decode,
}

impl ErrorKind {
    /// The kind of a response that reports an error.
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            400 => Self::BadRequest,
            401 => Self::Authentication,
            403 => Self::PermissionDenied,
            404 => Self::NotFound,
            409 => Self::Conflict,
            422 => Self::UnprocessableEntity,
            429 => Self::RateLimited,
            500.. => Self::Server,
            _ => Self::Api,
        }
    }

    /// The class of the npm package's error of this kind.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::InvalidArgument => "InvalidArgumentError",
            Self::Unsupported => "CloudflareError",
            Self::Aborted => "APIUserAbortError",
            Self::TimedOut => "APIConnectionTimeoutError",
            Self::Connection | Self::Decode => "APIConnectionError",
            Self::BadRequest => "BadRequestError",
            Self::Authentication => "AuthenticationError",
            Self::PermissionDenied => "PermissionDeniedError",
            Self::NotFound => "NotFoundError",
            Self::Conflict => "ConflictError",
            Self::UnprocessableEntity => "UnprocessableEntityError",
            Self::RateLimited => "RateLimitError",
            Self::Server => "InternalServerError",
            Self::Api => "APIError",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::InvalidArgument => "invalid argument",
            Self::Unsupported => "unsupported platform",
            Self::Aborted => "aborted",
            Self::TimedOut => "timed out",
            Self::Connection => "connection error",
            Self::BadRequest => "bad request",
            Self::Authentication => "authentication error",
            Self::PermissionDenied => "permission denied",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::UnprocessableEntity => "unprocessable entity",
            Self::RateLimited => "rate limited",
            Self::Server => "server error",
            Self::Api => "API error",
            Self::Decode => "response not of the described form",
        })
    }
}
