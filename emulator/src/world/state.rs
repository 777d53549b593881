//! The state for tests. It includes what the API never returns: muted peers, deleted participants,
//! polls.

use serde_json::{Value, json};

use super::World;
use super::model::{Meeting, Participant, Peer, Session};
use super::view::{SessionView, is_active, poll, preset_name};
use crate::clock::Moment;

impl World {
    /// The whole state, or that of one meeting.
    pub(crate) fn state(&mut self, only: Option<&str>) -> Value {
        let now = self.catch_up();
        let meetings: Vec<Value> = self
            .meetings
            .iter()
            .filter(|meeting| only.is_none_or(|id| id == meeting.id))
            .map(|meeting| meeting_state(meeting, now))
            .collect();
        json!({
            "now": now,
            "seed": self.seed,
            "speed": self.speed(),
            "apps": self.apps,
            "meetings": meetings,
        })
    }
}

fn meeting_state(meeting: &Meeting, now: Moment) -> Value {
    let mut state = super::meeting(meeting);
    let session = meeting.live_session();
    let deleted = meeting.participants.iter().filter(|p| p.deleted).count();
    let ended: Vec<Value> = meeting
        .sessions
        .iter()
        .filter(|session| session.ended_at.is_some())
        .map(|session| session_state(meeting, session, now))
        .collect();
    let polls: Vec<Value> = meeting
        .polls
        .iter()
        .map(|made| {
            let mut view = poll(made);
            view["session_id"] = json!(made.session_id);
            view["created_at"] = json!(made.created_at);
            view
        })
        .collect();
    state["app_id"] = json!(meeting.app_id);
    state["role"] = json!(meeting.role);
    state["admits"] = json!(is_active(meeting));
    state["lively"] = json!(meeting.simulation.is_some());
    state["counts"] = json!({
        "participants": meeting.participants.len(),
        "deleted": deleted,
        "live_peers": session.map_or(0, |session| session.present.len()),
        "muted_peers": session.map_or(0, |session| {
            session.present.iter().filter_map(|p| session.peers.get(*p)).filter(|p| p.muted).count()
        }),
        "peers": session.map_or(0, |session| session.peers.len()),
        "sessions": meeting.sessions.len(),
        "polls": meeting.polls.len(),
    });
    state["session"] = json!(session.map(|session| session_state(meeting, session, now)));
    state["ended_sessions"] = json!(ended);
    state["polls"] = json!(polls);
    state["participants"] = meeting
        .participants
        .iter()
        .map(|participant| participant_state(meeting, participant))
        .collect();
    state
}

fn participant_state(meeting: &Meeting, participant: &Participant) -> Value {
    json!({
        "user_id": participant.id,
        "custom_participant_id": participant.custom_id,
        "name": participant.name,
        "email": participant.email,
        "picture": participant.picture,
        "preset_name": preset_name(meeting, participant),
        "deleted": participant.deleted,
        "live_peers": participant.live_peers,
    })
}

fn session_state(meeting: &Meeting, session: &Session, now: Moment) -> Value {
    let mut state = json!(SessionView::new(meeting, session, now));
    state["peers"] = session
        .peers
        .iter()
        .map(|peer| peer_state(meeting, peer))
        .collect();
    state
}

/// A peer, with the fields that the API does not have.
pub(crate) fn peer_state(meeting: &Meeting, peer: &Peer) -> Value {
    let participant = meeting.participants.get(peer.participant_index);
    json!({
        "peer_id": peer.id,
        "user_id": participant.map(|participant| participant.id),
        "custom_participant_id": participant.map(|participant| participant.custom_id.as_str()),
        "name": peer.name,
        "joined_at": peer.joined_at,
        "left_at": peer.left_at,
        "departure": peer.departure,
        "in_session": peer.left_at.is_none(),
        "muted": peer.muted,
        "may_unmute": peer.may_unmute,
    })
}
