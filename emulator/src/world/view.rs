//! The response bodies, with the fields of the API description.

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{Meeting, Participant, Poll, Session, Status};
use crate::clock::Moment;

/// How a row shows that the participant has not left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LeftAt {
    /// Absent in most rows, empty in every fourth.
    Mixed,
    /// No `left_at`.
    Absent,
    /// `"left_at": ""`.
    Empty,
    /// `"left_at": null`, which the description's own schema forbids.
    Null,
}

impl LeftAt {
    fn of_peer(self, index: usize) -> Option<Value> {
        match self {
            Self::Mixed if index % 4 == 3 => Some(json!("")),
            Self::Mixed | Self::Absent => None,
            Self::Empty => Some(json!("")),
            Self::Null => Some(Value::Null),
        }
    }
}

/// `SessionParticipantDetails`.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    user_id: Uuid,
    custom_participant_id: String,
    pub(crate) display_name: String,
    preset_name: &'static str,
    joined_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_at: Option<Value>,
    duration: f64,
    created_at: Moment,
    updated_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer_events: Option<Vec<Value>>,
}

impl Row {
    /// The row of one or more peers of one participant. The latest peer gives the ID. The participant has
    /// left when all peers have.
    pub(crate) fn new(
        meeting: &Meeting,
        session: &Session,
        peers: &[usize],
        events: bool,
        left_at: LeftAt,
        now: Moment,
    ) -> Option<Self> {
        let first = session.peers.get(*peers.first()?)?;
        let index = *peers.last()?;
        let last = session.peers.get(index)?;
        let all = || peers.iter().filter_map(|peer| session.peers.get(*peer));
        let participant = meeting.participants.get(last.participant_index)?;
        let still_in = all().any(|peer| peer.left_at.is_none());
        Some(Self {
            id: last.id,
            user_id: participant.id,
            custom_participant_id: participant.custom_id.clone(),
            display_name: last.name.clone(),
            preset_name: preset_name(meeting, participant),
            joined_at: first.joined_at,
            left_at: if still_in {
                left_at.of_peer(index)
            } else {
                all().filter_map(|peer| peer.left_at).max().map(|at| json!(at))
            },
            duration: minutes(all().map(|peer| peer.millis(now)).sum()),
            created_at: first.joined_at,
            updated_at: all().map(|peer| peer.updated_at).max()?,
            peer_events: events.then(|| {
                all()
                    .flat_map(|peer| {
                        let event = |name: &str, at: Moment| json!({"id": format!("{}-{name}", peer.id), "event_name": name, "peer_id": peer.id, "created_at": at});
                        [Some(event("PEER_JOINED", peer.joined_at)), peer.left_at.map(|at| event("PEER_LEFT", at))]
                    })
                    .flatten()
                    .collect()
            }),
        })
    }
}

/// `ActiveSession`.
#[derive(Serialize)]
pub(crate) struct SessionView<'a> {
    id: Uuid,
    associated_id: &'a str,
    meeting_display_name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    live_participants: usize,
    max_concurrent_participants: usize,
    minutes_consumed: f64,
    organization_id: Uuid,
    started_at: Moment,
    created_at: Moment,
    updated_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    breakout_rooms: [(); 0],
    meta: Value,
}

impl<'a> SessionView<'a> {
    /// The response for a session.
    pub(crate) fn new(meeting: &'a Meeting, session: &'a Session, now: Moment) -> Self {
        let live = session.ended_at.is_none();
        // A live V1 session has the string "null", as in the published example.
        let never = (meeting.role == "v1").then(|| "null".to_owned());
        Self {
            id: session.id,
            associated_id: &meeting.id,
            meeting_display_name: &meeting.title,
            kind: "meeting",
            status: if live { "LIVE" } else { "ENDED" },
            live_participants: session.present.len(),
            max_concurrent_participants: session.max_concurrent,
            minutes_consumed: minutes(session.peers.iter().map(|peer| peer.millis(now)).sum()),
            organization_id: meeting.app_id,
            started_at: session.started_at,
            created_at: session.started_at,
            updated_at: session.updated_at,
            ended_at: session.ended_at.map(Moment::iso).or(never),
            breakout_rooms: [],
            meta: json!({}),
        }
    }
}

/// `SessionParticipant`, in the responses of kick and mute: one for each affected peer.
#[derive(Serialize)]
pub(crate) struct AffectedPeer {
    id: Uuid,
    created_at: Moment,
    updated_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
}

impl AffectedPeer {
    /// The affected peers.
    pub(crate) fn list(meeting: &Meeting, session: &Session, peers: &[usize]) -> Vec<Self> {
        peers
            .iter()
            .filter_map(|peer| {
                let peer = session.peers.get(*peer)?;
                let participant = meeting.participants.get(peer.participant_index)?;
                Some(Self {
                    id: peer.id,
                    created_at: peer.joined_at,
                    updated_at: peer.updated_at,
                    email: participant.email.clone(),
                    name: peer.name.clone(),
                    picture: participant.picture.clone(),
                })
            })
            .collect()
    }
}

/// The `data` of a meeting.
pub(crate) fn meeting(meeting: &Meeting) -> Value {
    json!({
        "id": meeting.id,
        "title": meeting.title,
        "status": meeting.status,
        "persist_chat": meeting.persist_chat,
        "record_on_start": meeting.record_on_start,
        "live_stream_on_start": meeting.live_stream_on_start,
        "session_keep_alive_time_in_secs": meeting.keep_alive_secs,
        "created_at": meeting.created_at,
        "updated_at": meeting.updated_at,
    })
}

/// `Poll`.
pub(crate) fn poll(poll: &Poll) -> Value {
    let options: Vec<Value> = poll
        .options
        .iter()
        .map(|text| json!({"text": text, "count": 0, "votes": []}))
        .collect();
    json!({
        "id": poll.id,
        "question": poll.question,
        "options": options,
        "anonymous": poll.anonymous,
        "hide_votes": poll.hide_votes,
        "created_by": "api",
        "voted": [],
    })
}

/// The `data` of a deleted participant.
pub(crate) fn deleted(meeting: &Meeting, participant_index: usize) -> Value {
    let Some(participant) = meeting.participants.get(participant_index) else {
        return Value::Null;
    };
    json!({
        "custom_participant_id": participant.custom_id,
        "preset_id": meeting.presets.get(participant.preset).map(|preset| preset.id).unwrap_or_default(),
        "created_at": participant.created_at,
        "updated_at": participant.updated_at,
    })
}

/// The name of a participant's preset.
pub(crate) fn preset_name(meeting: &Meeting, participant: &Participant) -> &'static str {
    meeting
        .presets
        .get(participant.preset)
        .map_or("", |preset| preset.name)
}

/// Whether participants can join.
pub(crate) fn is_active(meeting: &Meeting) -> bool {
    meeting.status == Status::Active
}

/// Minutes with four decimals, as in the API.
fn minutes(millis: i64) -> f64 {
    (millis as f64 / 6.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_have_four_decimals() {
        assert_eq!(minutes(348_582), 5.8097);
        assert_eq!(minutes(0), 0.0);
    }
}
