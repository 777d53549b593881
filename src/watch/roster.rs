//! The participants of a session, and who joined, left and returned between two polls.
//!
//! The API lists peers: one for each join. A participant may have several. This file groups them, for any kind of peer
//! and participant: Rust callers get structs, JavaScript callers the objects that `JSON.parse` made.

use crate::hash::Index;
use crate::shared::Arc;

/// What the roster needs to know about a peer.
pub(crate) trait Peer {
    /// Whether it has fields. A list may hold `null`.
    fn has_fields(&self) -> bool {
        true
    }
    /// The ID of its participant: `user_id`, else `custom_participant_id`, else the peer's own `id`.
    fn participant_key(&self) -> String;
    /// The peer's ID.
    fn peer_id(&self) -> Option<String>;
    /// Whether it is in the session.
    fn is_present(&self) -> bool;
    /// When it joined, as the API writes it.
    fn joined_at(&self) -> Option<String>;
    /// When it left, as the API writes it.
    fn left_at(&self) -> Option<String>;
}

/// What the roster needs to know about a participant.
pub(crate) trait Member: Sized {
    /// Its peers.
    type Peer: Peer;
    /// A participant with all its peers, the oldest first.
    fn new(key: String, is_present: bool, peers: Vec<Self::Peer>) -> Self;
    /// Its key.
    fn key(&self) -> &str;
    /// Whether any of its peers is in the session.
    fn is_present(&self) -> bool;
    /// Its peers.
    fn peers(&self) -> &[Self::Peer];
    /// Whether nothing about it differs.
    fn is_same(&self, other: &Self) -> bool;
    /// The participant, no longer in the session.
    fn departed(&self) -> Self;
}

/// The participants of a session. One that has not changed is the same `Arc` as after the poll before.
pub(crate) struct Roster<M> {
    session: Option<String>,
    /// In order of their first join.
    pub(crate) members: Vec<Arc<M>>,
    /// Where they are, by their keys.
    places: Index,
}

/// Who joined, left and returned since the poll before.
pub(crate) struct Changes<M> {
    pub(crate) joined: Vec<Arc<M>>,
    pub(crate) left: Vec<Arc<M>>,
    pub(crate) returned: Vec<Arc<M>>,
}

impl<M> Default for Changes<M> {
    fn default() -> Self {
        Self {
            joined: Vec::new(),
            left: Vec::new(),
            returned: Vec::new(),
        }
    }
}

impl<M: Member> Roster<M> {
    /// The roster after a poll: the session, if there is one, and all its peers. The first poll, with nothing `before`,
    /// reports no changes.
    pub(crate) fn new(
        before: Option<&Self>,
        session: Option<String>,
        peers: Vec<M::Peer>,
    ) -> (Self, Changes<M>) {
        let mut changes = Changes::default();
        let mut members = Vec::new();
        // In another session everyone has joined anew.
        let same_session = before.is_some_and(|before| before.session == session);
        let known = before.filter(|_| same_session);
        let (groups, places) = grouped(peers);
        for (key, peers) in groups {
            let was = known.and_then(|known| known.members.get(known.places.get(&key)?));
            let is_present = peers.iter().any(Peer::is_present);
            let is = M::new(key, is_present, peers);
            if let Some(was) = was
                && was.is_same(&is)
            {
                members.push(was.clone());
                continue;
            }
            let is = Arc::new(is);
            if before.is_some() {
                changes.record(was, &is);
            }
            members.push(is);
        }
        for was in before.iter().flat_map(|before| &before.members) {
            let is_listed = same_session && places.get(was.key()).is_some();
            if was.is_present() && !is_listed {
                changes.left.push(Arc::new(was.departed()));
            }
        }
        let roster = Self {
            session,
            members,
            places,
        };
        (roster, changes)
    }
}

