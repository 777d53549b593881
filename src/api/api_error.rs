//! A response that reports an error, as Rust callers see it: plain data without JavaScript values.

use super::error_kind::ErrorKind;
use super::rate_limit::RateLimit;
use crate::models::FailedParticipant;
use crate::transport::attempts::AttemptInfo;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// A response that reports an error: by its status, or by `success: false`.
///
/// Wherever the server repeats the request's token, `[token]` stands in its place.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiError {
    pub(crate) status: u16,
    pub(crate) message: String,
    pub(crate) body: Option<Value>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) info: AttemptInfo,
}

/// An error in the API's own words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The API's or the gateway's code.
    pub code: Option<i64>,
    /// The message.
    pub message: String,
}

impl ApiError {
    /// An error with this status and message, for tests of what handles it.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            body: None,
            headers: Vec::new(),
            rate_limit: None,
            retry_after: None,
            info: AttemptInfo {
                attempts: 1,
                maybe_applied: false,
            },
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The kind of this error, by its status.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::of_status(self.status)
    }

    /// The status and the API's own message.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The errors that the body lists, in either of the API's envelopes.
    pub fn errors(&self) -> Vec<ErrorDetail> {
        self.body.as_ref().map(error_details).unwrap_or_default()
    }

    /// Why the call failed for each participant, if it was for several. Sent by the gateway.
    pub fn failed(&self) -> Vec<FailedParticipant> {
        let failed = self.body.as_ref().and_then(|body| body.get("failed"));
        let failed = failed.and_then(|list| Vec::deserialize(list).ok());
        failed.unwrap_or_default()
    }

    /// The body, if it was JSON.
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// A header of the response. A browser hides some of another origin's.
    pub fn header(&self, name: &str) -> Option<&str> {
        let is_it = |known: &str| known.eq_ignore_ascii_case(name);
        self.headers()
            .find_map(|(known, value)| is_it(known).then_some(value))
    }

    /// The headers of the response, by their lower-case names.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The `Ratelimit` header.
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        self.rate_limit.as_ref()
    }

    /// How long the server asks to wait: its `Retry-After` header.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

// By hand: a body is long, and may hold names and addresses.
impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("message", &self.message)
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ApiError {}

/// The errors in a body: Cloudflare's `errors`, or RealtimeKit's `error`.
pub(crate) fn error_details(body: &Value) -> Vec<ErrorDetail> {
    let one = |error: &Value| {
        let message = error.get("message").unwrap_or(error).as_str()?.to_owned();
        let code = error.get("code").and_then(Value::as_i64);
        Some(ErrorDetail { code, message })
    };
    match (body.get("errors"), body.get("error")) {
        (Some(Value::Array(errors)), _) if !errors.is_empty() => {
            errors.iter().filter_map(one).collect()
        }
        (_, Some(error)) => one(error).into_iter().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn with_body(body: Value) -> ApiError {
        ApiError {
            body: Some(body),
            ..ApiError::new(404, "404 gone")
        }
    }

    #[test]
    fn both_envelopes_list_errors() {
        let two = json!({"errors": [{"code": 1001, "message": "a"}, {"message": "b"}, 5]});
        let two = with_body(two).errors();
        let listed: Vec<_> = two.iter().map(|one| (one.code, &*one.message)).collect();
        assert_eq!(listed, [(Some(1001), "a"), (None, "b")]);
        let one = with_body(json!({"errors": [], "error": {"code": 404, "message": "c"}}));
        assert_eq!(one.errors()[0].code, Some(404));
        assert_eq!(with_body(json!({"error": "d"})).errors()[0].message, "d");
        assert!(with_body(json!([1])).errors().is_empty());
        assert!(ApiError::new(500, "500").errors().is_empty());
    }

    #[test]
    fn failed_participants_are_listed() {
        let body = json!({"failed": [{"id": "a", "code": 404, "message": "No user"}]});
        let failed = with_body(body).failed();
        assert_eq!((failed[0].id.as_str(), failed[0].code), ("a", 404));
        assert!(!failed[0].maybe_applied);
        assert!(with_body(json!({"failed": 1})).failed().is_empty());
    }
}
