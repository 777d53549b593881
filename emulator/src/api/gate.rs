//! What Cloudflare checks before RealtimeKit sees a request: its pace, its token, its account.

use axum::http::header::{AUTHORIZATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};

use super::answer::{Answer, THROTTLED};
use crate::emulator::Settings;
use crate::limit::Verdict;

/// Lets a request for an account pass, or says why not.
pub(super) fn check(
    settings: &Settings,
    verdict: Verdict,
    headers: &HeaderMap,
    account: &str,
) -> Result<(), Answer> {
    if !verdict.allowed {
        return Err(Answer::cloudflare(429, 971, THROTTLED)
            .with(RETRY_AFTER, HeaderValue::from(verdict.reset_secs)));
    }
    let token = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token);
    if token != Some(settings.token.as_str()) {
        return Err(Answer::cloudflare(401, 10_000, "Authentication error"));
    }
    if account != settings.account {
        return Err(Answer::cloudflare(
            403,
            9109,
            "Unauthorized to access requested resource",
        ));
    }
    Ok(())
}

/// Adds the headers that every answer has.
pub(super) fn dress<B>(response: &mut Response<B>, verdict: Verdict, ray: &str) {
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
            verdict.remaining, verdict.reset_secs
        ),
    );
    set(
        "ratelimit-policy",
        format!("\"default\";q={};w={}", verdict.limit, verdict.window_secs),
    );
}

/// A ray ID that no other request has.
pub(super) fn ray(n: u64) -> String {
    // An odd factor permutes the numbers, so that they differ and look like rays.
    format!("{:016x}-EMU", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
