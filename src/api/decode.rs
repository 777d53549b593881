//! Decodes what JavaScript parsed from JSON into the types of Rust callers.

use super::convert::parsed;
use crate::js::FromJs;
use crate::models::{Participant, Session};
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::JsValue;

/// Decodes a value, or says what does not fit.
pub(crate) fn decode<T: DeserializeOwned>(value: &JsValue) -> Result<T, String> {
    decode_json(parsed(value).unwrap_or(Value::Null))
}

/// Decodes the body of a response.
pub(crate) fn decode_body<T: DeserializeOwned>(body: &JsValue) -> Result<T, String> {
    let mut body = parsed(body).unwrap_or(Value::Null);
    with_failed(&mut body);
    decode_json(body)
}

fn decode_json<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value)
        .map_err(|error| format!("The response is not of the described form: {error}"))
}

/// Moves the gateway's `failed`, which stands beside `data`, into it: the data of a call then tells everything about
/// its outcome.
fn with_failed(body: &mut Value) {
    let Some(body) = body.as_object_mut() else {
        return;
    };
    if !body.get("data").is_some_and(Value::is_object) {
        return;
    }
    if let Some(failed) = body.remove("failed")
        && let Some(data) = body.get_mut("data").and_then(Value::as_object_mut)
    {
        data.entry("failed").or_insert(failed);
    }
}

impl FromJs for Participant {
    fn from_js(value: JsValue) -> Result<Self, String> {
        decode(&value)
    }
}

impl FromJs for Session {
    fn from_js(value: JsValue) -> Result<Self, String> {
        decode(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{AffectedParticipants, Envelope};
    use serde_json::json;

    #[test]
    fn a_partial_success_is_in_the_data() {
        let mut body = json!({
            "success": true,
            "data": {"action": "kicked", "participants": [{"id": "a"}]},
            "failed": [
                {"id": "b", "code": 404, "message": "No user found with id b"},
                {"id": "c", "code": 502, "message": "lost", "maybe_applied": true}
            ]
        });
        with_failed(&mut body);
        let envelope: Envelope<AffectedParticipants> = decode_json(body).unwrap();
        let affected = envelope.into_data().unwrap();
        let failed: Vec<_> = affected
            .failed
            .iter()
            .map(|one| (one.id.as_str(), one.code, one.maybe_applied))
            .collect();
        assert_eq!(failed, [("b", 404, false), ("c", 502, true)]);
        assert_eq!(affected.participants.map(|all| all.len()), Some(1));
    }

    #[test]
    fn a_body_without_data_stays_as_it_is() {
        for body in [
            json!({"failed": []}),
            json!(null),
            json!({"data": null, "failed": [1]}),
        ] {
            let mut changed = body.clone();
            with_failed(&mut changed);
            assert_eq!(changed, body);
        }
    }
}
