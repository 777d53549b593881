//! From the engine's errors, which hold JavaScript values, to those of Rust callers: plain data without the token.

use super::api_error::ApiError;
use super::error::{ConnectionError, DecodeError, Error};
use super::rate_limit::seconds;
use crate::js;
use crate::request::headers::Headers;
use crate::transport::error as engine;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};

/// The error of a call that was sent with these headers.
pub(crate) fn error(error: engine::Error, sent: &Headers) -> Error {
    match error {
        engine::Error::InvalidArgument(error) => error.into(),
        engine::Error::Aborted(info) => Error::Aborted(info),
        engine::Error::TimedOut(info) => Error::TimedOut(info),
        engine::Error::Connection { cause, info } => Error::Connection(ConnectionError {
            cause: sent.redact(described(&cause)),
            info,
        }),
        engine::Error::Api(error) => Error::Api(Box::new(ApiError {
            status: error.status,
            message: error.message,
            body: json(&error.body, sent),
            headers: headers(&error.head.headers(), sent),
            rate_limit: error.rate_limit.map(Into::into),
            retry_after: error.retry_after.map(seconds),
            info: error.info,
        })),
        engine::Error::Decode(error) => Error::Decode(Box::new(DecodeError {
            message: sent.redact(error.message),
            body: json(&error.body, sent),
            info: error.info,
        })),
    }
}

/// What a promise was rejected with: any value, usually an `Error`.
fn described(cause: &JsValue) -> String {
    let text = |name| js::get(cause, name).as_string();
    match (text("name"), text("message")) {
        (Some(name), Some(message)) => format!("{name}: {message}"),
        (None, Some(message)) => message,
        _ => cause.as_string().unwrap_or_else(|| "unknown".to_owned()),
    }
}

/// A parsed body as Rust's JSON; `None` if there was none.
fn json(body: &JsValue, sent: &Headers) -> Option<Value> {
    if body.is_undefined() {
        return None;
    }
    let mut body = parsed(body)?;
    redact(&mut body, sent);
    Some(body)
}

/// What JavaScript parsed from JSON, as Rust's JSON.
pub(crate) fn parsed(value: &JsValue) -> Option<Value> {
    serde_wasm_bindgen::from_value(value.clone()).ok()
}

/// Replaces the credentials of the request wherever they occur. (In the values, because JSON text has escapes.)
fn redact(value: &mut Value, sent: &Headers) {
    match value {
        Value::String(text) => *text = sent.redact(std::mem::take(text)),
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, sent)),
        Value::Object(fields) => {
            for (name, mut value) in std::mem::take(fields) {
                redact(&mut value, sent);
                fields.insert(sent.redact(name), value);
            }
        }
        _ => {}
    }
}

fn headers(headers: &web_sys::Headers, sent: &Headers) -> Vec<(String, String)> {
    let entries = js_sys::try_iter(headers).ok().flatten();
    let entries = entries.into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let entry = entry.dyn_into::<js_sys::Array>().ok()?;
            let value = sent.redact(entry.get(1).as_string()?);
            Some((entry.get(0).as_string()?, value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_is_redacted_wherever_a_body_repeats_it() {
        let mut sent = Headers::new();
        sent.set("authorization", Some("Bearer to\"ken\\1"));
        let mut body = json!({
            "errors": [{"message": "Bearer to\"ken\\1 is wrong"}],
            "to\"ken\\1": {"deep": ["x", "to\"ken\\1"], "number": 1}
        });
        redact(&mut body, &sent);
        let expected = json!({
            "errors": [{"message": "Bearer [token] is wrong"}],
            "[token]": {"deep": ["x", "[token]"], "number": 1}
        });
        assert_eq!(body, expected);
    }
}
