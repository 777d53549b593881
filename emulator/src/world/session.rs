//! The primitive changes of a meeting: add a participant, join, leave, end a session. Moderation and
//! simulation are made of these.

use std::collections::HashSet;

use super::model::{Departure, Meeting, Participant, Peer, Refusal, Session, Status};
use super::person::{NewParticipant, random_participant};
use crate::clock::Moment;
use crate::webhooks::{Event, EventKind};

impl Meeting {
    /// Adds the next simulated participant. Returns the index.
    pub(crate) fn add_random_participant(&mut self, at: Moment) -> usize {
        let participant = random_participant(self.participants.len(), &mut self.rng);
        self.add(participant, at)
    }

    /// Adds a participant, as the app would. Returns the index.
    pub(crate) fn add(&mut self, new: NewParticipant, at: Moment) -> usize {
        let index = self.participants.len();
        let id = self.rng.uuid();
        // The first one is the host. One in ten is a presenter.
        let preset = match index {
            0 => 0,
            _ if index % 10 == 5 => 1,
            _ => 2,
        };
        self.by_user.insert(id, index);
        self.by_custom.insert(new.custom_id.clone(), index);
        self.participants.push(Participant {
            id,
            custom_id: new.custom_id,
            name: new.name,
            email: new.email,
            picture: new.picture,
            preset,
            created_at: at,
            updated_at: at,
            deleted: false,
            live_peers: 0,
        });
        index
    }

    /// Lets a participant join as a new peer, and starts a session if there is none. Returns the index
    /// of the peer in the live session.
    pub(crate) fn join(&mut self, participant_index: usize, at: Moment) -> Result<usize, Refusal> {
        if self.status == Status::Inactive {
            return Err(Refusal::Inactive);
        }
        let Some(participant) = self.participants.get_mut(participant_index) else {
            return Err(Refusal::NoUser(String::new()));
        };
        if participant.deleted {
            return Err(Refusal::Deleted);
        }
        let is_new = self.live.is_none();
        let live = match self.live {
            Some(live) => live,
            None => {
                self.sessions.push(Session {
                    id: self.rng.uuid(),
                    started_at: at,
                    updated_at: at,
                    ended_at: None,
                    peers: Vec::new(),
                    present: Vec::new(),
                    max_concurrent: 0,
                    empty_since: None,
                });
                *self.live.insert(self.sessions.len().saturating_sub(1))
            }
        };
        let Some(session) = self.sessions.get_mut(live) else {
            return Err(Refusal::NoActiveSession(self.id.clone()));
        };
        participant.live_peers += 1;
        let index = session.peers.len();
        session.peers.push(Peer {
            id: self.rng.uuid(),
            participant_index,
            name: participant.name.clone(),
            joined_at: at,
            left_at: None,
            departure: None,
            updated_at: at,
            muted: false,
            may_unmute: true,
        });
        session.present.push(index);
        session.max_concurrent = session.max_concurrent.max(session.present.len());
        session.empty_since = None;
        session.updated_at = at;
        let event = |kind| Event {
            kind,
            session: live,
        };
        if is_new {
            self.events.push(event(EventKind::Started));
        }
        self.events.push(event(EventKind::Joined { peer: index }));
        Ok(index)
    }

    /// Removes peers from the live session, by their index.
    pub(crate) fn disconnect(&mut self, peers: &HashSet<usize>, at: Moment, reason: Departure) {
        let Some(session) = self.live.and_then(|live| self.sessions.get_mut(live)) else {
            return;
        };
        let gone: Vec<usize> = session
            .present
            .extract_if(.., |peer| peers.contains(peer))
            .collect();
        for index in gone {
            mark_departed(session, &mut self.participants, index, at, reason);
            self.events.extend(left(self.live, index));
        }
    }

    /// Removes the peer at a position in `present`. The simulation uses it, because it needs no
    /// search.
    pub(crate) fn disconnect_at(&mut self, place: usize, at: Moment) {
        let Some(session) = self.live.and_then(|live| self.sessions.get_mut(live)) else {
            return;
        };
        if place < session.present.len() {
            let index = session.present.swap_remove(place);
            mark_departed(session, &mut self.participants, index, at, Departure::Left);
            self.events.extend(left(self.live, index));
        }
    }

    /// Ends the live session. Returns the number of peers that were in it.
    pub(crate) fn end_session(&mut self, at: Moment, reason: Departure) -> usize {
        let Some(session) = self.live.and_then(|live| self.sessions.get_mut(live)) else {
            return 0;
        };
        let gone = std::mem::take(&mut session.present);
        for index in &gone {
            mark_departed(session, &mut self.participants, *index, at, reason);
            self.events.extend(left(self.live, *index));
        }
        session.ended_at = Some(at);
        session.updated_at = at;
        let by_host = !gone.is_empty();
        let kind = EventKind::Ended { by_host };
        let ended = |session| Event { kind, session };
        self.events.extend(self.live.take().map(ended));
        gone.len()
    }

    /// A peer of the live session.
    pub(crate) fn live_peer_mut(&mut self, index: usize) -> Option<&mut Peer> {
        self.sessions.get_mut(self.live?)?.peers.get_mut(index)
    }

    /// The live session.
    pub(crate) fn live_session(&self) -> Option<&Session> {
        self.live.and_then(|live| self.sessions.get(live))
    }

    /// The live session, or the API's error.
    pub(crate) fn require_session(&self) -> Result<&Session, Refusal> {
        self.live_session()
            .ok_or_else(|| Refusal::NoActiveSession(self.id.clone()))
    }
}

/// The event of a peer that left a session.
fn left(session: Option<usize>, peer: usize) -> Option<Event> {
    let kind = EventKind::Left { peer };
    session.map(|session| Event { kind, session })
}

/// Marks a peer as departed. It must already be removed from `present`.
fn mark_departed(
    session: &mut Session,
    participants: &mut [Participant],
    index: usize,
    at: Moment,
    reason: Departure,
) {
    if let Some(peer) = session.peers.get_mut(index) {
        peer.left_at = Some(at);
        peer.updated_at = at;
        peer.departure = Some(reason);
        if let Some(participant) = participants.get_mut(peer.participant_index) {
            participant.live_peers = participant.live_peers.saturating_sub(1);
        }
    }
    session.updated_at = session.updated_at.max(at);
    if session.present.is_empty() {
        session.empty_since = Some(at);
    }
}
