//! An argument that was rejected, in the words of Rust callers.

use crate::request::invalid_argument as engine;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// An argument that was rejected before anything was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InvalidArgument {
    argument: Cow<'static, str>,
    reason: Cow<'static, str>,
}

impl InvalidArgument {
    pub(crate) const fn new(argument: &'static str, reason: &'static str) -> Self {
        Self {
            argument: Cow::Borrowed(argument),
            reason: Cow::Borrowed(reason),
        }
    }

    /// The name of the argument: a field of the API, or a method of the builder.
    pub fn argument(&self) -> &str {
        &self.argument
    }

    /// What is wrong with it. Never contains the value.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.argument, self.reason)
    }
}

impl std::error::Error for InvalidArgument {}

/// The engine names arguments as JavaScript callers do.
impl From<engine::InvalidArgument> for InvalidArgument {
    fn from(error: engine::InvalidArgument) -> Self {
        let is_missing = error.reason().starts_with("is missing");
        let (argument, reason) = match error.argument() {
            "account_id" if is_missing => (
                "account_id",
                "is missing: set it with account() on the client or on the call",
            ),
            "apiToken" if is_missing => (
                "api_token",
                "is missing: set it with api_token() on the client, or set an Authorization header",
            ),
            "apiToken" => ("api_token", error.reason()),
            "baseURL" => ("base_url", error.reason()),
            "idempotencyKey" => ("idempotency_key", error.reason()),
            "interval" => ("interval", "must be from 1 ms to 24 days"),
            argument => (argument, error.reason()),
        };
        Self::new(argument, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_have_the_names_of_the_builders_methods() {
        let rust = |argument, reason| {
            InvalidArgument::from(engine::InvalidArgument::new(argument, reason)).to_string()
        };
        assert_eq!(rust("baseURL", "is no URL"), "base_url is no URL");
        assert_eq!(rust("apiToken", "is wrong"), "api_token is wrong");
        let missing = rust("account_id", "is missing: give it as accountId");
        assert!(missing.contains("account()"), "{missing}");
        let missing = rust("apiToken", "is missing: set CLOUDFLARE_API_TOKEN");
        assert!(missing.contains("api_token()"), "{missing}");
        assert_eq!(
            rust("question", "must be a string"),
            "question must be a string"
        );
    }
}
