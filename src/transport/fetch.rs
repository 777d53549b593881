//! Sends requests, and reads bodies.
//!
//! gloo-net's own `send` is not used: it panics when `fetch` rejects with something that is no `Error`, or resolves
//! to a `Response` of another realm. Both happen (a test's mock, a `vm` context, an instrumented page).

use super::host::host;
use super::prepared::PreparedRequest;
use super::response::{BodyKind, ResponseHead};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

/// Sends the request once; returns the promise of its response.
pub(crate) fn send(
    call: &PreparedRequest,
    controller: Option<&AbortController>,
    url: &str,
) -> Result<JsValue, JsValue> {
    let init = call.head.fetch_options();
    let handles = &call.handles;
    host().fetch(
        handles.fetch.as_ref(),
        url,
        &init,
        handles.body.as_ref(),
        controller,
    )
}

/// Returns the promise of a response's body. With `copy` the response itself stays unread.
pub(crate) fn read(head: &ResponseHead, kind: BodyKind, copy: bool) -> Result<JsValue, JsValue> {
    let copied = copy.then(|| head.response().clone()).transpose()?;
    let response = copied.as_ref().unwrap_or(head.response());
    match kind {
        BodyKind::Empty => Ok(JsValue::NULL),
        BodyKind::Text => response.text().map(JsValue::from),
        BodyKind::Json => response.json().map(JsValue::from),
    }
}
