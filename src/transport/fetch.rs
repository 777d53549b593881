//! Calls `fetch`, and reads bodies.
//!
//! gloo-net's own `send` is not used: it panics when `fetch` rejects with something that is no `Error`, or resolves
//! to a `Response` of another realm. Both happen (a test's mock, a `vm` context, an instrumented page).

use super::prepared::PreparedRequest;
use super::response::{BodyKind, ResponseHead};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, RequestInit};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;
}

/// Sends the request once; returns the promise of its response.
pub(crate) fn send(
    call: &PreparedRequest,
    signal: Option<&AbortSignal>,
    url: &str,
) -> Result<JsValue, JsValue> {
    // New objects for each attempt: what instruments `fetch` writes into them.
    let options = call.head.fetch_options();
    let init = js_sys::JSON::parse(&options).unwrap_or(JsValue::UNDEFINED);
    let init: RequestInit = init.unchecked_into();
    if let Some(body) = &call.handles.body {
        init.set_body(body);
    }
    init.set_signal(signal);
    match &call.handles.fetch {
        Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &url.into(), &init),
        None => global_fetch(url, &init),
    }
}

/// Returns the promise of a response's body. With `copy` the response itself stays unread.
pub(crate) fn read(head: &ResponseHead, kind: BodyKind, copy: bool) -> Result<JsValue, JsValue> {
    let response = match copy {
        false => Clone::clone(head.response()),
        true => head.response().clone()?,
    };
    match kind {
        BodyKind::Empty => Ok(JsValue::NULL),
        BodyKind::Text => response.text().map(JsValue::from),
        BodyKind::Json => response.json().map(JsValue::from),
    }
}
