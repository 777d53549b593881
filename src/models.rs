//! What the API takes and answers, typed, for Rust.
//!
//! Answers are read leniently: the API's own published examples lack fields that its description
//! requires, so every field of an answer is optional, and fields that are not described are kept
//! in `other`. Source: Cloudflare's API description, `tests/spec/`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A word the API uses, of which there may be more one day.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
            /// A word this version does not know.
            Other(String),
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($text => Self::$word,)*
                    _ => Self::Other(word),
                }
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$word => $text.to_owned(),)*
                    $name::Other(word) => word,
                }
            }
        }
    )*};
}

words! {
    /// Whether a session goes on.
    SessionStatus {
        /// It goes on.
        Live = "LIVE",
        /// It is over.
        Ended = "ENDED",
    }
    /// What kind of session it is.
    SessionType {
        /// A meeting.
        Meeting = "meeting",
        /// A livestream.
        Livestream = "livestream",
        /// A participant's.
        Participant = "participant",
    }
    /// Whether a meeting can be joined.
    MeetingStatus {
        /// It can.
        Active = "ACTIVE",
        /// It cannot; who is in stays in.
        Inactive = "INACTIVE",
    }
    /// What a list of participants is sorted by.
    SortBy {
        /// When they joined.
        JoinedAt = "joinedAt",
        /// How long they were in.
        Duration = "duration",
    }
    /// Which way a list is sorted.
    SortOrder {
        /// Upwards.
        Ascending = "ASC",
        /// Downwards.
        Descending = "DESC",
    }
    /// How breakout rooms count in a list of participants.
    View {
        /// Each session by itself.
        Raw = "raw",
        /// Breakout rooms' durations added up.
        Consolidated = "consolidated",
    }
}

/// Every answer's envelope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reply<T> {
    /// What was asked for.
    pub data: Option<T>,
    /// Whether it worked, as the API puts it.
    pub success: Option<bool>,
    /// Fields that are not described.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
            /// Fields that are not described.
            #[serde(flatten)]
            pub other: Map<String, Value>,
        }
    )*};
}

answers! {
    /// A session: from the first join until everybody has been gone for a while.
    Session {
        /// Its ID.
        id: String,
        /// The ID of its meeting.
        associated_id: String,
        /// The title of its meeting.
        meeting_display_name: String,
        /// What kind it is (`type`).
        #[serde(rename = "type")]
        kind: SessionType,
        /// Whether it goes on.
        status: SessionStatus,
        /// How many are in now.
        live_participants: f64,
        /// How many were in at once, at the most.
        max_concurrent_participants: f64,
        /// Minutes used since it started.
        minutes_consumed: f64,
        /// The app it belongs to.
        organization_id: String,
        /// When it started, as the API writes it.
        started_at: String,
        /// When it was made.
        created_at: String,
        /// When it last changed.
        updated_at: String,
        /// When it ended; of a live one absent, or the text `null`.
        ended_at: String,
        /// Its breakout rooms.
        breakout_rooms: Vec<Value>,
        /// Whatever the app noted of it.
        meta: Value,
    }
    /// What a kick or mute of some did.
    ActedOn {
        /// What was done.
        action: String,
        /// To whom.
        participants: Vec<ActedOnParticipant>,
    }
    /// Somebody who was kicked or muted.
    ActedOnParticipant {
        /// The ID of the session's participant.
        id: String,
        /// When it was made.
        created_at: String,
        /// When it last changed.
        updated_at: String,
        /// Their address.
        email: String,
        /// Their name.
        name: String,
        /// The URL of a picture of them.
        picture: String,
    }
    /// What a kick of everybody did.
    KickedAll {
        /// What was done.
        action: String,
        /// To how many.
        kicked_participants_count: f64,
    }
    /// What a mute of everybody did.
    MutedAll {
        /// What was done.
        action: String,
        /// To how many.
        muted_participants_count: f64,
    }
    /// What making a poll did.
    CreatedPoll {
        /// What was done.
        action: String,
        /// The poll.
        poll: Poll,
    }
    /// A poll.
    Poll {
        /// Its ID.
        id: String,
        /// Its question.
        question: String,
        /// Its options.
        options: Vec<PollOption>,
        /// Whether nobody sees who voted for what.
        anonymous: bool,
        /// Whether nobody sees the votes before voting.
        hide_votes: bool,
        /// Who made it.
        created_by: String,
        /// Who has voted.
        voted: Vec<String>,
    }
    /// An option of a poll.
    PollOption {
        /// Its text.
        text: String,
        /// How many voted for it.
        count: f64,
        /// Who did.
        votes: Vec<Vote>,
    }
    /// A vote for an option.
    Vote {
        /// The voter's ID.
        id: String,
        /// The voter's name.
        name: String,
    }
    /// A page of a session's participants.
    ParticipantsPage {
        /// Those on it.
        participants: Vec<Participant>,
        /// Where it stands.
        paging: Paging,
    }
    /// Where a page stands among all.
    Paging {
        /// How many entries there are in all.
        total_count: f64,
        /// The number of the page's first.
        start_offset: f64,
        /// The number of the page's last.
        end_offset: f64,
    }
    /// A peer: somebody's stay in a session, from a join to a leave.
    Participant {
        /// The peer's ID, new at every join. Not for [`ParticipantIds`].
        id: String,
        /// The participant's permanent ID.
        user_id: String,
        /// The app's own name for the participant.
        custom_participant_id: String,
        /// The name shown to others.
        display_name: String,
        /// The name of their preset, which is their role.
        preset_name: String,
        /// When they joined.
        joined_at: String,
        /// When they left; absent, null or empty while they are in.
        left_at: String,
        /// How many minutes they were in.
        duration: f64,
        /// When the entry was made.
        created_at: String,
        /// When it last changed.
        updated_at: String,
        /// What happened to the peer, if asked for.
        peer_events: Vec<Value>,
    }
    /// A meeting: a place in which sessions happen.
    Meeting {
        /// Its ID.
        id: String,
        /// Its title.
        title: String,
        /// Whether it can be joined.
        status: MeetingStatus,
        /// Whether its chat is kept.
        persist_chat: bool,
        /// Whether sessions are recorded from their start.
        record_on_start: bool,
        /// Whether sessions are streamed from their start.
        live_stream_on_start: bool,
        /// How many seconds a session outlives its last participant (60 to 600).
        session_keep_alive_time_in_secs: f64,
        /// When it was made.
        created_at: String,
        /// When it last changed.
        updated_at: String,
    }
    /// A participant who was removed from a meeting.
    RemovedParticipant {
        /// The app's own name for them.
        custom_participant_id: String,
        /// The ID of their preset.
        preset_id: String,
        /// When they were added.
        created_at: String,
        /// When they last changed.
        updated_at: String,
    }
}

