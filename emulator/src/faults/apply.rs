//! Makes a request go wrong as its step says.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use bytes::Bytes;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::step::{RetryHints, Step};
use crate::api::{Answer, fitting};
use crate::net::{BrokenBody, Switch};

/// What a step needs to know of the request.
pub(crate) struct Scene {
    /// Ends the connection that the request came by.
    pub(crate) switch: Switch,
    /// The `Authorization` header, readable or not.
    pub(crate) authorization: String,
}

/// Plays a step: carries the request out, or not, or only then, and answers, or not, or badly.
pub(crate) async fn play(step: Step, scene: Scene, act: impl FnOnce() -> Answer) -> Response<Body> {
    match step {
        Step::Ok => act().into_response(),
        Step::Delay { millis } => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            act().into_response()
        }
        Step::Drop { acts, end } => {
            if acts {
                act();
            }
            scene.switch.pull(end);
            never().await
        }
        Step::Hang { acts } => {
            if acts {
                act();
            }
            never().await
        }
        Step::Status { code, acts, retry } => {
            if acts {
                act();
            }
            let mut response = fitting(code, "injected by the emulator").into_response();
            hint(&mut response, retry);
            response
        }
        Step::Html { code, acts } => {
            if acts {
                act();
            }
            answer(code, HTML, html(code))
        }
        Step::Partial {
            at,
            chunked,
            code,
            acts,
            end,
        } => {
            let acted = acts.then(act);
            let whole = match (code, acted) {
                (Some(code), _) => fitting(code, "injected by the emulator"),
                (None, Some(acted)) => acted,
                (None, None) => fitting(200, "injected by the emulator"),
            };
            let end = end.map(|end| (end, scene.switch));
            partial(whole.into_response(), at, chunked, end).await
        }
        Step::NotJson => {
            act();
            answer(200, JSON, "{\"data\": {")
        }
        Step::Empty => {
            act();
            answer(200, JSON, "")
        }
        Step::NoContent => {
            act();
            answer(204, JSON, "")
        }
        Step::Text => {
            act();
            answer(200, HeaderValue::from_static("text/plain"), "ok")
        }
        Step::Body { bytes, code, kind } => answer(code, kind, bytes),
        Step::Redirect { code, to } => {
            let mut response = fitting(code, "injected by the emulator").into_response();
            response.headers_mut().insert(LOCATION, to);
            response
        }
        Step::EchoAuth { code } => {
            let message = format!("Bad request with authorization: {}", scene.authorization);
            fitting(code, &message).into_response()
        }
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=UTF-8");

/// Waits until the connection is gone, and the task that runs this with it.
async fn never() -> Response<Body> {
    std::future::pending().await
}

fn answer(code: u16, kind: HeaderValue, body: impl Into<Body>) -> Response<Body> {
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

fn hint(response: &mut Response<Body>, retry: RetryHints) {
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

/// The real time in so many seconds, as HTTP writes dates.
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
    // With a content-length, the last byte must stay away, or the body would be whole.
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
