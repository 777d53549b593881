//! Reading and answering control requests. Bodies are strict: a field that does not exist is an
//! error, since a test that misspells one tests something else than it says.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::api::Answer;

/// 200 with a body.
pub(super) fn ok(body: &impl Serialize) -> Answer {
    Answer::json(200, body)
}

/// `{"error": …}` with a status.
pub(super) fn error(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({"error": message}))
}

/// A body; none at all is an empty object.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Answer> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(text).map_err(|wrong| error(400, &wrong.to_string()))
}

/// Makes one response of what went well or did not.
pub(super) fn either(result: Result<Answer, Answer>) -> Answer {
    result.unwrap_or_else(|error| error)
}
