//! The feed against a client that follows docs/live.md.

use proptest::prelude::*;
use serde_json::json;
use serde_json::value::RawValue;

use super::*;
use crate::live::log::EventLog;
use crate::live::peer::Peer;
use crate::live::reading::contradiction;
use crate::live::session::Session;
use crate::testing::grant;

fn raw(json: &Value) -> Box<RawValue> {
    RawValue::from_string(json.to_string()).unwrap()
}

fn peer(id: &str, user: &str, left_at: Option<&str>, duration: u32) -> Value {
    let mut json = json!({"id": id, "user_id": user, "joined_at": id, "display_name": user, "duration": duration});
    if let Some(left_at) = left_at {
        json["left_at"] = left_at.into();
    }
    json
}

fn reading(session: Option<Value>, peers: &[Value]) -> Reading {
    Reading {
        session: session.map(|json| Session::new(&raw(&json)).unwrap()),
        peers: peers
            .iter()
            .map(|json| Peer::new(&raw(json)).unwrap())
            .collect(),
    }
}

fn session(id: &str, live: u32, minutes: u32) -> Option<Value> {
    Some(json!({"id": id, "live_participants": live, "minutes_consumed": minutes}))
}

fn feed() -> Feed<Bytes> {
    Feed::new("stream".to_owned(), true)
}

/// The messages after a number, as a watcher without `audit` gets them.
fn messages(feed: &Feed<Bytes>, seq: u64) -> Vec<Value> {
    let events = feed.after(seq, usize::MAX).unwrap();
    let read = |event: &Event<Bytes>| serde_json::from_slice(event.message(false)).unwrap();
    events.iter().map(read).collect()
}

fn snapshot(feed: &mut Feed<Bytes>) -> Value {
    serde_json::from_slice(&feed.snapshot().unwrap().1).unwrap()
}

#[test]
fn the_first_read_is_a_snapshot_and_the_next_a_change() {
    let mut feed = feed();
    assert_eq!(feed.snapshot(), None);
    let (ann, bob) = (peer("p1", "ann", None, 1), peer("p2", "bob", None, 1));
    let learned = feed.read(
        10,
        10,
        reading(session("s", 1, 1), std::slice::from_ref(&ann)),
    );
    assert_eq!(learned, Learned::Change);
    let learned = feed.read(
        20,
        20,
        reading(session("s", 2, 2), &[ann.clone(), bob.clone()]),
    );
    assert_eq!(learned, Learned::Change);
    let events = messages(&feed, 0);
    assert_eq!(events[0]["type"], "snapshot");
    assert_eq!(events[0]["peers"], json!([ann]));
    assert_eq!(
        events[1],
        json!({"type": "change", "seq": 2, "read_at": 20, "peers": [bob], "joined": ["bob"],
            "session": {"live_participants": 2, "minutes_consumed": 2}})
    );
}

#[test]
fn what_grows_is_sent_once_a_minute() {
    let mut feed = feed();
    let list = |duration| [peer("p1", "ann", None, duration)];
    for second in 0..125 {
        let now = 1 + second * 1000;
        let minutes = u32::try_from(second).unwrap();
        feed.read(now, now, reading(session("s", 1, minutes), &list(minutes)));
    }
    let events = messages(&feed, 1);
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["session"], json!({"minutes_consumed": 60}));
    assert_eq!(events[0].get("peers"), None);
    assert_eq!(feed.read_at(), Some(124_001));
}

#[test]
fn a_trouble_keeps_the_data_and_a_read_ends_it() {
    let mut feed = feed();
    let list = [peer("p1", "ann", None, 1)];
    feed.read(10, 10, reading(session("s", 1, 1), &list));
    feed.failed(20, 4020, &contradiction());
    feed.failed(4030, 12_030, &contradiction());
    let shown = snapshot(&mut feed);
    assert_eq!(shown["peers"], json!(list));
    assert_eq!(shown["trouble"]["since"], 20);
    assert_eq!(
        (&shown["trouble"]["failures"], &shown["trouble"]["next_at"]),
        (&json!(2), &json!(12_030))
    );
    assert_eq!(shown["trouble"]["error"]["status"], 502);
    feed.read(12_040, 12_040, reading(session("s", 1, 1), &list));
    let last = messages(&feed, 3);
    assert_eq!(
        last,
        [json!({"type": "change", "seq": 4, "read_at": 12_040})]
    );
    assert_eq!(snapshot(&mut feed).get("trouble"), None);
}

