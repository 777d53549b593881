//! Each fault, from the view of a client.

use std::io::{ErrorKind, Read};

use serde_json::{Value, json};

use crate::support::{Emulator, Made, Reply};

struct Stage {
    emulator: Emulator,
    made: Made,
}

impl Stage {
    fn new() -> Self {
        let emulator = Emulator::start(&[]);
        let made = emulator.make(2);
        Self { emulator, made }
    }

    fn path(&self) -> String {
        format!("meetings/{}/active-session/poll", self.made.meeting)
    }

    /// Creates a poll, with faults.
    fn poll(&self, faults: &str) -> Reply {
        let body = json!({"question": "q", "options": ["a"]});
        self.emulator
            .api_with("POST", &self.path(), Some(&body), Some(faults))
    }

    fn polls(&self) -> u64 {
        self.emulator.state(&self.made.meeting)["counts"]["polls"]
            .as_u64()
            .unwrap()
    }

    fn last(&self) -> Value {
        self.emulator.requests(&self.made.meeting).pop().unwrap()
    }
}

#[test]
fn resets_are_resets_and_closes_are_closes() {
    let stage = Stage::new();
    for (step, error, polls) in [
        ("reset-before", Some(ErrorKind::ConnectionReset), 0),
        ("close-before", None, 0),
        ("reset-after", Some(ErrorKind::ConnectionReset), 1),
        ("close-after", None, 2),
    ] {
        let reply = stage.poll(&format!("{step}; {step}"));
        assert_eq!((reply.status, reply.error), (0, error), "{step}");
        assert_eq!(stage.polls(), polls, "{step}");
        let last = stage.last();
        assert_eq!(last["status"], Value::Null);
        assert_eq!(last["fault"], step);
        assert_eq!(last["acted"], step.ends_with("after"));
    }
}

#[test]
fn attempts_are_counted_by_id() {
    let stage = Stage::new();
    let faults = "call-1; status:code=503, reset-before, ok, status:code=500";
    let seen: Vec<u16> = (0..6).map(|_| stage.poll(faults).status).collect();
    assert_eq!(seen, [503, 0, 201, 500, 201, 201]);
    assert_eq!(stage.poll("call-2; status:code=502").status, 502);
}

#[test]
fn hanging_requests_act_or_not_and_get_no_response() {
    let stage = Stage::new();
    let body = json!({"question": "q", "options": ["a"]});
    for (step, acted) in [("hang-before", false), ("hang-after", true)] {
        let faults = format!("{step}; {step}");
        let mut stream = stage
            .emulator
            .api_open("POST", &stage.path(), Some(&body), Some(&faults));
        // Wait until the fault was applied. The request log says when.
        let arrived = || {
            let requests = stage.emulator.requests(&stage.made.meeting);
            requests
                .iter()
                .any(|r| r["fault"] == step && r["acted"] == acted)
        };
        while !arrived() {}
        stream.set_nonblocking(true).unwrap();
        let read = stream.read(&mut [0; 10]);
        assert_eq!(read.unwrap_err().kind(), ErrorKind::WouldBlock);
    }
    assert_eq!(stage.polls(), 1);
}

