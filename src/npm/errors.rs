//! Errors and limits as JavaScript callers get them.

use super::host::host;
use crate::request::invalid_argument::InvalidArgument;
use crate::transport::error::Error;
use crate::transport::rate_limit::RateLimit;
use wasm_bindgen::prelude::*;

/// An `InvalidArgumentError`.
pub(super) fn invalid_argument(error: InvalidArgument) -> JsValue {
    // JavaScript's options are in camel case.
    let argument = match error.argument() {
        "per_page" => "perPage",
        argument => argument,
    };
    host().invalid_argument(argument, error.reason())
}

/// An error of the official SDK's class.
pub(super) fn error(error: &Error) -> JsValue {
    let none = &JsValue::UNDEFINED;
    let (class, message, detail) = match error {
        Error::InvalidArgument(error) => return invalid_argument(*error),
        Error::Aborted(_) => ("APIUserAbortError", "", none),
        Error::TimedOut(_) => ("APIConnectionTimeoutError", "", none),
        Error::Connection { cause, .. } => ("APIConnectionError", "", cause),
        Error::Api(error) => ("APIError", error.message.as_str(), &error.body),
        Error::Decode(error) => ("APIConnectionError", error.message.as_str(), &error.body),
    };
    let (status, response, limits) = match error {
        Error::Api(error) => (
            error.status,
            error.head.response().as_ref(),
            limits(error.rate_limit.as_ref(), error.retry_after),
        ),
        _ => (0, none, JsValue::UNDEFINED),
    };
    let info = error.info();
    host().error(
        class,
        message,
        info.attempts,
        info.maybe_applied,
        detail,
        status,
        response,
        &limits,
    )
}

/// `{ rateLimit, retryAfter }`, as far as they are known.
pub(super) fn limits(limit: Option<&RateLimit>, retry_after: Option<f64>) -> JsValue {
    let (policy, remaining, reset) = match limit {
        Some(limit) => (limit.policy.as_str(), limit.remaining, limit.reset),
        None => ("", f64::NAN, f64::NAN),
    };
    let retry_after = retry_after.unwrap_or(f64::NAN);
    host().limits(policy, remaining, reset, retry_after)
}
