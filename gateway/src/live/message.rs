//! The messages to a watcher, as JSON. docs/live.md describes their fields.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::diff::Change;
use super::peer::Peer;
use super::reading::{Problem, Reading};
use super::watching::List;

/// A message; its fields are in the order of the documentation.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Message<'a> {
    /// The first one of a socket.
    Welcome {
        /// The number of the last event.
        seq: u64,
        /// The protocol's version.
        version: u32,
        /// The name of this series of numbers.
        stream: &'a str,
        /// Whether the missed events follow.
        resumed: bool,
        /// The time.
        now: u64,
        /// How often a heartbeat comes.
        heartbeat_ms: u64,
        /// How often the meeting is read.
        interval_ms: u64,
        /// When the grant expires.
        expires_at: u64,
        /// What the grant allows.
        can: &'a [String],
    },
    /// Everything.
    Snapshot {
        /// The number of the last event, or its own.
        seq: u64,
        /// When the data was read.
        read_at: u64,
        /// The live session.
        session: Option<&'a RawValue>,
        /// Its peers.
        peers: Vec<&'a RawValue>,
        /// Who is watching.
        #[serde(skip_serializing_if = "Option::is_none")]
        moderators: Option<List<'a>>,
        /// The current trouble.
        #[serde(skip_serializing_if = "Option::is_none")]
        trouble: Option<TroubleBody<'a>>,
        /// The current pause.
        #[serde(skip_serializing_if = "Option::is_none")]
        pause: Option<PauseBody>,
    },
    /// What has changed.
    Change {
        /// Its number.
        seq: u64,
        /// When the data was read.
        read_at: u64,
        /// The session's fields that have changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        session: Option<&'a BTreeMap<String, Box<RawValue>>>,
        /// New and changed peers.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        peers: Vec<&'a RawValue>,
        /// Peers that are gone.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        removed: &'a [String],
        /// Participants who joined.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        joined: &'a [String],
        /// Participants who left.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        left: &'a [String],
        /// Participants who returned.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        returned: &'a [String],
        /// Participants with other changes.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        changed: &'a [String],
    },
    /// A moderator's action.
    Action {
        /// Its number.
        seq: u64,
        /// When it was over.
        at: u64,
        /// The audit's record, for those who may read it.
        #[serde(skip_serializing_if = "Option::is_none")]
        action: Option<&'a Map<String, Value>>,
    },
    /// Who is watching.
    Moderators {
        /// Its number.
        seq: u64,
        /// The list.
        #[serde(flatten)]
        list: List<'a>,
    },
    /// The meeting cannot be read.
    Trouble {
        /// Its number.
        seq: u64,
        /// What and since when.
        #[serde(flatten)]
        body: TroubleBody<'a>,
    },
    /// The meeting is read later than usual.
    Pause {
        /// Its number.
        seq: u64,
        /// Why and until when.
        #[serde(flatten)]
        body: PauseBody,
    },
    /// Nothing has happened.
    Heartbeat {
        /// The number of the last event.
        seq: u64,
        /// The time.
        now: u64,
        /// When the data was last read.
        read_at: Option<u64>,
    },
    /// A new grant is accepted.
    Grant {
        /// The number of the last event.
        seq: u64,
        /// When the grant expires.
        expires_at: u64,
        /// What it allows.
        can: &'a [String],
    },
    /// A message was refused.
    Refused {
        /// The number of the last event.
        seq: u64,
        /// The type of that message.
        of: &'static str,
        /// The status.
        status: u16,
        /// The error's code.
        code: i64,
        /// The message.
        message: &'a str,
    },
    /// The gateway stops.
    Reconnect {
        /// The number of the last event.
        seq: u64,
        /// After how long to connect again.
        after_ms: u64,
    },
}

/// A trouble.
#[derive(Clone, Copy, Serialize)]
pub struct TroubleBody<'a> {
    /// When the first read in a row failed.
    pub since: u64,
    /// How many there are.
    pub failures: u32,
    /// When the next read is due.
    pub next_at: u64,
    /// Why the last one failed.
    #[serde(serialize_with = "problem")]
    pub error: &'a Problem,
}

/// A pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PauseBody {
    /// When the next read is due.
    pub until: u64,
    /// Who asked for it.
    pub reason: PauseReason,
}

/// Who asked for a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PauseReason {
    /// The API, by a 429.
    Api,
    /// The gateway's own budget.
    Budget,
}

fn problem<S: serde::Serializer>(problem: &&Problem, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Error<'a> {
        status: u16,
        code: i64,
        message: &'a str,
    }
    Error {
        status: problem.status,
        code: problem.code,
        message: &problem.message,
    }
    .serialize(serializer)
}

impl<'a> Message<'a> {
    /// Everything that was read.
    pub fn snapshot(seq: u64, read_at: u64, reading: &'a Reading) -> Self {
        Self::Snapshot {
            seq,
            read_at,
            session: reading.session.as_ref().map(|session| session.raw()),
            peers: reading.peers.iter().map(Peer::raw).collect(),
            moderators: None,
            trouble: None,
            pause: None,
        }
    }

    /// A change to the list `now`.
    pub fn change(seq: u64, read_at: u64, change: &'a Change, now: &'a [Peer]) -> Self {
        let fields = &change.session.fields;
        let peers = change.peers.iter().filter_map(|place| now.get(*place));
        Self::Change {
            seq,
            read_at,
            session: (!fields.is_empty()).then_some(fields),
            peers: peers.map(Peer::raw).collect(),
            removed: &change.removed,
            joined: &change.joined,
            left: &change.left,
            returned: &change.returned,
            changed: &change.changed,
        }
    }

    /// The JSON. Our own structures always serialise.
    pub fn json(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }
}
