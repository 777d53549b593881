//! The control API.

use serde_json::{Value, json};

use crate::support::Emulator;

#[test]
fn participants_join_and_leave_on_request() {
    let emulator = Emulator::start(&[]);
    let made = emulator.make(1);
    let join = |body: Value| emulator.control("POST", "join", &body);
    let new =
        join(json!({"meeting_id": made.meeting, "custom_participant_id": "me", "name": "Me"}));
    assert_eq!((new.status, &new.json()["name"]), (200, &json!("Me")));
    let again = join(json!({"meeting_id": made.meeting, "user_id": new.json()["user_id"]}));
    assert_ne!(again.json()["peer_id"], new.json()["peer_id"]);
    assert_eq!(emulator.state(&made.meeting)["counts"]["live_peers"], 3);

    let leave = |body: Value| emulator.control("POST", "leave", &body);
    let one = leave(json!({"meeting_id": made.meeting, "peer_id": again.json()["peer_id"]}));
    assert_eq!(one.json()["left"], json!([again.json()["peer_id"]]));
    let me = json!({"meeting_id": made.meeting, "custom_participant_id": "me"});
    assert_eq!(leave(me.clone()).status, 200);
    assert_eq!(leave(me).status, 404);
}

#[test]
fn deleted_participants_and_inactive_meetings_refuse_joins() {
    let emulator = Emulator::start(&[]);
    let made = emulator.make(2);
    let path = format!("meetings/{}/participants/{}", made.meeting, made.user(0));
    assert_eq!(emulator.api("DELETE", &path, None).status, 200);
    let join = |index: usize| {
        let body = json!({"meeting_id": made.meeting, "user_id": made.user(index)});
        let reply = emulator.control("POST", "join", &body);
        (reply.status, reply.json()["reason"].clone())
    };
    assert_eq!(join(0), (403, json!("deleted")));
    assert_eq!(join(1), (200, Value::Null));
    let meeting = format!("meetings/{}", made.meeting);
    emulator.api("PATCH", &meeting, Some(&json!({"status": "INACTIVE"})));
    assert_eq!(join(1), (403, json!("inactive")));
    let state = emulator.state(&made.meeting);
    assert_eq!(state["participants"][0]["deleted"], true);
    assert_eq!(state["counts"]["live_peers"], 3);
}

#[test]
fn muting_and_polls_show_in_the_state() {
    let emulator = Emulator::start(&[]);
    let made = emulator.make(2);
    let path = |action: &str| format!("meetings/{}/active-session/{action}", made.meeting);
    let allow = json!({"allow_unmute": false});
    emulator.api("POST", &path("mute-all"), Some(&allow));
    let poll = json!({"question": "q", "options": ["a"], "anonymous": true});
    emulator.api("POST", &path("poll"), Some(&poll));
    emulator.api("POST", &path("poll"), Some(&poll));
    let state = emulator.state(&made.meeting);
    assert_eq!(state["session"]["peers"][1]["muted"], true);
    assert_eq!(state["session"]["peers"][1]["may_unmute"], false);
    assert_eq!(state["polls"].as_array().unwrap().len(), 2);
    assert_eq!(state["polls"][0]["anonymous"], true);
}

#[test]
fn time_moves_on_request_and_only_lively_meetings_change() {
    let emulator = Emulator::start(&[]);
    let made = emulator.make(3);
    let main = emulator.ready["meeting_id"].as_str().unwrap();
    let (own, before) = (emulator.state(&made.meeting), emulator.state(main));
    assert_eq!(before, emulator.state(main));
    let now = emulator
        .control("POST", "advance", &json!({"seconds": 3600}))
        .json();
    assert_eq!(now["now"], "2026-08-01T10:00:00.000Z");
    assert_ne!(before, emulator.state(main));
    assert_eq!(own["counts"], emulator.state(&made.meeting)["counts"]);
    for seconds in [json!(-1), json!(1e9), json!("1"), Value::Null] {
        let reply = emulator.control("POST", "advance", &json!({"seconds": seconds}));
        assert_eq!(reply.status, 400);
    }
}

#[test]
fn a_session_can_be_ended_and_started_again() {
    let emulator = Emulator::start(&[]);
    let made = emulator.make(2);
    let body = json!({"meeting_id": made.meeting});
    let ended = emulator.control("POST", "end-session", &body).json();
    assert_eq!(ended["session_id"], made.session);
    assert_eq!(emulator.control("POST", "end-session", &body).status, 404);
    let list = format!("sessions/{}/participants", made.session);
    let list = emulator.api("GET", &list, None).json();
    assert!(list["data"]["participants"][0]["left_at"].is_string());
    let join = json!({"meeting_id": made.meeting, "user_id": made.user(0)});
    let joined = emulator.control("POST", "join", &join).json();
    assert_ne!(joined["session_id"], made.session);
}

#[test]
fn requests_are_recorded_unchanged() {
    let emulator = Emulator::start(&[]);
    let path = emulator.kit("meetings/a%2Fb");
    let headers = [("authorization", "Bearer emulator-token"), ("X-Mine", "1")];
    let reply = emulator.send("GET", &format!("{path}?x=%20"), &headers, "");
    let list = emulator.requests("a%252Fb");
    let one = &list[0];
    assert_eq!(list.len(), 1);
    assert_eq!(one["path"], path);
    assert_eq!(one["query"], "x=%20");
    assert_eq!(one["headers"]["x-mine"], "1");
    assert_eq!(one["status"], 404);
    assert_eq!(one["operation"], "GetMeeting");
    assert_eq!(one["acted"], false);
    assert_eq!(one["cf_ray"].as_str(), reply.header("cf-ray"));
    emulator.control("DELETE", "requests", &Value::Null);
    assert!(emulator.requests("").is_empty());
}

#[test]
fn control_errors_are_json() {
    let emulator = Emulator::start(&[]);
    for (method, path, body, status) in [
        ("GET", "nowhere", Value::Null, 404),
        ("GET", "join", Value::Null, 405),
        ("POST", "join", Value::Null, 400),
        ("POST", "join", json!({"user_id": "x"}), 400),
        (
            "POST",
            "join",
            json!({"custom_participant_id": "x", "meeting_id": "x"}),
            404,
        ),
        ("POST", "meetings", json!({"participants": 10_001}), 400),
        ("POST", "rate-limit", json!({"window": 0}), 400),
    ] {
        let reply = emulator.control(method, path, &body);
        assert_eq!(reply.status, status, "{method} {path}");
        assert!(reply.json()["error"].is_string());
    }
}

#[test]
fn one_seed_gives_one_world_over_http_too() {
    let (a, b) = (
        Emulator::start(&["--seed", "9"]),
        Emulator::start(&["--seed", "9"]),
    );
    assert_eq!(a.ready["session_id"], b.ready["session_id"]);
    assert_eq!(a.make(3).people, b.make(3).people);
    let state = |e: &Emulator| e.control("GET", "state", &Value::Null).json();
    assert_eq!(state(&a), state(&b));
}
