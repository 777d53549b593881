//! A participant of a watched session, for Rust.

use super::roster::{Member, Peer};
use crate::models::Participant;

/// A participant of a session, on any number of devices and after any number of joins.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WatchedParticipant {
    /// `user_id`; without one `custom_participant_id`; without either the peer's `id`.
    pub key: String,
    /// The participant's permanent ID.
    pub user_id: Option<String>,
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
        [&self.user_id, &self.custom_participant_id, &self.id]
            .into_iter()
            .flatten()
            .find(|id| !id.is_empty())
            .cloned()
            .unwrap_or_default()
    }

    fn peer_id(&self) -> Option<String> {
        self.id.clone()
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
