//! CORS: the allowed origins, and their response headers.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST,
    ORIGIN,
};
use http::{HeaderMap, HeaderValue, Method};

use crate::api_response::{ForeignOrigin, Refusal};

/// The response headers that a page may read.
const EXPOSED: &str = "age, cf-ray, date, idempotent-replayed, ratelimit, ratelimit-policy, \
                       realtimekit-gateway-features, retry-after, retry-after-ms, x-request-id, x-should-retry";

/// The headers that a page may send: our client's, the official SDK's, and those that common
/// tracing tools add to every request. The last are never forwarded.
const ALLOWED: &str = "authorization, content-type, idempotency-key, x-stainless-arch, \
                       x-stainless-lang, x-stainless-os, x-stainless-package-version, \
                       x-stainless-retry-count, x-stainless-runtime, \
                       x-stainless-runtime-version, x-stainless-timeout, \
                       x-moderation-reason, baggage, newrelic, sentry-trace, traceparent, tracestate, \
                       x-datadog-origin, x-datadog-parent-id, x-datadog-sampled, \
                       x-datadog-sampling-priority, x-datadog-tags, x-datadog-trace-id";

/// The most bytes of an origin in messages.
const MOST_SHOWN: usize = 200;

/// The CORS policy.
pub struct Cors {
    origins: Vec<String>,
    /// Whether the gateway serves a page, whose origin is allowed too.
    has_page: bool,
    allowed: HeaderValue,
}

impl Cors {
    /// Allows these origins, and these headers besides the usual ones.
    pub fn new(origins: Vec<String>, has_page: bool, headers: &[String]) -> Self {
        let more: String = headers.iter().map(|name| format!(", {name}")).collect();
        let allowed = HeaderValue::from_str(&format!("{ALLOWED}{more}"));
        Self {
            origins,
            has_page,
            // Header names are legal header values.
            allowed: allowed.unwrap_or(HeaderValue::from_static(ALLOWED)),
        }
    }

    /// Whether an origin is allowed. A request without an origin does not come from a page.
    ///
    /// # Errors
    ///
    /// If it is not.
    pub fn check(&self, headers: &HeaderMap, origin: Option<&HeaderValue>) -> Result<(), Refusal> {
        let Some(origin) = origin else {
            return Ok(());
        };
        if headers.get_all(ORIGIN).iter().count() > 1 {
            return Err(Refusal::OtherOrigin(ForeignOrigin::default()));
        }
        let origin = origin.to_str().unwrap_or_default();
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let own = self.has_page && host.is_some_and(|host| is_own(origin, host));
        match own || self.origins.iter().any(|known| known == origin) {
            true => Ok(()),
            false => Err(Refusal::OtherOrigin(ForeignOrigin {
                origin: short(origin),
                host: host.filter(|_| self.has_page).and_then(short),
            })),
        }
    }

    /// Adds the headers of a preflight response.
    pub fn preflight(&self, headers: &mut HeaderMap, origin: Option<HeaderValue>) {
        allow(headers, origin);
        headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
        let methods = HeaderValue::from_static("GET, POST, PATCH, DELETE");
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, self.allowed.clone());
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
}

/// A text that may be in a message.
fn short(text: &str) -> Option<String> {
    (1..=MOST_SHOWN)
        .contains(&text.len())
        .then(|| text.to_owned())
}

/// Whether an origin is the gateway's own page. Without TLS only this machine counts: an attacker
/// on the network could forge a page.
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

/// Whether a request is a browser's preflight.
pub fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Allows the requesting page to read the response.
pub fn allow(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(EXPOSED),
        );
    }
}