impl Participant {
    /// Whether they are still in the session.
    pub fn is_in(&self) -> bool {
        self.left_at.as_deref().unwrap_or_default().is_empty()
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_published_session_is_read_and_kept_whole() {
        let published = json!({
            "data": {
                "associated_id": "6bf2b8be-04dd-4191-b602-1128921a306b",
                "ended_at": "null",
                "live_participants": 1,
                "minutes_consumed": 2.3434,
                "status": "LIVE",
                "type": "meeting",
                "not_described": {"a": [1, null]}
            },
            "success": true,
            "neither": 1
        });
        let reply: Reply<Session> = serde_json::from_value(published).unwrap();
        let session = reply.data.unwrap();
        assert_eq!(session.status, Some(SessionStatus::Live));
        assert_eq!(session.ended_at.as_deref(), Some("null"));
        assert_eq!(session.meeting_display_name, None);
        assert_eq!(session.other["not_described"], json!({"a": [1, null]}));
        assert_eq!(reply.other["neither"], json!(1));
    }

    #[test]
    fn unknown_words_are_kept() {
        let status: SessionStatus = serde_json::from_value(json!("PAUSED")).unwrap();
        assert_eq!(status, SessionStatus::Other("PAUSED".into()));
        assert_eq!(serde_json::to_value(status).unwrap(), json!("PAUSED"));
    }

    #[test]
    fn only_what_is_given_is_sent() {
        let ids = ParticipantIds::users(["a"]);
        assert_eq!(
            serde_json::to_value(ids).unwrap(),
            json!({"participant_ids": ["a"]})
        );
        let poll = NewPoll::new("Lunch?", ["yes", "no"]).anonymous(true);
        assert_eq!(
            serde_json::to_value(poll).unwrap(),
            json!({"question": "Lunch?", "options": ["yes", "no"], "anonymous": true})
        );
        assert_eq!(
            serde_json::to_value(MeetingChanges::lock()).unwrap(),
            json!({"status": "INACTIVE"})
        );
        assert_eq!(
            serde_json::to_value(ListParticipants::default()).unwrap(),
            json!({})
        );
    }

    #[test]
    fn who_has_not_left_is_in() {
        let mut participant = Participant::default();
        assert!(participant.is_in());
        participant.left_at = Some(String::new());
        assert!(participant.is_in());
        participant.left_at = Some("2023-02-01T10:56:56.612Z".into());
        assert!(!participant.is_in());
    }
}
