//! Calls `fetch`, and reads bodies.
//!
//! gloo-net's own `send` is not used: it panics when `fetch` rejects with something that is no `Error`, or resolves
//! to a `Response` of another realm. Both happen (a test's mock, a `vm` context, an instrumented page).

use super::cancellation::{Attempt, Cancellation, FetchError};
use super::prepared::PreparedRequest;
use super::response::{BodyKind, ResponseHead};
use crate::js;
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;
}

/// Sends the request once; returns the head of the response.
pub(crate) async fn send(
    call: &PreparedRequest,
    cancellation: &Cancellation,
    attempt: &Attempt,
    url: &str,
) -> Result<ResponseHead, FetchError> {
    // New objects for each attempt: what instruments `fetch` writes into them.
    let options = call.head.fetch_options();
    let init: RequestInit = js::parse_json(&options.into()).unchecked_into();
    if let Some(body) = &call.handles.body {
        init.set_body(body);
    }
    init.set_signal(attempt.signal().as_ref());
    let promise = match &call.handles.fetch {
        Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &url.into(), &init),
        None => global_fetch(url, &init),
    };
    let response = cancellation.race(promise).await?;
    if !response.is_object() {
        let error = js_sys::TypeError::new("fetch answered with no Response");
        return Err(FetchError::Rejected(error.into()));
    }
    Ok(ResponseHead::new(response.unchecked_into()))
}

/// Reads the body of a response. With `copy` the response itself stays unread.
pub(crate) async fn read(
    head: &ResponseHead,
    cancellation: &Cancellation,
    kind: BodyKind,
    copy: bool,
) -> Result<JsValue, FetchError> {
    let response = head.response();
    let promise = match copy {
        false => Ok(Clone::clone(response)),
        true => response.clone(),
    };
    let promise = promise.and_then(|response| match kind {
        BodyKind::Empty => Ok(JsValue::NULL),
        BodyKind::Text => response.text().map(JsValue::from),
        BodyKind::Json => response.json().map(JsValue::from),
    });
    cancellation.race(promise).await
}
