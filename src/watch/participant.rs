//! A participant of a watched session, for Rust.

use super::roster::{Member, Peer};
use crate::id::ParticipantId;
use crate::models::{Participant, ParticipantIds};
use serde::{Deserialize, Serialize};

/// A participant of a session, on any number of devices and after any number of joins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WatchedParticipant {
    /// `user_id`; without one `custom_participant_id`; without either the peer's `id`.
    pub key: String,
    /// The participant's permanent ID.
    pub user_id: Option<ParticipantId>,
    /// The app's own ID for the participant.
    pub custom_participant_id: Option<String>,
    /// The name shown to others, according to the newest peer.
    pub display_name: Option<String>,
    /// The name of their preset, according to the newest peer.
    pub preset_name: Option<String>,
    /// Whether any of their peers is in the session.
    pub present: bool,
    /// Their peers, one for each join, the oldest first.
    pub peers: Vec<Participant>,
}

impl WatchedParticipant {
    /// The participant whose peers these are, the oldest first.
    pub fn new(peers: Vec<Participant>) -> Self {
        let key = peers.first().map(Peer::participant_key).unwrap_or_default();
        let is_present = peers.iter().any(Participant::is_in);
        Member::new(key, is_present, peers)
    }

    /// The participant, to kick or mute them: by `user_id`, else by `custom_participant_id`. Empty if they have
    /// neither.
    pub fn ids(&self) -> ParticipantIds {
        match (&self.user_id, &self.custom_participant_id) {
            (Some(id), _) => ParticipantIds::users([id]),
            (None, Some(id)) if !id.is_empty() => ParticipantIds::custom([id]),
            _ => ParticipantIds::default(),
        }
    }
}

impl Member for WatchedParticipant {
    type Peer = Participant;

    fn new(key: String, is_present: bool, peers: Vec<Participant>) -> Self {
        let newest = peers.last().cloned().unwrap_or_default();
        Self {
            key,
            user_id: newest.user_id,
            custom_participant_id: newest.custom_participant_id,
            display_name: newest.display_name,
            preset_name: newest.preset_name,
            present: is_present,
            peers,
        }
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn is_present(&self) -> bool {
        self.present
    }

    fn peers(&self) -> &[Participant] {
        &self.peers
    }

    fn is_same(&self, other: &Self) -> bool {
        self == other
    }

    fn departed(&self) -> Self {
        Self {
            present: false,
            ..self.clone()
        }
    }
}

impl Peer for Participant {
    fn participant_key(&self) -> String {
        let ids = [
            self.user_id.as_ref().map(AsRef::as_ref),
            self.custom_participant_id.as_deref(),
            self.id.as_ref().map(AsRef::as_ref),
        ];
        let mut ids = ids.into_iter().flatten();
        ids.find(|id| !id.is_empty()).unwrap_or_default().to_owned()
    }

    fn peer_id(&self) -> Option<String> {
        self.id.as_ref().map(ToString::to_string)
    }

    fn is_present(&self) -> bool {
        self.is_in()
    }

    fn joined_at(&self) -> Option<String> {
        self.joined_at.clone()
    }

    fn left_at(&self) -> Option<String> {
        self.left_at.clone()
    }
}