#[test]
fn a_pause_is_reported_once_until_it_is_over() {
    let mut feed = feed();
    feed.read(10, 10, reading(None, &[]));
    // Shorter than a watcher would notice.
    feed.failed(20, 1020, &ReadFailure::NoBudget(1000));
    assert_eq!(messages(&feed, 1), [json!(null); 0]);
    feed.failed(20, 60_020, &ReadFailure::Limited(60_000));
    feed.failed(25, 60_025, &ReadFailure::Limited(60_000));
    let pause = json!({"type": "pause", "seq": 2, "until": 60_020, "reason": "api"});
    assert_eq!(messages(&feed, 1), [pause]);
    feed.failed(60_021, 90_021, &ReadFailure::Limited(30_000));
    assert_eq!(messages(&feed, 2)[0]["until"], 90_021);
}

#[test]
fn an_older_read_changes_nothing() {
    let mut feed = feed();
    feed.read(
        10,
        10,
        reading(session("s", 1, 1), &[peer("p1", "ann", None, 1)]),
    );
    assert_eq!(feed.read(20, 9, reading(None, &[])), Learned::Stale);
    assert_eq!(feed.log().seq(), 1);
}

#[test]
fn only_grants_with_audit_learn_who_did_what() {
    let mut feed = feed();
    let record = json!({"id": "r", "moderator": "ann", "operation": "KickParticipants"});
    feed.acted(5, record.as_object().unwrap());
    let event = &feed.after(0, 1).unwrap()[0];
    let read = |audit| serde_json::from_slice::<Value>(event.message(audit)).unwrap();
    assert_eq!(
        read(true),
        json!({"type": "action", "seq": 1, "at": 5, "action": record})
    );
    assert_eq!(read(false), json!({"type": "action", "seq": 1, "at": 5}));
}

#[test]
fn moderators_are_named_only_if_that_is_configured() {
    let mut named = feed();
    named.opened(&grant("ann"), 7);
    assert!(named.owes_names());
    named.send_names();
    named.opened(&grant("ann"), 8);
    named.send_names();
    let list = json!({"type": "moderators", "seq": 1, "count": 1, "moderators": [{"sub": "ann", "since": 7}]});
    assert_eq!(messages(&named, 0), [list]);
    let mut silent = Feed::<Bytes>::new("stream".to_owned(), false);
    silent.opened(&grant("ann"), 7);
    silent.send_names();
    silent.read(10, 10, reading(None, &[]));
    assert_eq!(silent.log().seq(), 1);
    assert_eq!(snapshot(&mut silent).get("moderators"), None);
}

#[test]
fn a_client_resumes_in_its_own_stream_alone() {
    let mut feed = feed();
    feed.read(10, 10, reading(None, &[]));
    feed.acted(11, &Map::new());
    let start = |stream: &str, seq| {
        let stream = stream.to_owned();
        feed.start(Some(&Resume { stream, seq }))
    };
    let snapshot = Start {
        resumed: false,
        seq: 2,
    };
    assert_eq!(
        start("stream", 1),
        Start {
            resumed: true,
            seq: 1
        }
    );
    assert_eq!(
        start("stream", 2),
        Start {
            resumed: true,
            seq: 2
        }
    );
    assert_eq!(start("stream", 3), snapshot);
    assert_eq!(start("other", 1), snapshot);
    assert_eq!(feed.start(None), snapshot);
}

/// A client's state: what docs/live.md says to do with each message.
#[derive(Clone, Default)]
struct Client {
    seq: u64,
    session: Value,
    peers: Vec<Value>,
}

impl Client {
    fn take(&mut self, message: &Value) {
        let seq = message["seq"].as_u64().unwrap();
        match message["type"].as_str().unwrap() {
            "snapshot" => {
                self.session = message["session"].clone();
                self.peers = message["peers"].as_array().unwrap().clone();
            }
            "change" => {
                assert_eq!(seq, self.seq + 1);
                let list = |name: &str| message[name].as_array().cloned().unwrap_or_default();
                for (name, value) in message["session"].as_object().into_iter().flatten() {
                    self.session[name] = value.clone();
                }
                let removed = list("removed");
                self.peers.retain(|peer| !removed.contains(&peer["id"]));
                for new in list("peers") {
                    match self.peers.iter_mut().find(|known| known["id"] == new["id"]) {
                        Some(known) => *known = new,
                        None => self.peers.push(new),
                    }
                }
            }
            _ => {}
        }
        self.seq = seq;
    }

    /// Without what grows all the time.
    fn shown(&self) -> (Value, Vec<Value>) {
        let without = |json: &Value, name: &str| {
            let mut json = json.clone();
            if json.get("left_at").is_none() {
                json.as_object_mut().map(|json| json.remove(name));
            }
            json
        };
        let peers = self
            .peers
            .iter()
            .map(|peer| without(peer, "duration"))
            .collect();
        (without(&self.session, "minutes_consumed"), peers)
    }
}

