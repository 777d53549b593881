//! Who is in a session, by participants rather than by peers, and who came and went between two
//! looks. (For the package `pkg/lib/roster.js` does the same; `tests/cases/watch.json` holds both
//! to it.)

use crate::models::Participant;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Somebody who was in the session, by however many devices and however often.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WatchedParticipant {
    /// `user_id`; without one `custom_participant_id`; without either the peer's `id`.
    pub key: String,
    /// The participant's permanent ID.
    pub user_id: Option<String>,
    /// The app's own name for the participant.
    pub custom_participant_id: Option<String>,
    /// The name shown to others, by the newest peer.
    pub display_name: Option<String>,
    /// The name of their preset, by the newest peer.
    pub preset_name: Option<String>,
    /// Whether any of their peers is in.
    pub present: bool,
    /// Their peers, which are their joins, the oldest first.
    pub peers: Vec<Participant>,
}

impl WatchedParticipant {
    fn new(key: &str, peers: Vec<Participant>) -> Self {
        let newest = peers.last().cloned().unwrap_or_default();
        Self {
            key: key.to_owned(),
            user_id: newest.user_id,
            custom_participant_id: newest.custom_participant_id,
            display_name: newest.display_name,
            preset_name: newest.preset_name,
            present: peers.iter().any(Participant::is_in),
            peers,
        }
    }
}

/// Participants of a snapshot. Who has not changed is the same `Rc` as in the snapshot before.
pub(crate) type Watched = Vec<Rc<WatchedParticipant>>;

/// What was found by a look.
#[derive(Clone, Default)]
pub(crate) struct Roster {
    session: Option<String>,
    /// In order of their first join.
    pub(crate) participants: Watched,
}

/// Who came and went since the look before.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) joined: Watched,
    pub(crate) left: Watched,
    pub(crate) came_back: Watched,
}

impl Roster {
    /// What a look found: a session, if there is one, and everybody who was in it. Of the first
    /// look, which has none `before`, nobody has come or gone.
    pub(crate) fn new(
        before: Option<&Self>,
        session: Option<&str>,
        peers: Vec<Participant>,
    ) -> (Self, Changes) {
        let mut changes = Changes::default();
        let mut participants = Watched::new();
        let same = before.filter(|before| before.session.as_deref() == session);
        let known: HashMap<_, _> = same
            .iter()
            .flat_map(|before| &before.participants)
            .map(|one| (one.key.as_str(), one))
            .collect();
        for (key, peers) in grouped(peers) {
            let is = WatchedParticipant::new(&key, peers);
            let was = known.get(key.as_str()).copied();
            if let Some(was) = was
                && **was == is
            {
                participants.push(was.clone());
                continue;
            }
            let is = Rc::new(is);
            if before.is_some() {
                changes.note(was, &is);
            }
            participants.push(is);
        }
        let here: HashSet<_> = match same {
            Some(_) => participants.iter().map(|one| one.key.as_str()).collect(),
            None => HashSet::new(),
        };
        for was in before.iter().flat_map(|before| &before.participants) {
            if was.present && !here.contains(was.key.as_str()) {
                let gone = WatchedParticipant {
                    present: false,
                    ..(**was).clone()
                };
                changes.left.push(Rc::new(gone));
            }
        }
        let roster = Self {
            session: session.map(str::to_owned),
            participants,
        };
        (roster, changes)
    }
}

impl Changes {
    fn note(&mut self, was: Option<&Rc<WatchedParticipant>>, is: &Rc<WatchedParticipant>) {
        let Some(was) = was else {
            self.joined.push(is.clone());
            if !is.present {
                self.left.push(is.clone());
            }
            return;
        };
        let (left, back) = match (was.present, is.present) {
            (true, true) => {
                let out = was_out(&was.peers, &is.peers);
                (out, out)
            }
            (true, false) => (true, false),
            (false, true) => (false, true),
            (false, false) => {
                let again = is.peers.len() > was.peers.len();
                (again, again)
            }
        };
        if left {
            self.left.push(is.clone());
        }
        if back {
            self.came_back.push(is.clone());
        }
    }
}

/// The peers of each participant, in order of their first.
fn grouped(peers: Vec<Participant>) -> Vec<(String, Vec<Participant>)> {
    let mut groups: Vec<(String, Vec<Participant>)> = Vec::new();
    let mut places = HashMap::new();
    for peer in peers {
        let key = [&peer.user_id, &peer.custom_participant_id, &peer.id]
            .into_iter()
            .flatten()
            .find(|id| !id.is_empty())
            .cloned()
            .unwrap_or_default();
        let place = *places.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, peers)) => peers.push(peer),
            None => groups.push((key, vec![peer])),
        }
    }
    groups
}

