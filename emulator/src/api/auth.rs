//! The checks that Cloudflare makes before RealtimeKit: rate limit, token, account.

use axum::http::header::{AUTHORIZATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};

use super::response::{ApiResponse, THROTTLED};
use crate::emulator::Settings;
use crate::rate_limit::RateDecision;

/// Accepts a request for an account, or gives the error response.
pub(super) fn check(
    settings: &Settings,
    decision: RateDecision,
    headers: &HeaderMap,
    account: &str,
) -> Result<(), ApiResponse> {
    if !decision.allowed {
        return Err(ApiResponse::cloudflare(429, 971, THROTTLED)
            .with(RETRY_AFTER, HeaderValue::from(decision.reset_secs)));
    }
    let token = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token);
    if token != Some(settings.token.as_str()) {
        return Err(ApiResponse::cloudflare(401, 10_000, "Authentication error"));
    }
    if account != settings.account {
        return Err(ApiResponse::cloudflare(
            403,
            9109,
            "Unauthorized to access requested resource",
        ));
    }
    Ok(())
}

/// Adds the headers that every response has.
pub(super) fn add_common_headers<B>(response: &mut Response<B>, decision: RateDecision, ray: &str) {
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("cf-ray", ray.to_owned());
    set(
        "ratelimit",
        format!(
            "\"default\";r={};t={}",
            decision.remaining, decision.reset_secs
        ),
    );
    set(
        "ratelimit-policy",
        format!(
            "\"default\";q={};w={}",
            decision.limit, decision.window_secs
        ),
    );
}

/// A unique ray ID.
pub(super) fn ray(n: u64) -> String {
    // An odd factor permutes the numbers, so that they stay unique and look like ray IDs.
    format!("{:016x}-EMU", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
