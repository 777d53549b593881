//! A call that is checked and ready to be sent.

use super::response::ResponseHead;
use crate::ascii::push_number;
#[cfg(realtimekit_npm)]
use crate::operation::GET_ACTIVE_SESSION;
use crate::operation::{Idempotency, Operation};
use crate::request::build::{ClientConfig, RequestHead, RequestParts};
use crate::request::gateway_features;
use crate::request::invalid_argument::InvalidArgument;
use js_sys::{Function, JsString, Math};
#[cfg(realtimekit_npm)]
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    /// What the caller wants of a response, which may change until its head arrives.
    pub(crate) type Wanted;

    #[wasm_bindgen(method, getter, js_name = wantsData)]
    pub(crate) fn wants_data(this: &Wanted) -> bool;
    #[wasm_bindgen(method, getter, js_name = wantsResponse)]
    pub(crate) fn wants_response(this: &Wanted) -> bool;
}

/// What a call holds of JavaScript.
#[derive(Default)]
pub(crate) struct JsHandles {
    /// The JSON of its body.
    pub(crate) body: Option<JsString>,
    /// The caller's signal.
    pub(crate) signal: Option<AbortSignal>,
    /// A custom `fetch`.
    pub(crate) fetch: Option<Function>,
    /// What is wanted of the response; `None` means its data.
    pub(crate) wanted: Option<Wanted>,
}

/// A call that is checked and ready to be sent.
pub(crate) struct PreparedRequest {
    pub(crate) head: RequestHead,
    /// How long an attempt may take, in milliseconds.
    pub(crate) timeout_ms: u32,
    pub(crate) max_retries: u32,
    pub(crate) handles: JsHandles,
}

impl PreparedRequest {
    /// A call of an operation whose body, if it has one, has been validated.
    pub(crate) fn new(
        config: &ClientConfig,
        operation: &'static Operation,
        mut parts: RequestParts,
        timeout_ms: u32,
        max_retries: u32,
        handles: JsHandles,
    ) -> Result<Self, InvalidArgument> {
        parts.has_body = handles.body.is_some();
        // A browser may repeat a request by itself, which only a server that knows the key can notice.
        if operation.idempotency == Idempotency::NonIdempotent {
            parts.idempotency_key.get_or_insert_with(random_key);
        }
        Ok(Self {
            head: RequestHead::build(config, operation, &parts)?,
            timeout_ms,
            max_retries,
            handles,
        })
    }

    /// Notes what a response says about the gateway.
    pub(crate) fn read_features(&self, head: &ResponseHead) {
        gateway_features::read(&self.head.url, |name| head.header(name));
    }

    /// Whether the gateway would answer a repeat with the first response.
    pub(crate) fn is_remembered(&self) -> bool {
        gateway_features::seen(&self.head.url).remembers_keys
            && matches!(self.head.headers.get("idempotency-key"), Some(Some(_)))
    }

    /// A call that was sent, and has a response.
    #[cfg(realtimekit_npm)]
    pub(crate) fn sent(timeout_ms: u32, signal: Option<AbortSignal>) -> Self {
        Self {
            head: RequestHead {
                operation: &GET_ACTIVE_SESSION,
                url: String::new(),
                headers: Rc::default(),
            },
            timeout_ms,
            max_retries: 0,
            handles: JsHandles {
                signal,
                ..JsHandles::default()
            },
        }
    }
}

/// An `Idempotency-Key` of 96 random bits.
fn random_key() -> String {
    let mut key = String::from("once");
    for _ in 0..6 {
        key.push_str("-");
        push_number(&mut key, (Math::random() * 65_536.0) as u32);
    }
    key
}
