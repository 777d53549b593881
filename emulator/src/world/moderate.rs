//! The actions of a moderator. Each is all or nothing: if one named participant is not in the session,
//! nothing happens to the others.

use std::collections::HashSet;

use uuid::Uuid;

use super::model::{Departure, Meeting, Poll, Refusal, Status};
use crate::clock::Moment;

/// The targets of an action, by both kinds of ID.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Targets {
    /// Permanent participant IDs (`user_id`), never peer IDs.
    pub(crate) users: Vec<Uuid>,
    /// The app's own IDs (`custom_participant_id`).
    pub(crate) customs: Vec<String>,
}

/// A new poll.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewPoll {
    pub(crate) question: String,
    pub(crate) options: Vec<String>,
    pub(crate) anonymous: bool,
    pub(crate) hide_votes: bool,
}

/// Changes to a meeting.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct MeetingPatch {
    pub(crate) title: Option<String>,
    pub(crate) status: Option<Status>,
    pub(crate) persist_chat: Option<bool>,
    pub(crate) record_on_start: Option<bool>,
    pub(crate) live_stream_on_start: Option<bool>,
    pub(crate) keep_alive_secs: Option<f64>,
}

impl Meeting {
    /// Kicks the targets. They can join again. Returns the indexes of the peers.
    pub(crate) fn kick(&mut self, targets: &Targets, now: Moment) -> Result<Vec<usize>, Refusal> {
        let peers = self.peers_of(targets)?;
        self.disconnect(&peers.iter().copied().collect(), now, Departure::Kicked);
        Ok(peers)
    }

    /// Ends the session. Returns the number of peers.
    pub(crate) fn kick_all(&mut self, now: Moment) -> Result<usize, Refusal> {
        self.require_session()?;
        Ok(self.end_session(now, Departure::Kicked))
    }

    /// Mutes the targets. They can unmute themselves. Returns the indexes of the peers.
    pub(crate) fn mute(&mut self, targets: &Targets, now: Moment) -> Result<Vec<usize>, Refusal> {
        let peers = self.peers_of(targets)?;
        self.set_muted(&peers, None, now);
        Ok(peers)
    }

    /// Mutes all peers in the session. Returns their number.
    pub(crate) fn mute_all(&mut self, allow_unmute: bool, now: Moment) -> Result<usize, Refusal> {
        let peers = self.require_session()?.present.clone();
        self.set_muted(&peers, Some(allow_unmute), now);
        Ok(peers.len())
    }

    /// Creates a poll. A second identical call creates a second poll.
    pub(crate) fn poll(&mut self, new: NewPoll, now: Moment) -> Result<&Poll, Refusal> {
        let session_id = self.require_session()?.id;
        let id = self.rng.uuid();
        let place = self.polls.len();
        self.polls.push(Poll {
            id,
            session_id,
            question: new.question,
            options: new.options,
            anonymous: new.anonymous,
            hide_votes: new.hide_votes,
            created_at: now,
        });
        self.polls
            .get(place)
            .ok_or_else(|| Refusal::NoActiveSession(self.id.clone()))
    }

    /// Deletes a participant for good. It does not end their peers. Returns their index.
    pub(crate) fn delete(&mut self, id: &str, now: Moment) -> Result<usize, Refusal> {
        let missing = || Refusal::NoUser(id.to_owned());
        let index = *parse_user(id)
            .and_then(|id| self.by_user.get(&id))
            .ok_or_else(missing)?;
        let participant = self
            .participants
            .get_mut(index)
            .filter(|participant| !participant.deleted)
            .ok_or_else(missing)?;
        participant.deleted = true;
        participant.updated_at = now;
        Ok(index)
    }

    /// Changes the meeting's settings.
    pub(crate) fn change(&mut self, patch: MeetingPatch, now: Moment) {
        if let Some(title) = patch.title {
            self.title = title;
        }
        self.status = patch.status.unwrap_or(self.status);
        self.persist_chat = patch.persist_chat.unwrap_or(self.persist_chat);
        self.record_on_start = patch.record_on_start.unwrap_or(self.record_on_start);
        self.live_stream_on_start = patch
            .live_stream_on_start
            .unwrap_or(self.live_stream_on_start);
        self.keep_alive_secs = patch.keep_alive_secs.unwrap_or(self.keep_alive_secs);
        self.updated_at = now;
    }

    /// The live peers of all targets, in order of their joins. It fails for a target without any.
    fn peers_of(&self, targets: &Targets) -> Result<Vec<usize>, Refusal> {
        let session = self.require_session()?;
        let users = targets
            .users
            .iter()
            .map(|id| (id.to_string(), self.by_user.get(id)));
        let customs = targets
            .customs
            .iter()
            .map(|id| (id.clone(), self.by_custom.get(id)));
        let mut wanted = HashSet::new();
        for (id, index) in users.chain(customs) {
            let present = index.filter(|index| {
                self.participants
                    .get(**index)
                    .is_some_and(|participant| participant.live_peers > 0)
            });
            wanted.insert(*present.ok_or(Refusal::NoUser(id))?);
        }
        let mut peers: Vec<usize> = session
            .present
            .iter()
            .copied()
            .filter(|peer| {
                session
                    .peers
                    .get(*peer)
                    .is_some_and(|peer| wanted.contains(&peer.participant_index))
            })
            .collect();
        peers.sort_unstable();
        Ok(peers)
    }

    fn set_muted(&mut self, peers: &[usize], allow_unmute: Option<bool>, now: Moment) {
        let Some(session) = self.live.and_then(|live| self.sessions.get_mut(live)) else {
            return;
        };
        for index in peers {
            if let Some(peer) = session.peers.get_mut(*index) {
                peer.muted = true;
                peer.may_unmute = allow_unmute.unwrap_or(peer.may_unmute);
                peer.updated_at = now;
            }
        }
        session.updated_at = now;
    }
}

/// Parses a UUID in the API's form, with hyphens. Other forms are not IDs.
pub(crate) fn parse_user(id: &str) -> Option<Uuid> {
    if id.len() != 36 {
        return None;
    }
    Uuid::try_parse(id).ok()
}
