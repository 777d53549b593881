//! Converts a core response to an HTTP response with the common headers.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, VARY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::api_response::ApiResponse;

/// What a client may rely on besides the API's own behaviour, as comma-separated tokens: a repeated
/// `Idempotency-Key` acts once, and a meeting can be watched over a WebSocket.
const FEATURES: (HeaderName, HeaderValue) = (
    HeaderName::from_static("realtimekit-gateway-features"),
    HeaderValue::from_static("idempotency-key, watch"),
);

/// A core response as an HTTP response.
pub fn to_http<B: From<Bytes>>(from: ApiResponse, id: &str) -> Response<B> {
    let mut response = Response::new(B::from(from.body));
    *response.status_mut() = StatusCode::from_u16(from.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = response.headers_mut();
    // Its own headers and the common ones.
    headers.reserve(from.headers.len() + 9);
    for (name, value) in from.headers {
        if let Ok(value) = HeaderValue::from_maybe_shared(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    add_common_headers(headers, id);
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    let (name, value) = FEATURES;
    headers.insert(name, value);
    response
}

/// The headers of every response, including the gateway's own such as `/readyz`.
pub fn add_common_headers(headers: &mut HeaderMap, id: &str) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}
