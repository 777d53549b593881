//! Which pages may ask, and what a browser is told of it (CORS).

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST,
    ORIGIN,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::api_response::{ApiResponse, Refusal};
use crate::native::http::{ApiHandler, Request};
use crate::native::http_response::{Response, to_http};

/// What a page may read of an response.
const EXPOSED: &str = "age, cf-ray, idempotent-replayed, ratelimit, ratelimit-policy, retry-after, \
                       retry-after-ms, x-request-id, x-should-retry";

/// What a page may send: our client's headers, and those the official SDK adds.
const ALLOWED: &str = "authorization, content-type, idempotency-key, x-stainless-arch, \
                       x-stainless-lang, x-stainless-os, x-stainless-package-version, \
                       x-stainless-retry-count, x-stainless-runtime, \
                       x-stainless-runtime-version, x-stainless-timeout";

impl ApiHandler {
    /// Whether a page of this origin may ask. Whoever names none is no page.
    pub(super) fn origin(
        &self,
        request: &Request,
        origin: Option<&HeaderValue>,
    ) -> Result<(), Refusal> {
        let Some(origin) = origin else {
            return Ok(());
        };
        if request.headers().get_all(ORIGIN).iter().count() > 1 {
            return Err(Refusal::OtherOrigin);
        }
        let origin = origin.to_str().unwrap_or_default();
        let host = request
            .headers()
            .get(HOST)
            .and_then(|host| host.to_str().ok());
        let own = self.has_page && host.is_some_and(|host| is_own(origin, host));
        match own || self.origins.iter().any(|known| known == origin) {
            true => Ok(()),
            false => Err(Refusal::OtherOrigin),
        }
    }
}

/// Whether an origin is that of the page that is served here. One that came without TLS is not,
/// but from this machine: whoever is on the way can make a page of it.
fn is_own(origin: &str, host: &str) -> bool {
    match origin.split_once("://") {
        Some(("https", own)) => own == host,
        Some(("http", own)) => own == host && is_this_machine(own),
        _ => false,
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

pub(super) fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(ORIGIN)
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

pub(super) fn preflight(origin: Option<HeaderValue>, id: &str) -> Response {
    let response = ApiResponse {
        status: StatusCode::NO_CONTENT.as_u16(),
        headers: Vec::new(),
        body: Bytes::new(),
    };
    let mut response = to_http(response, id);
    let headers = response.headers_mut();
    allow(headers, origin);
    headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
    let methods = HeaderValue::from_static("GET, POST, PATCH, DELETE");
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(
        ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(ALLOWED),
    );
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

/// Lets the page that asked read the response.
pub(super) fn allow(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(EXPOSED),
        );
    }
}
