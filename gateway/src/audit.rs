//! The audit's record: the moderator, the operation, its targets, the time and the outcome.
//!
//! A mutation that goes up has two lines in the journal: its intent, before it is sent, and its
//! outcome, before it is answered. One that is refused has an outcome alone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::platform::{Line, Page};

/// The kind of a record's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The request is about to be sent.
    Intent,
    /// The request is over.
    Outcome,
}

/// The outcome of a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was carried out, at least for some of its targets.
    Done,
    /// It was certainly not carried out.
    Refused,
    /// It may have been carried out.
    Unknown,
}

/// A response that is kept for repeats of its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredResponse {
    /// The status.
    pub status: u16,
    /// The headers that matter.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The request's ID; an intent and its outcome have the same.
    pub id: String,
    /// Intent or outcome.
    pub phase: Phase,
    /// When the line was made: RFC 3339, in milliseconds.
    pub time: String,
    /// The moderator.
    pub moderator: String,
    /// The kind of issuer: `secret` or `identity`.
    pub issuer: String,
    /// The moderator's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The grant's ID: its `jti`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The client's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The `operationId`.
    pub operation: String,
    /// The app.
    pub app_id: String,
    /// The meeting.
    pub meeting_id: String,
    /// The participants, if the operation names some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// A poll's question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The meeting's new status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// The outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The response's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The API's `cf-ray`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ray: Option<String>,
    /// From the request to its response, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// The participants that failed, although others succeeded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// Why the gateway refused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The moderator's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moderator_reason: Option<String>,
    /// The request's `Idempotency-Key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// A short digest of the request, to recognise a repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The response, where there is a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "answer")]
    pub response: Option<StoredResponse>,
}

/// Fields for the gateway alone.
const PRIVATE: [&str; 4] = ["phase", "key", "digest", "answer"];

impl Record {
    /// The record as a line for the journal.
    pub fn line(&self) -> Line {
        Line {
            id: self.id.clone(),
            app_id: self.app_id.clone(),
            meeting_id: self.meeting_id.clone(),
            is_intent: self.phase == Phase::Intent,
            text: self.text().unwrap_or_default(),
        }
    }

    /// Texts and numbers always serialise, and JSON escapes line breaks.
    fn text(&self) -> Option<String> {
        // Most lines are shorter; growing would move the text.
        let mut text = Vec::with_capacity(512);
        serde_json::to_writer(&mut text, self).ok()?;
        String::from_utf8(text).ok()
    }

    /// When the line was made, in milliseconds since 1970.
    pub fn unix_ms(&self) -> Option<u64> {
        let time: Timestamp = self.time.parse().ok()?;
        time.as_millisecond().try_into().ok()
    }
}

/// A time as the audit writes it.
pub fn time(unix_ms: u64) -> String {
    let ms = i64::try_from(unix_ms).unwrap_or(i64::MAX);
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX);
    format!("{time:.3}")
}

/// A page of a meeting's audit as a response.
pub fn page(page: Page) -> Value {
    let records: Vec<_> = page.lines.iter().filter_map(|line| shown(line)).collect();
    json!({
        "success": true,
        "data": {
            "records": records,
            "paging": {
                "total_count": page.total,
                "next": page.next.map(|next| next.to_string()),
            },
        },
    })
}

/// A record as moderators may see it.
pub fn shown(line: &str) -> Option<Map<String, Value>> {
    let mut record: Map<String, Value> = serde_json::from_str(line).ok()?;
    for name in PRIVATE {
        record.remove(name);
    }
    // An intent alone: it is under way, or the gateway stopped before it was over.
    record
        .entry("outcome")
        .or_insert_with(|| json!(Outcome::Unknown));
    Some(record)
}