impl<M: Member> Changes<M> {
    fn record(&mut self, was: Option<&Arc<M>>, is: &Arc<M>) {
        let (joined, left, returned) = match was {
            None => (true, !is.is_present(), false),
            Some(was) => match (was.is_present(), is.is_present()) {
                (true, false) => (false, true, false),
                (false, true) => (false, false, true),
                (true, true) => {
                    let was_away = was_away(was.peers(), is.peers());
                    (false, was_away, was_away)
                }
                // Absent at both polls, but may have been there in between.
                (false, false) => {
                    let was_there = is.peers().len() > was.peers().len();
                    (false, was_there, was_there)
                }
            },
        };
        if joined {
            self.joined.push(is.clone());
        }
        if left {
            self.left.push(is.clone());
        }
        if returned {
            self.returned.push(is.clone());
        }
    }
}

/// The peers of each participant, in order of their first, and where they are.
fn grouped<P: Peer>(peers: Vec<P>) -> (Vec<(String, Vec<P>)>, Index) {
    let mut groups: Vec<(String, Vec<P>)> = Vec::new();
    let mut places = Index::default();
    for peer in peers {
        let key = peer.participant_key();
        let (place, is_new) = places.insert(key.clone());
        if is_new {
            groups.push((key, Vec::new()));
        }
        if let Some((_, peers)) = groups.get_mut(place) {
            peers.push(peer);
        }
    }
    (groups, places)
}

