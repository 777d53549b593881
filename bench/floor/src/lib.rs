//! One request over `fetch`: what a client of this kind cannot be smaller than.

use gloo_net::http::{Method, RequestBuilder};
use wasm_bindgen::prelude::*;

/// Sends a request, and gives its answer's JSON.
#[wasm_bindgen]
pub async fn request(
    method: String,
    url: String,
    token: String,
    body: Option<String>,
) -> Result<JsValue, JsValue> {
    let method = match method.as_str() {
        "POST" => Method::POST,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        _ => Method::GET,
    };
    let builder = RequestBuilder::new(&url)
        .method(method)
        .header("accept", "application/json")
        .header("authorization", &["Bearer ", &token].concat());
    let request = match body {
        Some(body) => builder
            .header("content-type", "application/json")
            .body(body),
        None => builder.build(),
    };
    let failed = |_| JsValue::from_str("the request failed");
    let response = request.map_err(failed)?.send().await.map_err(failed)?;
    if !response.ok() {
        return Err(JsValue::from(response.status()));
    }
    let text = response.text().await.map_err(failed)?;
    js_sys::JSON::parse(&text)
}
