//! Applies a fault step to a request.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use bytes::Bytes;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::step::{RetryHints, Step};
use crate::api::{ApiResponse, fitting};
use crate::net::{BrokenBody, Switch};

/// The parts of a request that a step needs.
pub(crate) struct FaultContext {
    /// Ends the request's connection.
    pub(crate) switch: Switch,
    /// The `Authorization` header, decoded lossily.
    pub(crate) authorization: String,
}

/// Applies a step. `perform_request` carries the request out, if the step wants that.
pub(crate) async fn apply(
    step: Step,
    context: FaultContext,
    perform_request: impl FnOnce() -> ApiResponse,
) -> Response<Body> {
    match step {
        Step::Ok => perform_request().into_response(),
        Step::Delay { millis } => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            perform_request().into_response()
        }
        Step::Drop { acts, end } => {
            if acts {
                perform_request();
            }
            context.switch.pull(end);
            hang().await
        }
        Step::Hang { acts } => {
            if acts {
                perform_request();
            }
            hang().await
        }
        Step::Status { code, acts, retry } => {
            if acts {
                perform_request();
            }
            let mut response = fitting(code, "injected by the emulator").into_response();
            add_retry_headers(&mut response, retry);
            response
        }
        Step::Html { code, acts } => {
            if acts {
                perform_request();
            }
            response(code, HTML, html(code))
        }
        Step::Partial {
            at,
            chunked,
            code,
            acts,
            end,
        } => {
            let acted = acts.then(perform_request);
            let whole = match (code, acted) {
                (Some(code), _) => fitting(code, "injected by the emulator"),
                (None, Some(acted)) => acted,
                (None, None) => fitting(200, "injected by the emulator"),
            };
            let end = end.map(|end| (end, context.switch));
            partial(whole.into_response(), at, chunked, end).await
        }
        Step::NotJson => {
            perform_request();
            response(200, JSON, "{\"data\": {")
        }
        Step::Empty => {
            perform_request();
            response(200, JSON, "")
        }
        Step::NoContent => {
            perform_request();
            response(204, JSON, "")
        }
        Step::Text => {
            perform_request();
            response(200, HeaderValue::from_static("text/plain"), "ok")
        }
        Step::Body { bytes, code, kind } => response(code, kind, bytes),
        Step::Redirect { code, to } => {
            let mut response = fitting(code, "injected by the emulator").into_response();
            response.headers_mut().insert(LOCATION, to);
            response
        }
        Step::EchoAuth { code } => {
            let message = format!("Bad request with authorization: {}", context.authorization);
            fitting(code, &message).into_response()
        }
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=UTF-8");

/// Never responds. The task ends with its connection.
async fn hang() -> Response<Body> {
    std::future::pending().await
}

fn response(code: u16, kind: HeaderValue, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

fn html(code: u16) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><title>{code}: Bad gateway</title></head>\n<body><h1>Error {code}</h1><p>cloudflare</p></body></html>\n"
    )
}

fn add_retry_headers(response: &mut Response<Body>, retry: RetryHints) {
    let headers = response.headers_mut();
    let date = retry.date.and_then(http_date);
    for (name, value) in [
        (RETRY_AFTER, retry.after.or(date)),
        (HeaderName::from_static("retry-after-ms"), retry.after_ms),
        (
            HeaderName::from_static("x-should-retry"),
            retry
                .should
                .map(|should| HeaderValue::from_static(if should { "true" } else { "false" })),
        ),
    ] {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
}

/// The real time in some seconds, as an HTTP date.
fn http_date(seconds: i64) -> Option<HeaderValue> {
    let at = Timestamp::now().as_second().checked_add(seconds)?;
    let text = DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&Timestamp::from_second(at).ok()?)
        .ok()?;
    HeaderValue::from_str(&text).ok()
}

/// Sends only a part of a body.
async fn partial(
    whole: Response<Body>,
    at: f64,
    chunked: bool,
    end: Option<(crate::net::End, Switch)>,
) -> Response<Body> {
    let (mut parts, body) = whole.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let part = part_of(&body, at, chunked);
    parts.headers.remove(CONTENT_LENGTH);
    if !chunked {
        parts.headers.insert(CONTENT_LENGTH, body.len().into());
    }
    Response::from_parts(parts, Body::new(BrokenBody::new(part, end)))
}

fn part_of(body: &Bytes, at: f64, chunked: bool) -> Bytes {
    // With a content-length, at least the last byte must be missing.
    let most = body.len().saturating_sub(usize::from(!chunked));
    let length = ((body.len() as f64 * at) as usize).min(most);
    body.slice(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_never_the_whole_unless_chunked() {
        let body = Bytes::from_static(b"0123456789");
        assert_eq!(part_of(&body, 0.5, false).len(), 5);
        assert_eq!(part_of(&body, 0.0, false).len(), 0);
        assert_eq!(part_of(&body, 1.0, false).len(), 9);
        assert_eq!(part_of(&body, 1.0, true).len(), 10);
        assert_eq!(part_of(&Bytes::new(), 0.5, false).len(), 0);
    }

    #[test]
    fn dates_are_http_dates() {
        let date = http_date(3).unwrap();
        let text = date.to_str().unwrap();
        assert!(text.ends_with(" GMT") && text.len() == 29, "{text}");
        assert!(http_date(i64::MAX).is_none());
    }
}
