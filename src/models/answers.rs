//! What the API answers.

use super::words::{MeetingStatus, SessionStatus, SessionType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
        /// The peer's ID, new at every join. Not for [`ParticipantIds`](super::ParticipantIds).
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
