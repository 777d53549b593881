//! The events of a meeting, and their payloads as RealtimeKit sends them.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::world::Meeting;

/// The events that RealtimeKit has. The emulator's meetings cause the first four.
pub(crate) const EVENTS: [&str; 9] = [
    "meeting.started",
    "meeting.ended",
    "meeting.participantJoined",
    "meeting.participantLeft",
    "meeting.chatSynced",
    "recording.statusUpdate",
    "livestreaming.statusUpdate",
    "meeting.transcript",
    "meeting.summary",
];

/// Something that happened in a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// A session began.
    Started,
    /// A session ended; whether a host ended it.
    Ended { by_host: bool },
    /// A peer joined the session: both by their index.
    Joined { peer: usize },
    /// A peer left.
    Left { peer: usize },
}

/// An event of a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) kind: EventKind,
    /// The index of the session.
    pub(crate) session: usize,
}

impl Event {
    /// Its name.
    pub(crate) fn name(&self) -> &'static str {
        match self.kind {
            EventKind::Started => "meeting.started",
            EventKind::Ended { .. } => "meeting.ended",
            EventKind::Joined { .. } => "meeting.participantJoined",
            EventKind::Left { .. } => "meeting.participantLeft",
        }
    }

    /// Its payload.
    pub(crate) fn payload(&self, meeting: &Meeting) -> Value {
        let session = meeting.sessions.get(self.session);
        let mut payload = json!({
            "event": self.name(),
            "meeting": meeting_of(meeting, self.session),
        });
        match self.kind {
            EventKind::Started => {}
            EventKind::Ended { by_host } => {
                let reason = match by_host {
                    true => "HOST_ENDED_MEETING",
                    false => "ALL_PARTICIPANTS_LEFT",
                };
                payload["reason"] = reason.into();
            }
            EventKind::Joined { peer } | EventKind::Left { peer } => {
                let Some(peer) = session.and_then(|session| session.peers.get(peer)) else {
                    return payload;
                };
                let participant = meeting.participants.get(peer.participant_index);
                let custom = participant.map(|participant| participant.custom_id.as_str());
                payload["participant"] = json!({
                    "peerId": peer.id,
                    "userDisplayName": peer.name,
                    "customParticipantId": custom,
                    "clientSpecificId": custom,
                    "joinedAt": peer.joined_at,
                });
                if let (EventKind::Left { .. }, Some(left_at)) = (self.kind, peer.left_at) {
                    payload["participant"]["leftAt"] = json!(left_at);
                }
            }
        }
        payload
    }
}

fn meeting_of(meeting: &Meeting, session: usize) -> Value {
    let session = meeting.sessions.get(session);
    let started: Option<Moment> = session.map(|session| session.started_at);
    let is_live = session.is_some_and(|session| session.ended_at.is_none());
    json!({
        "id": meeting.id,
        "sessionId": session.map(|session| session.id),
        "title": meeting.title,
        "roomName": meeting.id,
        "status": if is_live { "LIVE" } else { "ENDED" },
        "createdAt": meeting.created_at,
        "startedAt": started,
        "organizedBy": {"id": meeting.app_id, "name": "Emulator"},
    })
}
