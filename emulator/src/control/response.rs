//! Parses control requests and builds their responses. An unknown field is an error, so that no test
//! passes because of a misspelt one.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::api::ApiResponse;

/// 200 with a body.
pub(super) fn ok(body: &impl Serialize) -> ApiResponse {
    ApiResponse::json(200, body)
}

/// `{"error": …}` with a status.
pub(super) fn error(status: u16, message: &str) -> ApiResponse {
    ApiResponse::json(status, &json!({"error": message}))
}

/// Parses a body. No body is an empty object.
pub(super) fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, ApiResponse> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(text).map_err(|wrong| error(400, &wrong.to_string()))
}

/// The response of a success or an error.
pub(super) fn merge(result: Result<ApiResponse, ApiResponse>) -> ApiResponse {
    result.unwrap_or_else(|error| error)
}
