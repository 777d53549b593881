//! The parameters of the API's operations.

use super::enums::{MeetingStatus, SessionStatus, SortBy, SortOrder, View};
use crate::id::ParticipantId;
use serde::Serialize;
use serde_json::{Map, Value};

/// The participants to remove or mute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ParticipantIds {
    /// Permanent IDs: the `user_id` of a listed participant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub participant_ids: Vec<ParticipantId>,
    /// The app's own IDs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_participant_ids: Vec<String>,
}

impl ParticipantIds {
    /// Participants with these `user_id`s. (The `id` of a listed participant is a
    /// [`PeerId`](crate::id::PeerId), and does not compile here.)
    ///
    /// ```compile_fail
    /// # use realtimekit_moderator::{id::PeerId, models::ParticipantIds};
    /// fn kick(peer: PeerId) -> ParticipantIds {
    ///     ParticipantIds::users([peer])
    /// }
    /// ```
    pub fn users<I: Into<ParticipantId>>(ids: impl IntoIterator<Item = I>) -> Self {
        Self {
            participant_ids: ids.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Participants with these `custom_participant_id`s.
    pub fn custom<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> Self {
        Self {
            custom_participant_ids: ids.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

/// A poll to create.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CreatePollParams {
    /// Its question.
    pub question: String,
    /// Its options.
    pub options: Vec<String>,
    /// Whether votes are anonymous.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<bool>,
    /// Whether results are hidden until one has voted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hide_votes: Option<bool>,
}

impl CreatePollParams {
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

    /// Sets whether votes are anonymous.
    #[must_use]
    pub fn anonymous(mut self, anonymous: bool) -> Self {
        self.anonymous = Some(anonymous);
        self
    }

    /// Sets whether results are hidden until one has voted.
    #[must_use]
    pub fn hide_votes(mut self, hide_votes: bool) -> Self {
        self.hide_votes = Some(hide_votes);
        self
    }
}

/// Which participants of a session to list, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ListParticipants {
    /// A participant's ID, custom ID or display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The number of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_no: Option<u32>,
    /// Entries per page: 1–200, 25 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<u32>,
    /// The sort key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<SortBy>,
    /// The sort order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<SortOrder>,
    /// Whether to include each peer's events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_peer_events: Option<bool>,
    /// How breakout rooms count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
}

/// Which sessions of an app to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ListSessions {
    /// Whether they are live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<SessionStatus>,
    /// The ID of their meeting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub associated_id: Option<String>,
    /// A meeting's title or ID, or a session's ID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The number of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_no: Option<u32>,
    /// Entries per page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<u32>,
}

/// Changes to a meeting.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UpdateMeetingParams {
    /// Whether it can be joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<MeetingStatus>,
    /// Other fields of the API, sent as they are.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl UpdateMeetingParams {
    /// Locks it: no one new can join. Participants already there stay.
    pub fn lock() -> Self {
        Self {
            status: Some(MeetingStatus::Inactive),
            ..Self::default()
        }
    }

    /// Unlocks it.
    pub fn unlock() -> Self {
        Self {
            status: Some(MeetingStatus::Active),
            ..Self::default()
        }
    }
}
