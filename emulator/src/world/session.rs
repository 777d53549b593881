//! The primitive changes of a meeting: adding somebody, joining, leaving, ending a session. All
//! else, moderation as well as the simulation, is made of these.

use std::collections::HashSet;

use super::model::{Departure, Meeting, Participant, Peer, Refusal, Session, Status};
use super::people::{Person, person};
use crate::clock::Moment;

impl Meeting {
    /// Adds the next simulated person; answers their index.
    pub(crate) fn add_somebody(&mut self, at: Moment) -> usize {
        let somebody = person(self.participants.len(), &mut self.dice);
        self.add(somebody, at)
    }

    /// Adds a person as the app would; answers their index.
    pub(crate) fn add(&mut self, person: Person, at: Moment) -> usize {
        let index = self.participants.len();
        let id = self.dice.uuid();
        // The first one hosts; the others take part, one in ten as a presenter.
        let preset = match index {
            0 => 0,
            _ if index % 10 == 5 => 1,
            _ => 2,
        };
        self.by_user.insert(id, index);
        self.by_custom.insert(person.custom_id.clone(), index);
        self.participants.push(Participant {
            id,
            custom_id: person.custom_id,
            name: person.name,
            email: person.email,
            picture: person.picture,
            preset,
            created_at: at,
            updated_at: at,
            deleted: false,
            live_peers: 0,
        });
        index
    }

    /// Lets a participant in as a new peer, and starts a session if there is none. Answers the
    /// peer's index in the live session.
    pub(crate) fn join(&mut self, who: usize, at: Moment) -> Result<usize, Refusal> {
        if self.status == Status::Inactive {
            return Err(Refusal::Inactive);
        }
        let Some(participant) = self.participants.get_mut(who) else {
            return Err(Refusal::NoUser(String::new()));
        };
        if participant.deleted {
            return Err(Refusal::Deleted);
        }
        let live = match self.live {
            Some(live) => live,
            None => {
                self.sessions.push(Session {
                    id: self.dice.uuid(),
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
            id: self.dice.uuid(),
            who,
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
        Ok(index)
    }

    /// Takes peers out of the live session, given by their index in it.
    pub(crate) fn depart(&mut self, peers: &HashSet<usize>, at: Moment, why: Departure) {
        let Some(session) = self.live.and_then(|live| self.sessions.get_mut(live)) else {
            return;
        };
        let gone: Vec<usize> = session
            .present
            .extract_if(.., |peer| peers.contains(peer))
            .collect();
        for index in gone {
            mark_gone(session, &mut self.participants, index, at, why);
        }
    }

    /// Takes out the peer at a place in the list of those present. The simulation's way out, which
    /// does not look through the whole list.
    pub(crate) fn depart_at(&mut self, place: usize, at: Moment) {
        let Some(session) = self.live.and_then(|live| self.sessions.get_mut(live)) else {
            return;
        };
        if place < session.present.len() {
            let index = session.present.swap_remove(place);
            mark_gone(session, &mut self.participants, index, at, Departure::Left);
        }
    }

    /// Ends the live session; whoever is in it leaves. Answers how many those were.
    pub(crate) fn end_session(&mut self, at: Moment, why: Departure) -> usize {
        let Some(session) = self.live.and_then(|live| self.sessions.get_mut(live)) else {
            return 0;
        };
        let gone = std::mem::take(&mut session.present);
        for index in &gone {
            mark_gone(session, &mut self.participants, *index, at, why);
        }
        session.ended_at = Some(at);
        session.updated_at = at;
        self.live = None;
        gone.len()
    }

    /// A peer of the session that is going on.
    pub(crate) fn live_peer_mut(&mut self, index: usize) -> Option<&mut Peer> {
        self.sessions.get_mut(self.live?)?.peers.get_mut(index)
    }

    /// The session that is going on.
    pub(crate) fn live_session(&self) -> Option<&Session> {
        self.live.and_then(|live| self.sessions.get(live))
    }

    /// The session that is going on, or the refusal that the API words.
    pub(crate) fn need_session(&self) -> Result<&Session, Refusal> {
        self.live_session()
            .ok_or_else(|| Refusal::NoActiveSession(self.id.clone()))
    }
}

/// Writes down that a peer, already taken from the list of those present, is gone.
fn mark_gone(
    session: &mut Session,
    participants: &mut [Participant],
    index: usize,
    at: Moment,
    why: Departure,
) {
    if let Some(peer) = session.peers.get_mut(index) {
        peer.left_at = Some(at);
        peer.updated_at = at;
        peer.departure = Some(why);
        if let Some(participant) = participants.get_mut(peer.who) {
            participant.live_peers = participant.live_peers.saturating_sub(1);
        }
    }
    session.updated_at = session.updated_at.max(at);
    if session.present.is_empty() {
        session.empty_since = Some(at);
    }
}
