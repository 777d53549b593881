//! The cases that the client and the gateway share, and any sequence of lists.

use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::*;
use crate::live::session::Session;

fn raw(json: &Value) -> Box<RawValue> {
    RawValue::from_string(json.to_string()).unwrap()
}

/// A peer as the cases write it: `id participant in|out joined [left]`.
fn peer(text: &str) -> Peer {
    let words: Vec<&str> = text.split(' ').collect();
    let mut json = json!({"id": words[0], "joined_at": words[3]});
    match (words[1], words[1].strip_prefix("custom:")) {
        (_, Some(custom)) => json["custom_participant_id"] = custom.into(),
        ("-", None) => {}
        (user, None) => json["user_id"] = user.into(),
    }
    if let Some(left_at) = words.get(4) {
        json["left_at"] = (*left_at).into();
    }
    Peer::new(&raw(&json)).unwrap()
}

fn reading(session: Option<&str>, peers: Vec<Peer>) -> Reading {
    let session = session.map(|id| Session::new(&raw(&json!({"id": id}))).unwrap());
    Reading { session, peers }
}

fn texts(list: &Value) -> Vec<&str> {
    let items = list.as_array().into_iter().flatten();
    items.map(|item| item.as_str().unwrap()).collect()
}

#[test]
fn the_cases_that_the_client_has_too() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../../../../tests/cases/watch.json")).unwrap();
    let mut compared = 0;
    for case in &cases {
        let mut before: Option<Reading> = None;
        for poll in case["polls"].as_array().unwrap() {
            let peers = texts(&poll["peers"]).into_iter().map(peer).collect();
            let mut now = reading(poll["session"].as_str(), peers);
            let label = format!("{}: {poll}", case["name"]);
            match before.as_ref().map(|before| difference(before, &mut now)) {
                Some(Difference::Change(change)) => {
                    compared += 1;
                    // The cases write those who are absent in brackets.
                    let keys = |list: &Value| -> Vec<String> {
                        let plain = texts(list).into_iter();
                        plain
                            .map(|key| key.trim_matches(['(', ')']).to_owned())
                            .collect()
                    };
                    let sorted = |list: &[String]| {
                        let mut list = list.to_vec();
                        list.sort();
                        list
                    };
                    for (own, cases) in [
                        (&change.joined, keys(&poll["joined"])),
                        (&change.left, keys(&poll["left"])),
                        (&change.returned, keys(&poll["cameBack"])),
                    ] {
                        assert_eq!(sorted(own), sorted(&cases), "{label}");
                    }
                }
                Some(Difference::Nothing) => {
                    for list in ["joined", "left", "cameBack"] {
                        assert_eq!(texts(&poll[list]), [""; 0], "{label}");
                    }
                }
                // A new list: the client compares it by itself.
                Some(Difference::Everything) | None => {}
            }
            before = Some(now);
        }
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn a_new_peer_comes_after_those_who_joined_at_the_same_moment() {
    let list = |texts: &[&str]| texts.iter().map(|text| peer(text)).collect();
    let before = reading(Some("s"), list(&["p0 ann in 09", "p5 bob in 10"]));
    let mut now = reading(
        Some("s"),
        list(&["p0 ann in 09", "p1 cid in 10", "p5 bob in 10"]),
    );
    let Difference::Change(change) = difference(&before, &mut now) else {
        panic!("{now:?}");
    };
    assert_eq!(
        (change.peers.as_slice(), now.peers[2].id()),
        ([2].as_slice(), Some("p1"))
    );
    let mut earlier = reading(
        Some("s"),
        list(&["p1 cid in 08", "p0 ann in 09", "p5 bob in 10"]),
    );
    assert!(matches!(
        difference(&before, &mut earlier),
        Difference::Everything
    ));
}

/// What a client has after a change, by the rules of docs/live.md.
fn apply(before: &[Peer], change: &Change, now: &[Peer]) -> Vec<Peer> {
    let mut list = before.to_vec();
    list.retain(|peer| !change.removed.iter().any(|id| peer.id() == Some(id)));
    for place in &change.peers {
        let new = now[*place].clone();
        match list.iter_mut().find(|peer| peer.id() == new.id()) {
            Some(known) => *known = new,
            None => list.push(new),
        }
    }
    list
}

prop_compose! {
    /// Peers of few participants, so that they meet again; in any order, some without an ID.
    fn any_list()(
        rows in prop::collection::vec((0..12_u32, 0..5_u32, any::<bool>(), 0..3_u32), 0..12),
        shuffled in any::<bool>(),
    ) -> Vec<Peer> {
        let mut rows = rows;
        if !shuffled {
            rows.sort();
        }
        rows.into_iter().map(|(id, user, present, duration)| {
            let mut json = json!({"user_id": format!("u{user}"), "joined_at": format!("{id:02}"), "duration": duration});
            if id != 11 {
                json["id"] = format!("p{id}").into();
            }
            if !present {
                json["left_at"] = format!("{:02}", id + 5).into();
            }
            Peer::new(&raw(&json)).unwrap()
        }).collect()
    }
}

proptest! {
    #[test]
    fn a_client_that_applies_a_change_has_the_new_list(
        first in any_list(), then in any_list(), other in any::<bool>(),
    ) {
        let before = reading(Some("s"), first);
        let mut now = reading(Some(if other { "t" } else { "s" }), then);
        match difference(&before, &mut now) {
            Difference::Everything => {}
            Difference::Nothing => {
                prop_assert_eq!(before.peers.len(), now.peers.len());
                prop_assert!(before.peers.iter().zip(&now.peers).all(|(was, is)| was.is_same(is)));
            }
            Difference::Change(change) => {
                prop_assert!(!other);
                let list = apply(&before.peers, &change, &now.peers);
                prop_assert_eq!(list.len(), now.peers.len());
                prop_assert!(list.iter().zip(&now.peers).all(|(was, is)| was.is_same(is)));
                // Every concerned participant is named.
                let named = change.joined.len() + change.left.len() + change.returned.len() + change.changed.len();
                prop_assert_eq!(named == 0, change.peers.is_empty() && change.removed.is_empty());
            }
        }
    }

    #[test]
    fn a_list_that_only_grew_older_is_the_same(list in any_list()) {
        let older = list.clone();
        let before = reading(Some("s"), list);
        let all_have_ids = before.peers.iter().all(|peer| peer.id().is_some());
        let difference = difference(&before, &mut reading(Some("s"), older));
        prop_assert!(matches!(difference, Difference::Nothing | Difference::Everything));
        if matches!(difference, Difference::Everything) {
            let ids: HashSet<_> = before.peers.iter().filter_map(Peer::id).collect();
            prop_assert!(!all_have_ids || ids.len() < before.peers.len());
        }
    }
}
