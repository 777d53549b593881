//! The data of the API's responses.

use super::enums::{MeetingStatus, SessionStatus, SessionType};
use super::failed::FailedParticipant;
use super::lenient;
use crate::id::{AppId, MeetingId, ParticipantId, PeerId, SessionId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::Duration;

macro_rules! responses {
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
            /// Fields that the API description lacks.
            #[serde(flatten)]
            pub other: Map<String, Value>,
        }
    )*};
}

responses! {
    /// A session: one run of a meeting, from the first join until everyone has been gone for a while.
    Session {
        /// Its ID.
        #[serde(default, deserialize_with = "lenient::id")]
        id: SessionId,
        /// The ID of its meeting.
        #[serde(default, deserialize_with = "lenient::id")]
        associated_id: MeetingId,
        /// The title of its meeting.
        meeting_display_name: String,
        /// Its kind (`type`).
        #[serde(rename = "type")]
        kind: SessionType,
        /// Whether it is live.
        status: SessionStatus,
        /// How many participants are in it now.
        #[serde(default, deserialize_with = "lenient::count")]
        live_participants: u64,
        /// The most participants at one time.
        #[serde(default, deserialize_with = "lenient::count")]
        max_concurrent_participants: u64,
        /// Participant-minutes since it started.
        minutes_consumed: f64,
        /// The app it belongs to.
        #[serde(default, deserialize_with = "lenient::id")]
        organization_id: AppId,
        /// When it started, as the API writes it.
        started_at: String,
        /// When it was created.
        created_at: String,
        /// When it last changed.
        updated_at: String,
        /// When it ended. For a live session absent, or the text `null`.
        ended_at: String,
        /// Its breakout rooms.
        breakout_rooms: Vec<Value>,
        /// Metadata of the app.
        meta: Value,
    }
    /// A participant who was removed or muted.
    AffectedParticipant {
        /// The participant's ID.
        #[serde(default, deserialize_with = "lenient::id")]
        id: ParticipantId,
        /// When it was created.
        created_at: String,
        /// When it last changed.
        updated_at: String,
        /// Their email address.
        email: String,
        /// Their name.
        name: String,
        /// The URL of their picture.
        picture: String,
    }
    /// The result of removing everyone.
    KickedAll {
        /// The action.
        action: String,
        /// How many were removed.
        #[serde(default, deserialize_with = "lenient::count")]
        kicked_participants_count: u64,
    }
    /// The result of muting everyone.
    MutedAll {
        /// The action.
        action: String,
        /// How many were muted.
        #[serde(default, deserialize_with = "lenient::count")]
        muted_participants_count: u64,
    }
    /// The result of creating a poll.
    CreatedPoll {
        /// The action.
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
        /// Whether votes are anonymous.
        anonymous: bool,
        /// Whether results are hidden until one has voted.
        hide_votes: bool,
        /// Who created it.
        created_by: String,
        /// Who has voted.
        voted: Vec<String>,
    }
    /// An option of a poll.
    PollOption {
        /// Its text.
        text: String,
        /// How many votes it has.
        #[serde(default, deserialize_with = "lenient::count")]
        count: u64,
        /// Its votes.
        votes: Vec<Vote>,
    }
    /// A vote for an option.
    Vote {
        /// The voter's ID.
        id: String,
        /// The voter's name.
        name: String,
    }
    /// A page of an app's sessions.
    SessionsPage {
        /// The sessions on this page.
        sessions: Vec<Session>,
    }
    /// A page of a session's participants.
    ParticipantsPage {
        /// The participants on this page.
        participants: Vec<Participant>,
        /// The position of this page.
        paging: Paging,
    }
    /// The position of a page.
    Paging {
        /// How many entries there are in total.
        #[serde(default, deserialize_with = "lenient::count")]
        total_count: u64,
        /// The number of its first entry.
        #[serde(default, deserialize_with = "lenient::count")]
        start_offset: u64,
        /// The number of its last entry.
        #[serde(default, deserialize_with = "lenient::count")]
        end_offset: u64,
    }
    /// A peer: one stay of a participant in a session, from join to leave.
    Participant {
        /// The peer's ID, new at every join. Kicks and mutes take `user_id`.
        #[serde(default, deserialize_with = "lenient::id")]
        id: PeerId,
        /// The participant's permanent ID.
        #[serde(default, deserialize_with = "lenient::id")]
        user_id: ParticipantId,
        /// The app's own ID for the participant.
        custom_participant_id: String,
        /// The name shown to others.
        display_name: String,
        /// The name of their preset (role).
        preset_name: String,
        /// When they joined.
        joined_at: String,
        /// When they left. Absent, null or empty while they are in the session.
        left_at: String,
        /// How long they were in the session. The API counts in minutes.
        #[serde(default, with = "lenient::minutes")]
        duration: Duration,
        /// When the entry was created.
        created_at: String,
        /// When it last changed.
        updated_at: String,
        /// The peer's events, if requested.
        peer_events: Vec<Value>,
    }
    /// A meeting.
    Meeting {
        /// Its ID.
        #[serde(default, deserialize_with = "lenient::id")]
        id: MeetingId,
        /// Its title.
        title: String,
        /// Whether it can be joined.
        status: MeetingStatus,
        /// Whether its chat is stored.
        persist_chat: bool,
        /// Whether sessions are recorded from their start.
        record_on_start: bool,
        /// Whether sessions are streamed from their start.
        live_stream_on_start: bool,
        /// How many seconds a session outlives its last participant (60–600).
        #[serde(default, deserialize_with = "lenient::count")]
        session_keep_alive_time_in_secs: u64,
        /// When it was created.
        created_at: String,
        /// When it last changed.
        updated_at: String,
    }
    /// A participant who was deleted from a meeting.
    RemovedParticipant {
        /// The app's own ID for them.
        custom_participant_id: String,
        /// The ID of their preset.
        preset_id: String,
        /// When they were added.
        created_at: String,
        /// When they last changed.
        updated_at: String,
    }
}

/// The result of removing or muting participants.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AffectedParticipants {
    /// The action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The participants it affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participants: Option<Vec<AffectedParticipant>>,
    /// The participants that it did not work for, each with the reason. Only the gateway goes on without them; the API
    /// refuses a whole list because of one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedParticipant>,
    /// Fields that the API description lacks.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Participant {
    /// Whether the peer is still in the session.
    pub fn is_in(&self) -> bool {
        self.left_at.as_deref().unwrap_or_default().is_empty()
    }
}