/// Whether somebody who was in by some peers, and is in now, was out meanwhile: no chain of peers,
/// each joined before the one before it left, leads from then to now. Times are compared as the
/// texts that they are.
fn was_out(before: &[Participant], now: &[Participant]) -> bool {
    let in_before: HashSet<_> = before
        .iter()
        .filter(|peer| peer.is_in())
        .map(|peer| peer.id.as_deref())
        .collect();
    let mut until = "";
    for peer in now {
        let overlaps = peer.joined_at.as_deref().is_some_and(|time| time < until);
        if overlaps || in_before.contains(&peer.id.as_deref()) {
            let Some(left) = peer.left_at.as_deref().filter(|_| !peer.is_in()) else {
                return false;
            };
            until = until.max(left);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// A peer as the cases write it: `id whose in|out joined [left]`.
    fn peer(text: &str) -> Participant {
        let mut words = text.split(' ');
        let mut next = || words.next().map(str::to_owned);
        let mut peer = Participant {
            id: next(),
            ..Participant::default()
        };
        let whose = next().unwrap();
        match whose.strip_prefix("custom:") {
            Some(custom) => peer.custom_participant_id = Some(custom.to_owned()),
            None if whose == "-" => {}
            None => peer.user_id = Some(whose),
        }
        let state = next().unwrap();
        peer.joined_at = next();
        peer.left_at = next();
        assert_eq!(state == "in", peer.is_in(), "{text}");
        peer
    }

    /// A participant as the cases write it: in brackets if out.
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
    fn the_cases_that_the_package_is_held_to_as_well() {
        let cases: Vec<Value> =
            serde_json::from_str(include_str!("../../tests/cases/watch.json")).unwrap();
        assert!(cases.len() > 10);
        for case in &cases {
            let mut roster = None;
            for look in case["looks"].as_array().unwrap() {
                let peers = texts(&look["peers"]).into_iter().map(peer).collect();
                let before = roster.take();
                let (now, changes) = Roster::new(before.as_ref(), look["session"].as_str(), peers);
                let label = format!("{}: {look}", case["name"]);
                for (list, expected) in [
                    (&changes.joined, &look["joined"]),
                    (&changes.left, &look["left"]),
                    (&changes.came_back, &look["cameBack"]),
                ] {
                    let names: Vec<_> = list.iter().map(|one| name(one)).collect();
                    assert_eq!(names, texts(expected), "{label}");
                }
                let participants: Vec<_> = now
                    .participants
                    .iter()
                    .map(|one| {
                        let ids: Vec<_> = one.peers.iter().flat_map(|peer| &peer.id).collect();
                        let ids = ids.into_iter().cloned().collect::<Vec<_>>().join(" ");
                        format!("{}: {ids}", name(one))
                    })
                    .collect();
                assert_eq!(participants, texts(&look["participants"]), "{label}");
                for key in texts(&look["same"]) {
                    let find = |roster: &Roster| {
                        let mut all = roster.participants.iter();
                        all.find(|one| one.key == key).unwrap().clone()
                    };
                    assert!(Rc::ptr_eq(&find(&now), &find(before.as_ref().unwrap())));
                }
                roster = Some(now);
            }
        }
    }

    #[test]
    fn what_is_shown_is_what_the_newest_peer_says() {
        let named = |text: &str, name: &str| Participant {
            display_name: Some(name.to_owned()),
            ..peer(text)
        };
        let peers = vec![
            named("p1 ann out 10 11", "Ann"),
            named("p2 ann in 12", "Anna"),
        ];
        let (roster, _) = Roster::new(None, Some("s1"), peers);
        assert_eq!(roster.participants[0].display_name.as_deref(), Some("Anna"));
    }

    #[test]
    fn who_has_another_name_is_another_object_but_has_not_moved() {
        let (before, _) = Roster::new(None, Some("s1"), vec![peer("p1 ann in 10")]);
        let renamed = Participant {
            display_name: Some("Ann".to_owned()),
            ..peer("p1 ann in 10")
        };
        let (now, changes) = Roster::new(Some(&before), Some("s1"), vec![renamed]);
        assert!(!Rc::ptr_eq(&before.participants[0], &now.participants[0]));
        assert!(changes.joined.is_empty() && changes.left.is_empty());
        assert!(changes.came_back.is_empty());
    }
}
