//! One call, from its arguments to its answer or error.

use crate::answer;
use crate::attempts::Trail;
use crate::error::{Error, Invalid, Refused};
use crate::js;
use crate::operation::{Operation, Repeat};
use crate::request::{Base, Parts, Request};
use crate::text::push_number;
use crate::transport;
use crate::words;
use js_sys::{Function, JsString, Math};
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, Response};

/// The ID that every path begins with, and that a client may know.
pub(crate) const ACCOUNT: &str = "account_id";
pub(crate) const NO_ACCOUNT: &str = "is missing: give it in params, or to the client as accountId";

/// How a call is made.
pub(crate) struct Options {
    /// How long an attempt may take.
    pub(crate) timeout_ms: u32,
    /// How often it may be sent again.
    pub(crate) max_retries: u32,
    /// What aborts it.
    pub(crate) signal: Option<AbortSignal>,
}

/// A call, checked and ready.
pub(crate) struct Prepared {
    pub(crate) request: Request,
    pub(crate) body: Option<JsString>,
    /// The caller's own `fetch`.
    pub(crate) fetch: Option<Function>,
    pub(crate) timeout_ms: u32,
    pub(crate) max_retries: u32,
    pub(crate) signal: Option<AbortSignal>,
    /// An answer that was left to the caller unread at first, and is wanted read after all.
    pub(crate) late: Option<Response>,
    /// The attempts before this one; of a late answer, those it took.
    pub(crate) before: u32,
    /// Its number in `src/awaiting.rs`, once it has begun.
    #[cfg(feature = "npm")]
    pub(crate) number: u32,
}

impl Prepared {
    /// A call of an operation, whose body, if it has one, has been checked.
    pub(crate) fn new(
        base: &Base,
        fetch: Option<Function>,
        operation: &'static Operation,
        mut parts: Parts,
        body: Option<JsString>,
        options: Options,
    ) -> Result<Self, Invalid> {
        // A browser may send a request again by itself, and nobody but a server that knows the key
        // can tell.
        if operation.repeat == Repeat::Once {
            parts.idempotency_key.get_or_insert_with(fresh_key);
        }
        Ok(Self {
            request: Request::build(base, operation, &parts, body.is_some())?,
            body,
            fetch,
            timeout_ms: options.timeout_ms,
            max_retries: options.max_retries,
            signal: options.signal,
            late: None,
            before: 0,
            #[cfg(feature = "npm")]
            number: 0,
        })
    }

    /// What remains of a call whose answer was left to the caller unread: to read its body.
    #[cfg(feature = "npm")]
    pub(crate) fn late(
        operation: &'static Operation,
        response: Response,
        attempts: u32,
        options: Options,
    ) -> Self {
        let before = attempts.saturating_sub(1);
        Self {
            request: Request::sent(operation),
            body: None,
            fetch: None,
            timeout_ms: options.timeout_ms,
            max_retries: before,
            signal: options.signal,
            late: Some(response),
            before,
            number: 0,
        }
    }
}

/// An `Idempotency-Key` that no other call has: 96 random bits.
fn fresh_key() -> String {
    let mut key = String::from("once");
    for _ in 0..6 {
        key.push('-');
        push_number(&mut key, (Math::random() * 65_536.0) as u16);
    }
    key
}

/// What is known once the server has said yes: what was to be done is done, whatever becomes of
/// the answer's body.
pub(crate) fn answered(operation: &Operation, attempts: u32) -> Trail {
    Trail {
        attempts,
        maybe_applied: operation.repeat != Repeat::Read,
    }
}

/// The error of an answer that says no, in the words of its body.
pub(crate) fn refused(call: &Prepared, response: Response, text: &JsValue, trail: Trail) -> Error {
    let status = answer::status(&response);
    if status == 0 && transport::is_hidden_redirect(&response) {
        let cause = js_sys::TypeError::new(
            "The server redirects. A browser does not say where to, and the token goes only to \
             the base URL's origin.",
        );
        return Error::Connection {
            cause: cause.into(),
            trail,
        };
    }
    let body = js::parse_json(text);
    let message = if matches!(status, 301..=303 | 307 | 308) {
        words::said(status, "redirect not followed: the token goes nowhere else")
    } else {
        words::message(status, &body, text)
    };
    let (rate_limit, retry_after) = transport::limits(&response);
    Error::Refused(Box::new(Refused {
        status,
        message: call.request.headers.redact(message),
        body,
        response,
        rate_limit,
        retry_after,
        trail,
    }))
}
