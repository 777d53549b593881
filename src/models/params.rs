//! What the API takes.

use super::words::{MeetingStatus, SortBy, SortOrder, View};
use serde::Serialize;
use serde_json::{Map, Value};

/// Whom to kick or mute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ParticipantIds {
    /// By permanent ID: the `user_id` of the roster, never its `id`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub participant_ids: Vec<String>,
    /// By the app's own names for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_participant_ids: Vec<String>,
}

impl ParticipantIds {
    /// Those with these `user_id`s.
    pub fn users<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> Self {
        Self {
            participant_ids: ids.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Those with these `custom_participant_id`s.
    pub fn custom<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> Self {
        Self {
            custom_participant_ids: ids.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

/// A poll to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewPoll {
    /// Its question.
    pub question: String,
    /// What can be answered.
    pub options: Vec<String>,
    /// Whether nobody sees who voted for what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<bool>,
    /// Whether nobody sees the votes before voting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hide_votes: Option<bool>,
}

impl NewPoll {
    /// A poll with this question and these options.
    pub fn new<O: Into<String>>(
        question: impl Into<String>,
        options: impl IntoIterator<Item = O>,
    ) -> Self {
        Self {
            question: question.into(),
            options: options.into_iter().map(Into::into).collect(),
            anonymous: None,
            hide_votes: None,
        }
    }

    /// Says whether nobody sees who voted for what.
    #[must_use]
    pub fn anonymous(mut self, anonymous: bool) -> Self {
        self.anonymous = Some(anonymous);
        self
    }

    /// Says whether nobody sees the votes before voting.
    #[must_use]
    pub fn hide_votes(mut self, hide_votes: bool) -> Self {
        self.hide_votes = Some(hide_votes);
        self
    }
}

/// Which participants of a session to list, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ListParticipants {
    /// A participant's ID, custom ID or display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Which page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_no: Option<u32>,
    /// How many on a page: 1 to 200, 25 if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<u32>,
    /// What to sort by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<SortBy>,
    /// Which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<SortOrder>,
    /// Whether to tell what happened to each peer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_peer_events: Option<bool>,
    /// How breakout rooms count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
}

/// What to change of a meeting.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MeetingChanges {
    /// Whether it can be joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<MeetingStatus>,
    /// Any other field of the API's, as it is.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl MeetingChanges {
    /// Nobody may join any more; who is in stays in.
    pub fn lock() -> Self {
        Self {
            status: Some(MeetingStatus::Inactive),
            ..Self::default()
        }
    }

    /// Everybody invited may join again.
    pub fn unlock() -> Self {
        Self {
            status: Some(MeetingStatus::Active),
            ..Self::default()
        }
    }
}
