//! What the world is made of: apps, meetings, their participants, sessions, peers and polls.
//!
//! A *participant* is made once per meeting and keeps its ID; each join makes a *peer* with an ID
//! of its own. Confusing the two is the classic mistake of a RealtimeKit client, so here they are
//! different types in different lists.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use crate::clock::Moment;
use crate::dice::Dice;

/// Whether a meeting admits anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Status {
    /// People may join, and the first one starts a session.
    Active,
    /// Nobody may join; who is inside stays.
    Inactive,
}

/// A role, as the dashboard makes them.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Preset {
    pub(crate) id: Uuid,
    pub(crate) name: &'static str,
}

/// A room, with everybody who may enter it and all that happened in it.
pub(crate) struct Meeting {
    pub(crate) id: String,
    pub(crate) app_id: Uuid,
    /// What the emulator made it for: `main`, `idle`, `v1` or `made`.
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
    /// Which of the sessions is going on.
    pub(crate) live: Option<usize>,
    pub(crate) polls: Vec<Poll>,
    pub(crate) presets: Vec<Preset>,
    /// Absent in a meeting where nobody comes or goes by themselves.
    pub(crate) life: Option<Life>,
    pub(crate) dice: Dice,
    /// Up to when everything due has happened.
    pub(crate) settled: Moment,
}

/// Somebody who was added to a meeting.
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
    /// With how many peers they are in the session right now.
    pub(crate) live_peers: usize,
}

/// One gathering in a meeting, from the first join to its end.
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) started_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) ended_at: Option<Moment>,
    pub(crate) peers: Vec<Peer>,
    /// The peers that are in, by index.
    pub(crate) present: Vec<usize>,
    pub(crate) max_concurrent: usize,
    /// Since when nobody is in it any more.
    pub(crate) empty_since: Option<Moment>,
}

/// Why a peer is no longer in the session.
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
    pub(crate) who: usize,
    /// The name this peer joined under.
    pub(crate) name: String,
    pub(crate) joined_at: Moment,
    pub(crate) left_at: Option<Moment>,
    pub(crate) departure: Option<Departure>,
    pub(crate) updated_at: Moment,
    pub(crate) muted: bool,
    pub(crate) may_unmute: bool,
}

impl Peer {
    /// Milliseconds in the session, so far or altogether.
    pub(crate) fn millis(&self, now: Moment) -> i64 {
        self.left_at
            .unwrap_or(now)
            .millis_since(self.joined_at)
            .max(0)
    }
}

/// A poll. The API only makes them, so nobody ever votes.
pub(crate) struct Poll {
    pub(crate) id: Uuid,
    pub(crate) session_id: Uuid,
    pub(crate) question: String,
    pub(crate) options: Vec<String>,
    pub(crate) anonymous: bool,
    pub(crate) hide_votes: bool,
    pub(crate) created_at: Moment,
}

/// The coming and going in a meeting.
pub(crate) struct Life {
    pub(crate) next: Moment,
    pub(crate) mean_millis: f64,
    /// How many peers there tend to be.
    pub(crate) target: usize,
}

/// Why the world refuses something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoApp(String),
    NoMeeting(String),
    NoActiveSession(String),
    NoSession(String),
    NoUser(String),
    /// The participant was deleted and may not come back.
    Deleted,
    /// The meeting admits nobody.
    Inactive,
}

impl Refusal {
    /// As published, where it is published.
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