proptest! {
    // Two clients that lose their connection at any time have what was last read.
    #[test]
    fn a_client_always_has_what_was_last_read(
        steps in prop::collection::vec((
            prop::option::weighted(0.9, 0..2_u8),
            prop::collection::btree_map(0..10_u32, (0..4_u32, any::<bool>()), 0..10),
            any::<bool>(), 0..70_000_u64, 0..10_u8,
        ), 1..30),
    ) {
        let mut feed = feed();
        let (mut online, mut flaky) = (Client::default(), Client::default());
        let mut now = 1;
        for (which, list, connected, pass, other) in steps {
            now += pass + 1;
            match other {
                0 => feed.failed(now, now + 9000, &contradiction()),
                1 => feed.failed(now, now + 9000, &ReadFailure::Limited(9000)),
                2 => feed.acted(now, &Map::new()),
                3 => feed.opened(&grant("ann"), now),
                _ => {
                    let minutes = u32::try_from(now / 60_000).unwrap();
                    let peers: Vec<_> = list.iter().map(|(id, (user, present))| {
                        peer(&format!("p{id}"), &format!("u{user}"), (!present).then_some("z"), minutes)
                    }).collect();
                    let live = u32::try_from(peers.len()).unwrap();
                    let session = which.and_then(|which| session(&format!("s{which}"), live, minutes));
                    let peers = if session.is_some() { peers } else { Vec::new() };
                    feed.read(now, now, reading(session.clone(), &peers));
                    let is = Client { seq: 0, session: session.unwrap_or_default(), peers };
                    for message in messages(&feed, online.seq) {
                        online.take(&message);
                    }
                    prop_assert_eq!(online.shown(), is.shown());
                }
            }
            feed.send_names();
            if connected {
                let resume = Resume { stream: "stream".to_owned(), seq: flaky.seq };
                let start = feed.start(Some(&resume));
                if !start.resumed && let Some((_, message)) = feed.snapshot() {
                    flaky.take(&serde_json::from_slice(&message).unwrap());
                }
                for message in messages(&feed, start.seq) {
                    flaky.take(&message);
                }
                for message in messages(&feed, online.seq) {
                    online.take(&message);
                }
                prop_assert_eq!(flaky.shown(), online.shown());
            }
        }
        let _: &EventLog<Bytes> = feed.log();
    }
}

#[test]
fn a_restored_feed_goes_on_where_it_stopped() {
    let mut before = feed();
    assert_eq!(before.save(), None);
    let ann = peer("p1", "ann", None, 1);
    before.read(
        10,
        10,
        reading(session("s", 1, 0), std::slice::from_ref(&ann)),
    );
    let seq = before.log().seq();
    let json = serde_json::to_string(&before.save().unwrap()).unwrap();
    let mut after = Feed::<Bytes>::restore(serde_json::from_str(&json).unwrap(), true).unwrap();
    after.reopened(&grant("ann"), 5);
    assert_eq!((after.stream(), after.log().seq()), ("stream", seq));
    assert!(!after.owes_names());
    // The same data is no event, a change is the next one.
    let same = reading(session("s", 1, 0), std::slice::from_ref(&ann));
    assert_eq!(after.read(20, 20, same), Learned::Nothing);
    assert_eq!(after.log().seq(), seq);
    let joined = reading(session("s", 2, 0), &[ann, peer("p2", "bob", None, 1)]);
    assert_eq!(after.read(30, 30, joined), Learned::Change);
    let events = messages(&after, seq);
    assert_eq!((events.len(), &events[0]["joined"]), (1, &json!(["bob"])));
    // The events before are gone.
    let resume = |seq| Resume {
        stream: "stream".to_owned(),
        seq,
    };
    assert!(!after.start(Some(&resume(seq - 1))).resumed);
    assert!(after.start(Some(&resume(seq))).resumed);
}

#[test]
fn a_feed_in_trouble_is_not_saved() {
    let mut feed = feed();
    feed.read(10, 10, reading(None, &[]));
    assert!(feed.save().is_some());
    feed.failed(20, 30, &contradiction());
    assert_eq!(feed.save(), None);
}

#[test]
fn equal_data_is_no_event() {
    let list = [peer("p1", "ann", None, 1)];
    for same in [
        |_: &[Value]| reading(None, &[]),
        |list: &[Value]| reading(session("s", 1, 1), list),
    ] {
        let mut feed = feed();
        feed.read(10, 10, same(&list));
        assert_eq!(feed.read(20, 20, same(&list)), Learned::Nothing);
        assert_eq!((feed.log().seq(), feed.read_at()), (1, Some(20)));
    }
}
