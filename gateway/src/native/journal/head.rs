//! Of a line's JSON what the journal itself needs; the rest is only skipped.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

/// The fields by which a line is found.
#[derive(Deserialize)]
pub(super) struct Head<'a> {
    /// The record's ID.
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    /// The app.
    #[serde(borrow)]
    pub(super) app_id: Cow<'a, str>,
    /// The meeting.
    #[serde(borrow)]
    pub(super) meeting_id: Cow<'a, str>,
    #[serde(borrow)]
    phase: Cow<'a, str>,
    key: Option<IgnoredAny>,
    #[serde(borrow)]
    time: Option<Cow<'a, str>>,
}

impl<'a> Head<'a> {
    /// `None` for what is no line of the journal's.
    pub(super) fn read(line: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }

    /// Whether another line follows that tells the outcome.
    pub(super) fn is_intent(&self) -> bool {
        self.phase == "intent"
    }

    /// Whether the request had an `Idempotency-Key` and is no older than `since`, a time as it
    /// stands in the audit. What has no time may be new.
    pub(super) fn has_key_since(&self, since: &str) -> bool {
        // As texts, times of one form have the order of time.
        self.key.is_some() && self.time.as_ref().is_none_or(|time| &**time >= since)
    }
}
