//! The fields of a line's JSON that the journal itself needs; the rest is skipped.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

/// The fields that locate a line.
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
    /// `None` if the text is not a line of the journal.
    pub(super) fn read(line: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }

    /// Whether another line with the outcome follows.
    pub(super) fn is_intent(&self) -> bool {
        self.phase == "intent"
    }

    /// Whether the request had an `Idempotency-Key` and is no older than `since`, a time as the
    /// audit writes it. A line without a time may be new.
    pub(super) fn has_key_since(&self, since: &str) -> bool {
        // Texts of this format sort by time.
        self.key.is_some() && self.time.as_ref().is_none_or(|time| &**time >= since)
    }
}
