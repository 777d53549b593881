//! Webhooks: registration by the API's paths, signed deliveries, and what tests ask for instead.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::RsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::Sha256;
use rsa::signature::Verifier;
use serde_json::{Value, json};

use crate::support::Emulator;

/// A delivery as it came.
struct Delivery {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Delivery {
    fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter();
        all.find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn event(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A receiver that responds with these statuses, then with 200: its URL and its deliveries.
fn receiver(statuses: &'static [u16]) -> (String, Receiver<Delivery>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut statuses = statuses.iter();
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let mut headers = Vec::new();
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
                if let Some((name, value)) = line.trim_end().split_once(": ") {
                    headers.push((name.to_ascii_lowercase(), value.to_owned()));
                }
                line.clear();
            }
            let length = headers.iter().find(|(name, _)| name == "content-length");
            let mut body = vec![0; length.unwrap().1.parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            let status = statuses.next().copied().unwrap_or(200);
            let head = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n");
            let _ = reader.get_mut().write_all(head.as_bytes());
            if send.send(Delivery { headers, body }).is_err() {
                return;
            }
        }
    });
    (url, receive)
}

fn next(deliveries: &Receiver<Delivery>) -> Delivery {
    deliveries.recv_timeout(Duration::from_secs(120)).unwrap()
}

fn register(emulator: &Emulator, url: &str) -> Value {
    let events = [
        "meeting.started",
        "meeting.ended",
        "meeting.participantJoined",
        "meeting.participantLeft",
    ];
    let body = json!({"name": "test", "url": url, "events": events});
    let reply = emulator.api("POST", "webhooks", Some(&body));
    assert_eq!(reply.status, 201);
    reply.json()["data"].clone()
}

/// Whether the published key has signed a delivery.
fn is_genuine(emulator: &Emulator, delivery: &Delivery) -> bool {
    let published = emulator
        .send("GET", "/.well-known/webhooks.json", &[], "")
        .json();
    let pem = published["data"]["publicKey"].as_str().unwrap();
    let key = VerifyingKey::<Sha256>::new(RsaPublicKey::from_public_key_pem(pem).unwrap());
    let signature = STANDARD
        .decode(delivery.header("rtk-signature").unwrap())
        .unwrap();
    let signature = Signature::try_from(signature.as_slice()).unwrap();
    key.verify(&delivery.body, &signature).is_ok()
}

#[test]
fn they_are_registered_changed_listed_and_deleted() {
    let emulator = Emulator::start(&[]);
    let made = register(&emulator, "https://example.com/hook");
    assert_eq!(made["enabled"], true);
    let path = format!("webhooks/{}", made["id"].as_str().unwrap());
    let changed = emulator.api("PATCH", &path, Some(&json!({"enabled": false})));
    assert_eq!(
        (changed.status, &changed.json()["data"]["enabled"]),
        (200, &json!(false))
    );
    let whole = json!({"name": "n", "url": "http://127.0.0.1:9/", "events": ["meeting.ended"]});
    assert_eq!(
        emulator.api("PUT", &path, Some(&whole)).json()["data"]["name"],
        "n"
    );
    let list = emulator.api("GET", "webhooks", None).json();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        emulator.api("GET", &path, None).json()["data"]["id"],
        made["id"]
    );
    let events = emulator.api("GET", "webhooks/all", None).json();
    assert_eq!(events["data"].as_array().unwrap().len(), 9);
    assert_eq!(emulator.api("DELETE", &path, None).status, 200);
    assert_eq!(emulator.api("DELETE", &path, None).status, 404);
    for wrong in [
        json!({}),
        json!({"name": "n", "url": "example.com", "events": []}),
        json!({"name": "n", "url": "http://a/", "events": ["meeting.other"]}),
        json!({"name": "", "url": "http://a/", "events": []}),
    ] {
        assert_eq!(
            emulator.api("POST", "webhooks", Some(&wrong)).status,
            400,
            "{wrong}"
        );
    }
    let open = emulator.send("GET", &emulator.kit("webhooks"), &[], "");
    assert_eq!(open.status, 401);
}

