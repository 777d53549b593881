//! An answer as a response, with the headers that every one has.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, VARY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body_util::Full;

use crate::answer::Answer;

/// An answer as it goes.
pub(super) type Response = http::Response<Full<Bytes>>;

/// An answer as a response, with what every one has.
pub(super) fn dressed(answer: Answer, id: &str) -> Response {
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = response.headers_mut();
    // Those of the answer and those that every one has.
    headers.reserve(answer.headers.len() + 8);
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_maybe_shared(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    dress(headers, id);
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    response
}

/// What every answer has, also one of the gateway about itself.
pub(super) fn dress(headers: &mut HeaderMap, id: &str) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}
