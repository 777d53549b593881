//! The data of the world: meetings, participants, sessions, peers and polls.
//!
//! A *participant* is created once per meeting and keeps its ID. Each join creates a *peer* with an ID
//! of its own. Confusing the two is a common mistake of RealtimeKit clients, so they are different
//! types here.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use crate::clock::Moment;
use crate::rng::SeededRng;
use crate::webhooks::Event;

/// Whether participants can join a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Status {
    /// Participants can join. The first one starts a session.
    Active,
    /// No one can join. Peers in the session stay.
    Inactive,
}

/// A preset: the role of a participant.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Preset {
    pub(crate) id: Uuid,
    pub(crate) name: &'static str,
}

/// A meeting with its participants, sessions and polls.
pub(crate) struct Meeting {
    pub(crate) id: String,
    pub(crate) app_id: Uuid,
    /// The purpose of the meeting: `main`, `idle`, `v1` or `made`.
    pub(crate) role: &'static str,
    pub(crate) title: String,
    pub(crate) status: Status,
    pub(crate) persist_chat: bool,
    pub(crate) record_on_start: bool,
    pub(crate) live_stream_on_start: bool,
    pub(crate) keep_alive_secs: f64,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) participants: Vec<Participant>,
    pub(crate) by_user: HashMap<Uuid, usize>,
    pub(crate) by_custom: HashMap<String, usize>,
    pub(crate) sessions: Vec<Session>,
    /// The index of the live session.
    pub(crate) live: Option<usize>,
    pub(crate) polls: Vec<Poll>,
    pub(crate) presets: Vec<Preset>,
    /// Absent if the meeting is not lively.
    pub(crate) simulation: Option<Simulation>,
    pub(crate) rng: SeededRng,
    /// All events up to this moment have been simulated.
    pub(crate) simulated_until: Moment,
    /// What happened and is not yet collected for webhooks.
    pub(crate) events: Vec<Event>,
}

/// A participant of a meeting.
pub(crate) struct Participant {
    pub(crate) id: Uuid,
    pub(crate) custom_id: String,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) picture: Option<String>,
    /// Index into the meeting's presets.
    pub(crate) preset: usize,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) deleted: bool,
    /// The number of the participant's peers in the session.
    pub(crate) live_peers: usize,
}

/// A session of a meeting, from the first join to its end.
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) started_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) ended_at: Option<Moment>,
    pub(crate) peers: Vec<Peer>,
    /// The indexes of the peers in the session.
    pub(crate) present: Vec<usize>,
    pub(crate) max_concurrent: usize,
    /// When the last peer left.
    pub(crate) empty_since: Option<Moment>,
}

/// Why a peer left the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Departure {
    Left,
    Kicked,
    Ended,
}

/// One connection of one participant.
pub(crate) struct Peer {
    pub(crate) id: Uuid,
    /// Index into the meeting's participants.
    pub(crate) participant_index: usize,
    /// The name at the time of the join.
    pub(crate) name: String,
    pub(crate) joined_at: Moment,
    pub(crate) left_at: Option<Moment>,
    pub(crate) departure: Option<Departure>,
    pub(crate) updated_at: Moment,
    pub(crate) muted: bool,
    pub(crate) may_unmute: bool,
}

impl Peer {
    /// The milliseconds in the session, until now or until the peer left.
    pub(crate) fn millis(&self, now: Moment) -> i64 {
        self.left_at
            .unwrap_or(now)
            .millis_since(self.joined_at)
            .max(0)
    }
}

/// A poll. The API only creates polls, so no one votes.
pub(crate) struct Poll {
    pub(crate) id: Uuid,
    pub(crate) session_id: Uuid,
    pub(crate) question: String,
    pub(crate) options: Vec<String>,
    pub(crate) anonymous: bool,
    pub(crate) hide_votes: bool,
    pub(crate) created_at: Moment,
}

/// The state of the simulation of a meeting.
pub(crate) struct Simulation {
    pub(crate) next: Moment,
    pub(crate) mean_millis: f64,
    /// The usual number of peers.
    pub(crate) target: usize,
}

/// Why the world refuses a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoApp(String),
    NoMeeting(String),
    NoActiveSession(String),
    NoSession(String),
    NoUser(String),
    /// The participant was deleted and cannot join.
    Deleted,
    /// No one can join the meeting.
    Inactive,
}

impl Refusal {
    /// The message. It is the published one, where there is one.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::NoApp(id) => format!("No app found with id {id}"),
            Self::NoMeeting(id) => format!("No meeting found with id {id}"),
            Self::NoActiveSession(id) => format!("No active session found for meeting_id {id}"),
            Self::NoSession(id) => format!("No session found with id {id}"),
            Self::NoUser(id) => format!("No user found with id {id}"),
            Self::Deleted => "The participant was deleted from the meeting".to_owned(),
            Self::Inactive => "The meeting is INACTIVE".to_owned(),
        }
    }
}