/// Whether a participant who was present before, and is now, was away in between: no chain of peers, each joined before
/// the previous one left, connects both. Times compare as text.
fn was_away<P: Peer>(before: &[P], now: &[P]) -> bool {
    let was_present = |id: Option<String>| {
        before
            .iter()
            .any(|peer| peer.is_present() && peer.peer_id() == id)
    };
    let mut until = String::new();
    for peer in now {
        let overlaps = peer.joined_at().is_some_and(|time| time < until);
        if overlaps || was_present(peer.peer_id()) {
            if peer.is_present() {
                return false;
            }
            until = until.max(peer.left_at().unwrap_or_default());
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Participant;
    use crate::watch::participant::WatchedParticipant;
    use serde_json::Value;

    /// A peer as the cases write it: `id participant in|out joined [left]`.
    fn peer(text: &str) -> Participant {
        let mut words = text.split(' ');
        let mut next = || words.next().map(str::to_owned);
        let mut peer = Participant {
            id: next().and_then(|id| id.try_into().ok()),
            ..Participant::default()
        };
        let whose = next().unwrap();
        match whose.strip_prefix("custom:") {
            Some(custom) => peer.custom_participant_id = Some(custom.to_owned()),
            None if whose == "-" => {}
            None => peer.user_id = whose.try_into().ok(),
        }
        let state = next().unwrap();
        peer.joined_at = next();
        peer.left_at = next();
        assert_eq!(state == "in", peer.is_in(), "{text}");
        peer
    }

    /// A participant as the cases write it: in brackets if absent.
    fn name(one: &WatchedParticipant) -> String {
        match one.present {
            true => one.key.clone(),
            false => format!("({})", one.key),
        }
    }

    fn texts(list: &Value) -> Vec<&str> {
        let items = list.as_array().into_iter().flatten();
        items.map(|item| item.as_str().unwrap()).collect()
    }

    #[test]
    fn the_shared_cases() {
        let cases: Vec<Value> =
            serde_json::from_str(include_str!("../../tests/cases/watch.json")).unwrap();
        assert!(cases.len() > 10);
        for case in &cases {
            let mut roster: Option<Roster<WatchedParticipant>> = None;
            for poll in case["polls"].as_array().unwrap() {
                let peers = texts(&poll["peers"]).into_iter().map(peer).collect();
                let before = roster.take();
                let (now, changes) = Roster::new(
                    before.as_ref(),
                    poll["session"].as_str().map(str::to_owned),
                    peers,
                );
                let label = format!("{}: {poll}", case["name"]);
                for (list, expected) in [
                    (&changes.joined, &poll["joined"]),
                    (&changes.left, &poll["left"]),
                    (&changes.returned, &poll["cameBack"]),
                ] {
                    let names: Vec<_> = list.iter().map(|one| name(one)).collect();
                    assert_eq!(names, texts(expected), "{label}");
                }
                let participants: Vec<_> = now
                    .members
                    .iter()
                    .map(|one| {
                        let ids = one.peers.iter().flat_map(|peer| &peer.id);
                        let ids: Vec<&str> = ids.map(AsRef::as_ref).collect();
                        let ids = ids.join(" ");
                        format!("{}: {ids}", name(one))
                    })
                    .collect();
                assert_eq!(participants, texts(&poll["participants"]), "{label}");
                for key in texts(&poll["same"]) {
                    let find = |roster: &Roster<WatchedParticipant>| {
                        let mut all = roster.members.iter();
                        all.find(|one| one.key == key).unwrap().clone()
                    };
                    assert!(Arc::ptr_eq(&find(&now), &find(before.as_ref().unwrap())));
                }
                roster = Some(now);
            }
        }
    }

    #[test]
    fn the_newest_peer_names_the_participant() {
        let named = |text: &str, name: &str| Participant {
            display_name: Some(name.to_owned()),
            ..peer(text)
        };
        let peers = vec![
            named("p1 ann out 10 11", "Ann"),
            named("p2 ann in 12", "Anna"),
        ];
        let (roster, _) = Roster::<WatchedParticipant>::new(None, Some("s1".to_owned()), peers);
        assert_eq!(roster.members[0].display_name.as_deref(), Some("Anna"));
    }

    #[test]
    fn a_renamed_participant_has_neither_joined_nor_left() {
        let (before, _) = Roster::<WatchedParticipant>::new(
            None,
            Some("s1".to_owned()),
            vec![peer("p1 ann in 10")],
        );
        let renamed = Participant {
            display_name: Some("Ann".to_owned()),
            ..peer("p1 ann in 10")
        };
        let (now, changes) = Roster::new(Some(&before), Some("s1".to_owned()), vec![renamed]);
        assert!(!Arc::ptr_eq(&before.members[0], &now.members[0]));
        assert!(changes.joined.is_empty() && changes.left.is_empty());
        assert!(changes.returned.is_empty());
    }

    /// Whether Ann, present before by `p1` and now by `p2`, is reported to have been away.
    fn away(before: &str, now: &[&str]) -> bool {
        let (before, _) =
            Roster::<WatchedParticipant>::new(None, Some("s1".to_owned()), vec![peer(before)]);
        let now = now.iter().map(|text| peer(text)).collect();
        let (_, changes) = Roster::new(Some(&before), Some("s1".to_owned()), now);
        assert_eq!(changes.left.len(), changes.returned.len());
        !changes.left.is_empty()
    }

    #[test]
    fn a_second_device_at_the_same_moment_does_not_overlap() {
        // Joined when the first left: there was no overlap, so they were away, however short.
        assert!(away("p1 ann in 10", &["p1 ann out 10 12", "p2 ann in 12"]));
        assert!(!away("p1 ann in 10", &["p1 ann out 10 12", "p2 ann in 11"]));
        assert!(away("p1 ann in 10", &["p1 ann out 10 12", "p2 ann in 13"]));
    }

    #[test]
    fn the_latest_leave_counts_for_the_chain() {
        let chain = ["p1 ann out 10 15", "p2 ann out 11 12", "p3 ann in 14"];
        assert!(!away("p1 ann in 10", &chain));
    }

    #[test]
    fn one_renamed_while_absent_has_not_returned() {
        let session = || Some("s1".to_owned());
        let absent = "p1 ann out 10 11";
        let (before, _) = Roster::<WatchedParticipant>::new(None, session(), vec![peer(absent)]);
        let renamed = Participant {
            display_name: Some("Ann".to_owned()),
            ..peer(absent)
        };
        let (_, changes) = Roster::new(Some(&before), session(), vec![renamed]);
        assert!(changes.left.is_empty() && changes.returned.is_empty());
    }
}