#[test]
fn what_happens_is_delivered_signed_and_again_after_a_failure() {
    // No meeting but the test's own is lively.
    let emulator = Emulator::start(&["--speed", "0"]);
    let (url, deliveries) = receiver(&[503]);
    let webhook = register(&emulator, &url);
    let made = emulator.make(0);
    let join = json!({"meeting_id": made.meeting, "custom_participant_id": "ann"});
    let peer = emulator.control("POST", "join", &join).json();
    // Deliveries are not ordered, and the first one is repeated.
    let first: Vec<Delivery> = (0..3).map(|_| next(&deliveries)).collect();
    let of = |name: &str| {
        first
            .iter()
            .find(|delivery| delivery.event()["event"] == name)
            .unwrap()
    };
    let joined = of("meeting.participantJoined");
    assert_eq!(
        of("meeting.started").event()["meeting"]["id"],
        made.meeting.as_str()
    );
    let participant = joined.event()["participant"].clone();
    assert_eq!(participant["peerId"], peer["peer_id"]);
    assert_eq!(participant["customParticipantId"], "ann");
    assert!(first.iter().all(|delivery| is_genuine(&emulator, delivery)));
    assert_eq!(joined.header("rtk-webhook-id"), webhook["id"].as_str());
    let mut uuids: Vec<_> = first
        .iter()
        .filter_map(|one| one.header("rtk-uuid"))
        .collect();
    uuids.sort_unstable();
    uuids.dedup();
    assert_eq!(uuids.len(), 2);

    let leave = json!({"meeting_id": made.meeting, "peer_id": peer["peer_id"]});
    emulator.control("POST", "leave", &leave);
    let left = next(&deliveries).event();
    assert_eq!(left["event"], "meeting.participantLeft");
    assert!(left["participant"]["leftAt"].is_string());
    emulator.control("POST", "end-session", &json!({"meeting_id": made.meeting}));
    let ended = next(&deliveries).event();
    assert_eq!(
        (&ended["event"], &ended["reason"]),
        (&json!("meeting.ended"), &json!("ALL_PARTICIPANTS_LEFT"))
    );
}

#[test]
fn a_test_may_drop_hold_repeat_and_forge() {
    let emulator = Emulator::start(&["--speed", "0"]);
    let (url, deliveries) = receiver(&[]);
    register(&emulator, &url);
    let behave = |body: Value| assert_eq!(emulator.control("POST", "webhooks", &body).status, 200);
    let join = |name: &str| {
        emulator.control("POST", "join", &json!({"custom_participant_id": name}));
    };
    let who = |delivery: &Delivery| delivery.event()["participant"]["customParticipantId"].clone();
    // An event belongs to the way of delivery at the time when it is collected.
    let collected = |count: usize| loop {
        let state = emulator.control("GET", "webhooks", &Value::Null).json();
        if state["deliveries"].as_array().unwrap().len() >= count {
            return state;
        }
    };
    behave(json!({"deliver": "drop"}));
    join("dropped");
    let before = collected(1)["deliveries"].as_array().unwrap().len();
    behave(json!({"deliver": "hold"}));
    join("one");
    join("two");
    collected(before + 2);
    behave(json!({"repeat": 2}));
    let released = emulator.control("POST", "webhooks/release", &json!({"reverse": true}));
    assert!(released.json()["sent"].as_u64().unwrap() >= 2);
    let order: Vec<Value> = (0..released.json()["sent"].as_u64().unwrap())
        .map(|_| who(&next(&deliveries)))
        .filter(|name| name == "one" || name == "two")
        .collect();
    assert_eq!(order, ["two", "one"]);
    join("three");
    let copies: Vec<Delivery> = std::iter::repeat_with(|| next(&deliveries))
        .filter(|delivery| who(delivery) == "three")
        .take(3)
        .collect();
    assert!(
        copies
            .iter()
            .all(|copy| copy.header("rtk-uuid") == copies[0].header("rtk-uuid"))
    );
    behave(json!({"deliver": "drop"}));
    let forge = |signed_by: &str| {
        let body =
            json!({"event": "meeting.ended", "signed_by": signed_by, "payload": {"reason": "x"}});
        assert_eq!(
            emulator.control("POST", "webhooks/forge", &body).json()["sent"],
            1
        );
        std::iter::repeat_with(|| next(&deliveries))
            .find(|delivery| delivery.event()["reason"] == "x")
            .unwrap()
    };
    assert!(is_genuine(&emulator, &forge("own")));
    assert!(!is_genuine(&emulator, &forge("another")));
    assert_eq!(forge("none").header("rtk-signature"), None);
    let own = forge("own");
    emulator.control("POST", "webhooks/key", &Value::Null);
    assert!(!is_genuine(&emulator, &own));
    let wrong = emulator.control("POST", "webhooks", &json!({"deliver": "twice"}));
    assert_eq!(wrong.status, 400);
}
