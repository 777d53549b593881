//! Answers and their envelopes. There are two kinds of error: RealtimeKit's own, and those of
//! Cloudflare's API in front of it.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::world::Refusal;

/// A complete answer, not yet on its way.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// Whether the request changed the world.
    pub(crate) acted: bool,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        Self {
            status,
            // Our own structures always serialise.
            body: serde_json::to_vec(body).unwrap_or_default(),
            acted: false,
            headers: Vec::new(),
        }
    }

    /// `{"success": true, "data": …}`.
    pub(crate) fn data(status: u16, data: &impl Serialize) -> Self {
        #[derive(Serialize)]
        struct Envelope<'a, T> {
            success: bool,
            data: &'a T,
        }
        Self::json(
            status,
            &Envelope {
                success: true,
                data,
            },
        )
    }

    /// The same, by a request that changed the world.
    pub(crate) fn acted(self) -> Self {
        Self {
            acted: true,
            ..self
        }
    }

    /// RealtimeKit's error.
    pub(crate) fn realtimekit(status: u16, message: &str) -> Self {
        Self::json(
            status,
            &json!({"success": false, "error": {"code": status, "message": message}}),
        )
    }

    /// The error of Cloudflare's API in front.
    pub(crate) fn cloudflare(status: u16, code: u32, message: &str) -> Self {
        Self::json(
            status,
            &json!({
                "success": false,
                "errors": [{"code": code, "message": message}],
                "messages": [],
                "result": null,
            }),
        )
    }

    /// With one more header.
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.extend(self.headers);
        response
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::Deleted | Refusal::Inactive => 403,
            _ => 404,
        };
        Self::realtimekit(status, &refusal.message())
    }
}

/// An answer with any status, in the envelope that such an answer would come in.
pub(crate) fn fitting(status: u16, message: &str) -> Answer {
    match status {
        204 | 205 | 304 => Answer {
            status,
            body: Vec::new(),
            acted: false,
            headers: Vec::new(),
        },
        200..=299 => Answer::json(status, &json!({"success": true, "data": Value::Null})),
        400 | 404 | 409 | 422 | 500 => Answer::realtimekit(status, message),
        401 => Answer::cloudflare(status, 10_000, "Authentication error"),
        429 => Answer::cloudflare(status, 971, THROTTLED),
        _ => Answer::cloudflare(status, u32::from(status), message),
    }
}

/// What Cloudflare says past the rate limit.
pub(crate) const THROTTLED: &str = "Please wait and consider throttling your request speed";

#[cfg(test)]
mod tests {
    use super::*;

    fn body(answer: &Answer) -> Value {
        serde_json::from_slice(&answer.body).unwrap()
    }

    #[test]
    fn each_error_has_its_envelope() {
        assert_eq!(
            body(&fitting(404, "m"))["error"],
            json!({"code": 404, "message": "m"})
        );
        assert_eq!(body(&fitting(429, "m"))["errors"][0]["code"], 971);
        assert_eq!(body(&fitting(503, "m"))["errors"][0]["message"], "m");
        assert_eq!(body(&fitting(401, "m"))["result"], Value::Null);
        assert!(fitting(204, "m").body.is_empty());
    }

    #[test]
    fn refusals_are_worded_as_published() {
        let answer = Answer::from(Refusal::NoActiveSession("abc".into()));
        assert_eq!(answer.status, 404);
        assert_eq!(
            body(&answer),
            json!({"success": false, "error": {"code": 404, "message": "No active session found for meeting_id abc"}})
        );
    }
}
