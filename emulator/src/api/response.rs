//! API responses and their envelopes. There are two kinds of error: RealtimeKit's own, and those of
//! Cloudflare's API in front of it.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::world::Refusal;

/// A complete response.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// Whether the request changed the world.
    pub(crate) acted: bool,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl ApiResponse {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        Self {
            status,
            // The emulator's own types always serialize.
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

    /// Marks that the request changed the world.
    pub(crate) fn acted(self) -> Self {
        Self {
            acted: true,
            ..self
        }
    }

    /// An error of RealtimeKit.
    pub(crate) fn realtimekit(status: u16, message: &str) -> Self {
        Self::json(
            status,
            &json!({"success": false, "error": {"code": status, "message": message}}),
        )
    }

    /// An error of Cloudflare's API in front of RealtimeKit.
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

    /// Adds a header.
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl IntoResponse for ApiResponse {
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

impl From<Refusal> for ApiResponse {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::Deleted | Refusal::Inactive => 403,
            _ => 404,
        };
        Self::realtimekit(status, &refusal.message())
    }
}

/// A response with any status, in the envelope that fits it.
pub(crate) fn fitting(status: u16, message: &str) -> ApiResponse {
    match status {
        204 | 205 | 304 => ApiResponse {
            status,
            body: Vec::new(),
            acted: false,
            headers: Vec::new(),
        },
        200..=299 => ApiResponse::json(status, &json!({"success": true, "data": Value::Null})),
        400 | 404 | 409 | 422 | 500 => ApiResponse::realtimekit(status, message),
        401 => ApiResponse::cloudflare(status, 10_000, "Authentication error"),
        429 => ApiResponse::cloudflare(status, 971, THROTTLED),
        _ => ApiResponse::cloudflare(status, u32::from(status), message),
    }
}

/// Cloudflare's message over the rate limit.
pub(crate) const THROTTLED: &str = "Please wait and consider throttling your request speed";

#[cfg(test)]
mod tests {
    use super::*;

    fn body(response: &ApiResponse) -> Value {
        serde_json::from_slice(&response.body).unwrap()
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
        let response = ApiResponse::from(Refusal::NoActiveSession("abc".into()));
        assert_eq!(response.status, 404);
        assert_eq!(
            body(&response),
            json!({"success": false, "error": {"code": 404, "message": "No active session found for meeting_id abc"}})
        );
    }
}