#[test]
fn statuses_have_fitting_envelopes_and_retry_headers() {
    let stage = Stage::new();
    let reply =
        stage.poll("a; status:code=503:retry-after=2:retry-after-ms=1500:should-retry=false");
    assert_eq!(reply.status, 503);
    assert_eq!(reply.header("retry-after"), Some("2"));
    assert_eq!(reply.header("retry-after-ms"), Some("1500"));
    assert_eq!(reply.header("x-should-retry"), Some("false"));
    assert!(reply.json()["errors"].is_array());
    let reply = stage.poll("b; status:code=429:retry-after-date=+5");
    assert!(reply.header("retry-after").unwrap().ends_with("GMT"));
    assert_eq!(reply.json()["errors"][0]["code"], 971);
    assert_eq!(
        stage.poll("c; status:code=404").json()["error"]["code"],
        404
    );
    assert_eq!(stage.polls(), 0);
    assert_eq!(stage.poll("d; status:code=500:act=after").status, 500);
    assert_eq!(stage.polls(), 1);
    let reply = stage.poll("e; html:code=502");
    assert!(
        reply
            .header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    assert!(reply.body.starts_with(b"<!DOCTYPE html>"));
    assert!(reply.header("cf-ray").is_some());
}

#[test]
fn cut_bodies_act_and_end_early() {
    let stage = Stage::new();
    let reply = stage.poll("a; cut");
    assert_eq!((reply.status, reply.error), (201, None));
    let whole: usize = reply.header("content-length").unwrap().parse().unwrap();
    assert_eq!(reply.body.len(), whole / 2);
    let reply = stage.poll("b; cut:at=0");
    assert_eq!(
        (reply.status, reply.body.len(), reply.complete()),
        (201, 0, false)
    );
    let reply = stage.poll("c; cut:chunked");
    assert_eq!(reply.header("transfer-encoding"), Some("chunked"));
    assert!(!reply.body.is_empty() && !reply.complete());
    let reply = stage.poll("d; cut:end=reset");
    assert_eq!(
        (reply.status, reply.error),
        (201, Some(ErrorKind::ConnectionReset))
    );
    assert!(!reply.body.is_empty());
    assert_eq!(stage.polls(), 4);
}

#[test]
fn stalled_bodies_begin_and_never_end() {
    let stage = Stage::new();
    let body = json!({"question": "q", "options": ["a"]});
    for (faults, status, polls) in [("a; stall", "201", 1), ("b; stall:code=404", "404", 1)] {
        let mut stream = stage
            .emulator
            .api_open("POST", &stage.path(), Some(&body), Some(faults));
        let mut seen = Vec::new();
        // The head, and half of a body that starts with the envelope.
        while !seen.windows(5).any(|five| five == b"\r\n\r\n{") {
            let mut part = [0; 1024];
            let length = stream.read(&mut part).unwrap();
            assert_ne!(length, 0);
            seen.extend_from_slice(&part[..length]);
        }
        assert!(seen.starts_with(format!("HTTP/1.1 {status}").as_bytes()));
        assert_eq!(stage.polls(), polls);
        stream.set_nonblocking(true).unwrap();
        assert_eq!(
            stream.read(&mut [0; 1]).unwrap_err().kind(),
            ErrorKind::WouldBlock
        );
    }
}

#[test]
fn responses_whose_body_is_not_what_the_head_says() {
    let stage = Stage::new();
    let reply = stage.poll("a; not-json");
    assert_eq!(
        (reply.status, reply.body.as_slice()),
        (200, &b"{\"data\": {"[..])
    );
    let reply = stage.poll("b; empty");
    assert_eq!(
        (reply.status, reply.header("content-length")),
        (200, Some("0"))
    );
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let reply = stage.poll("c; no-content");
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    let reply = stage.poll("d; text");
    assert_eq!(
        (reply.header("content-type"), reply.body.as_slice()),
        (Some("text/plain"), &b"ok"[..])
    );
    assert_eq!(stage.polls(), 4);
    let reply = stage.poll("e; body:base64=AP8:code=418:type=image%2Fpng");
    assert_eq!((reply.status, reply.body.as_slice()), (418, &[0, 255][..]));
    assert_eq!(reply.header("content-type"), Some("image/png"));
    let reply = stage.poll("f; redirect:to=http%3A%2F%2Fx.example%2F");
    assert_eq!(
        (reply.status, reply.header("location")),
        (307, Some("http://x.example/"))
    );
    let reply = stage.poll("g; echo-auth");
    assert_eq!(reply.status, 400);
    assert!(String::from_utf8_lossy(&reply.body).contains("Bearer emulator-token"));
    assert_eq!(stage.polls(), 4);
}

#[test]
fn a_delayed_request_gets_a_response_and_misspelt_faults_are_refused() {
    let stage = Stage::new();
    assert_eq!(stage.poll("a; delay:ms=20").status, 201);
    for faults in ["a", "a; resetbefore", "; ok", "a; delay:ms=x"] {
        let reply = stage.poll(faults);
        assert_eq!(reply.status, 400);
        assert!(reply.json()["error"].is_string(), "{faults}");
    }
    assert_eq!(stage.polls(), 1);
}

#[test]
fn queued_faults_apply_to_matching_requests() {
    let stage = Stage::new();
    let other = stage.emulator.make(1);
    let queue = json!({"operation": "GetSessionParticipants", "meeting_id": stage.made.meeting, "steps": ["status:code=500", "reset-before"]});
    let queued = stage.emulator.control("POST", "faults", &queue).json();
    assert_eq!(queued["pending"], 2);
    let list = |session: &str| {
        let path = format!("sessions/{session}/participants");
        stage.emulator.api("GET", &path, None).status
    };
    assert_eq!(list(&other.session), 200);
    assert_eq!(list(&stage.made.session), 500);
    assert_eq!(list(&stage.made.session), 0);
    assert_eq!(list(&stage.made.session), 200);
    stage.emulator.control("POST", "faults", &queue);
    stage.emulator.control("DELETE", "faults", &Value::Null);
    assert_eq!(list(&stage.made.session), 200);
    for wrong in [
        json!({"steps": ["nonsense"]}),
        json!({"operation": "Nonsense", "steps": ["ok"]}),
        json!({"step": ["ok"]}),
    ] {
        assert_eq!(stage.emulator.control("POST", "faults", &wrong).status, 400);
    }
}
