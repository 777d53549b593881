//! The response to a list, in the API's own shape: the participants that the API acted on, and the
//! others with a reason.

use serde_json::{Value, json};

use crate::api_response::{ApiResponse, Refusal};
use crate::input::Person;

/// Why the API did not act on a participant.
#[derive(Clone)]
pub(super) struct Why {
    pub(super) code: u64,
    pub(super) message: String,
    pub(super) unsure: bool,
}

impl Why {
    pub(super) fn not_tried(because: &str) -> Self {
        Self {
            code: 1011,
            message: format!("Not tried: {because}"),
            unsure: false,
        }
    }

    pub(super) fn of_refusal(refusal: &Refusal) -> Self {
        Self {
            code: refusal.status().into(),
            message: refusal.message(),
            unsure: matches!(refusal, Refusal::Lost { .. } | Refusal::TimedOut { .. }),
        }
    }

    /// The API's own words, from either of its envelopes.
    pub(super) fn of_answer(response: &ApiResponse) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let error = match body.get("error") {
            Some(error) => error,
            None => body.pointer("/errors/0").unwrap_or(&Value::Null),
        };
        let message = error.get("message").and_then(Value::as_str);
        Self {
            code: response.status.into(),
            message: message.unwrap_or("refused").to_owned(),
            unsure: response.leaves_open(),
        }
    }
}

pub(super) fn participants(response: &ApiResponse) -> Vec<Value> {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    match body.pointer("/data/participants") {
        Some(Value::Array(all)) => all.clone(),
        _ => Vec::new(),
    }
}

pub(super) fn joined(
    response: ApiResponse,
    all: Vec<Value>,
    failed: &[(Person, Why)],
) -> ApiResponse {
    edited(response, |body| {
        if let Some(data) = body.get_mut("data").and_then(Value::as_object_mut) {
            data.insert("participants".into(), all.into());
        }
        add_failed(body, failed);
    })
}

pub(super) fn with_failed(response: ApiResponse, failed: &[(Person, Why)]) -> ApiResponse {
    edited(response, |body| add_failed(body, failed))
}

fn add_failed(body: &mut Value, failed: &[(Person, Why)]) {
    if let Some(body) = body.as_object_mut() {
        let list = failed.iter().map(|(person, why)| {
            let mut one = json!({"id": person.id, "code": why.code, "message": why.message});
            if why.unsure
                && let Some(one) = one.as_object_mut()
            {
                one.insert("maybe_applied".into(), true.into());
            }
            one
        });
        body.insert("failed".into(), list.collect());
    }
}

/// The response with its body changed, if that is JSON.
fn edited(mut response: ApiResponse, change: impl FnOnce(&mut Value)) -> ApiResponse {
    if let Ok(mut body) = serde_json::from_slice(&response.body) {
        change(&mut body);
        // Parsed JSON always serialises.
        response.body = serde_json::to_vec(&body).unwrap_or_default().into();
    }
    response
}
