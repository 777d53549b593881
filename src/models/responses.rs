//! The data of the API's responses.

use super::enums::{MeetingStatus, SessionStatus, SessionType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The envelope of every response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Envelope<T> {
    /// The data.
    pub data: Option<T>,
    /// Whether the call succeeded, according to the API.
    pub success: Option<bool>,
    /// Fields that the API description lacks.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

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
        id: String,
        /// The ID of its meeting.
        associated_id: String,
        /// The title of its meeting.
        meeting_display_name: String,
        /// Its kind (`type`).
        #[serde(rename = "type")]
        kind: SessionType,
        /// Whether it is live.
        status: SessionStatus,
        /// How many participants are in it now.
        live_participants: f64,
        /// The most participants at one time.
        max_concurrent_participants: f64,
        /// Participant-minutes since it started.
        minutes_consumed: f64,
        /// The app it belongs to.
        organization_id: String,
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
    /// The result of removing or muting participants.
    AffectedParticipants {
        /// The action.
        action: String,
        /// The participants it affected.
        participants: Vec<AffectedParticipant>,
    }
    /// A participant who was removed or muted.
    AffectedParticipant {
        /// The participant's ID.
        id: String,
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
        kicked_participants_count: f64,
    }
    /// The result of muting everyone.
    MutedAll {
        /// The action.
        action: String,
        /// How many were muted.
        muted_participants_count: f64,
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
        count: f64,
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
        total_count: f64,
        /// The number of its first entry.
        start_offset: f64,
        /// The number of its last entry.
        end_offset: f64,
    }
    /// A peer: one stay of a participant in a session, from join to leave.
    Participant {
        /// The peer's ID, new at every join. Not for [`ParticipantIds`](super::ParticipantIds).
        id: String,
        /// The participant's permanent ID.
        user_id: String,
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
        /// Minutes in the session.
        duration: f64,
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
        id: String,
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
        session_keep_alive_time_in_secs: f64,
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

impl Participant {
    /// Whether the peer is still in the session.
    pub fn is_in(&self) -> bool {
        self.left_at.as_deref().unwrap_or_default().is_empty()
    }
}
