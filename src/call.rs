//! One call, from its arguments to its answer or error.

use crate::attempts::Trail;
use crate::error::{Error, InvalidArgument, Refused};
use crate::js;
use crate::operation::{Idempotency, Operation};
use crate::request::{Base, Parts, Request};
use crate::stop::{Head, Held};
use crate::text::push_number;
use crate::transport;
use crate::words;
use js_sys::Math;
use wasm_bindgen::JsValue;

/// The ID that every path begins with, and that a client may know.
pub(crate) const ACCOUNT: &str = "account_id";
pub(crate) const NO_ACCOUNT: &str = "is missing: give it in params, or to the client as accountId";

/// A call, checked and ready.
pub(crate) struct Prepared {
    pub(crate) request: Request,
    /// How long an attempt may take.
    pub(crate) timeout_ms: u32,
    /// How often it may be sent again.
    pub(crate) max_retries: u32,
    /// The attempts before this one.
    pub(crate) before: u32,
    pub(crate) held: Held,
}

impl Prepared {
    /// A call of an operation, whose body, if it has one, has been checked.
    pub(crate) fn new(
        base: &Base,
        operation: &'static Operation,
        mut parts: Parts,
        timeout_ms: u32,
        max_retries: u32,
        held: Held,
    ) -> Result<Self, InvalidArgument> {
        // A browser may send a request again by itself, and nobody but a server that knows the key
        // can tell.
        if operation.idempotency == Idempotency::NonIdempotent {
            parts.idempotency_key.get_or_insert_with(fresh_key);
        }
        Ok(Self {
            request: Request::build(base, operation, &parts)?,
            timeout_ms,
            max_retries,
            before: 0,
            held,
        })
    }

    /// What remains of a call whose answer was left to the caller unread, `before` which it was
    /// sent so often in vain: to read its body.
    #[cfg(feature = "npm")]
    pub(crate) fn late(
        operation: &'static Operation,
        timeout_ms: u32,
        before: u32,
        held: Held,
    ) -> Self {
        Self {
            request: Request::sent(operation),
            timeout_ms,
            max_retries: before,
            before,
            held,
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
        maybe_applied: operation.idempotency != Idempotency::Safe,
    }
}

/// The error of an answer that says no, in the words of its body.
pub(crate) fn refused(call: &Prepared, head: Head, text: &JsValue, trail: Trail) -> Error {
    if head.is_hidden_redirect() {
        let cause = js_sys::TypeError::new(
            "The server redirects. A browser does not say where to, and the token goes only to \
             the base URL's origin.",
        );
        return Error::Connection {
            cause: cause.into(),
            trail,
        };
    }
    let status = head.status();
    let body = js::parse_json(text);
    let message = if matches!(status, 301..=303 | 307 | 308) {
        words::said(status, "redirect not followed: the token goes nowhere else")
    } else {
        words::message(status, &body, text)
    };
    let (rate_limit, retry_after) = transport::limits(&head);
    Error::Refused(Box::new(Refused {
        status,
        message: call.request.headers.redact(message),
        body,
        head,
        rate_limit,
        retry_after,
        trail,
    }))
}
