//! The ten operations, and the checks before them.

use serde_json::{Value, json};

use crate::support::Emulator;

fn session_path(meeting: &str, action: &str) -> String {
    format!("meetings/{meeting}/active-session{action}")
}

#[test]
fn all_ten_operations_respond_as_described() {
    let emulator = Emulator::start(&[]);
    let made = emulator.make(4);
    let at = |action| session_path(&made.meeting, action);

    let session = emulator.api("GET", &at(""), None);
    assert_eq!(session.status, 200);
    let data = &session.json()["data"];
    assert_eq!(data["id"], made.session);
    assert_eq!(data["live_participants"], 4);
    assert_eq!(data["status"], "LIVE");

    let list = format!(
        "sessions/{}/participants?per_page=3&page_no=1",
        made.session
    );
    let list = emulator.api("GET", &list, None).json();
    let paging = json!({"total_count": 4, "start_offset": 4, "end_offset": 4});
    assert_eq!(list["data"]["paging"], paging);
    assert_eq!(list["data"]["participants"][0]["user_id"], made.user(3));

    let ids = json!({"participant_ids": [made.user(0)]});
    let muted = emulator.api("POST", &at("/mute"), Some(&ids));
    assert_eq!(
        (muted.status, &muted.json()["data"]["action"]),
        (200, &json!("muted"))
    );

    let all = emulator
        .api("POST", &at("/mute-all"), Some(&json!({})))
        .json();
    assert_eq!(all["data"]["muted_participants_count"], 4);

    let poll = json!({"question": "Lunch?", "options": ["yes", "no"]});
    let poll = emulator.api("POST", &at("/poll"), Some(&poll));
    assert_eq!(poll.status, 201);
    assert_eq!(poll.json()["data"]["poll"]["options"][1]["text"], "no");

    let custom = json!({"custom_participant_ids": [made.people[0]["custom_participant_id"]]});
    let kicked = emulator.api("POST", &at("/kick"), Some(&custom));
    assert_eq!(kicked.status, 200);
    assert_eq!(
        kicked.json()["data"]["participants"][0]["id"],
        made.people[0]["peer_id"]
    );

    let meeting = format!("meetings/{}", made.meeting);
    assert_eq!(
        emulator.api("GET", &meeting, None).json()["data"]["status"],
        "ACTIVE"
    );
    let change = json!({"status": "INACTIVE"});
    let changed = emulator.api("PATCH", &meeting, Some(&change)).json();
    assert_eq!(changed["data"]["status"], "INACTIVE");

    let participant = format!("{meeting}/participants/{}", made.user(1));
    let deleted = emulator.api("DELETE", &participant, None);
    assert_eq!(deleted.status, 200);
    assert!(deleted.json()["data"]["preset_id"].is_string());
    assert_eq!(emulator.api("DELETE", &participant, None).status, 404);

    let all = emulator.api("POST", &at("/kick-all"), None).json();
    assert_eq!(all["data"]["kicked_participants_count"], 3);
    let gone = emulator.api("GET", &at(""), None);
    let message = format!("No active session found for meeting_id {}", made.meeting);
    assert_eq!(gone.status, 404);
    assert_eq!(
        gone.json(),
        json!({"success": false, "error": {"code": 404, "message": message}})
    );
    assert_eq!(
        emulator.api("POST", &at("/kick-all"), None).json(),
        gone.json()
    );
}

#[test]
fn a_kick_by_peer_id_is_a_404_and_kicks_no_one() {
    let emulator = Emulator::start(&[]);
    let made = emulator.make(2);
    let ids = json!({"participant_ids": [made.user(0), made.people[1]["peer_id"]]});
    let reply = emulator.api("POST", &session_path(&made.meeting, "/kick"), Some(&ids));
    assert_eq!(reply.status, 404);
    let message = format!(
        "No user found with id {}",
        made.people[1]["peer_id"].as_str().unwrap()
    );
    assert_eq!(reply.json()["error"]["message"], message);
    assert_eq!(emulator.state(&made.meeting)["counts"]["live_peers"], 2);
}

#[test]
fn unauthorized_requests_get_cloudflares_envelope() {
    let emulator = Emulator::start(&[]);
    let path = emulator.kit("meetings/x");
    for headers in [
        &[][..],
        &[("authorization", "Bearer wrong")],
        &[("authorization", "emulator-token")],
    ] {
        let reply = emulator.send("GET", &path, headers, "");
        assert_eq!(reply.status, 401);
        assert_eq!(
            reply.json(),
            json!({"success": false, "errors": [{"code": 10000, "message": "Authentication error"}], "messages": [], "result": null})
        );
    }
    let elsewhere = path.replace("023e105f", "123e105f");
    let token = [("authorization", "bearer emulator-token")];
    assert_eq!(emulator.send("GET", &elsewhere, &token, "").status, 403);
    assert_eq!(emulator.send("GET", &path, &token, "").status, 404);
}

#[test]
fn every_response_has_the_platforms_headers_and_no_cors_headers() {
    let emulator = Emulator::start(&[]);
    let meeting = emulator.ready["meeting_id"].as_str().unwrap().to_owned();
    let origin = [
        ("origin", "http://localhost"),
        ("authorization", "Bearer emulator-token"),
    ];
    for (method, path, status) in [
        ("GET", emulator.kit(&session_path(&meeting, "")), 200),
        ("GET", emulator.kit("meetings/none"), 404),
        ("PUT", emulator.kit("meetings/none"), 405),
        ("OPTIONS", emulator.kit("meetings/none"), 405),
        ("GET", emulator.kit("meetings"), 501),
        ("GET", "/client/v4/".to_owned(), 501),
    ] {
        let reply = emulator.send(method, &path, &origin, "");
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert!(reply.header("cf-ray").is_some());
        assert!(
            reply
                .header("ratelimit")
                .unwrap()
                .starts_with("\"default\";r=11")
        );
        assert_eq!(
            reply.header("ratelimit-policy"),
            Some("\"default\";q=1200;w=300")
        );
        assert!(
            !reply
                .headers
                .iter()
                .any(|(name, _)| name.starts_with("access-control"))
        );
    }
    let reply = emulator.send("PUT", &emulator.kit("meetings/none"), &[], "");
    assert_eq!(reply.header("allow"), Some("GET, PATCH"));
    let reply = emulator.send("GET", "/nowhere", &[], "");
    assert_eq!(reply.status, 501);
    assert!(
        reply.json()["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("GET /nowhere")
    );
}

#[test]
fn malformed_requests_get_realtimekits_envelope() {
    let emulator = Emulator::start(&[]);
    let made = emulator.make(1);
    for (action, body) in [
        ("/kick", json!({})),
        ("/kick", json!({"participant_ids": []})),
        ("/kick", json!({"participant_ids": ["not-a-uuid"]})),
        ("/mute", json!([])),
        ("/mute-all", json!({"allow_unmute": 1})),
        ("/poll", json!({"question": "q"})),
        ("/kick-all", json!({})),
    ] {
        let reply = emulator.api("POST", &session_path(&made.meeting, action), Some(&body));
        assert_eq!(reply.status, 400, "{action} {body}");
        assert_eq!(reply.json()["error"]["code"], 400);
    }
    let list = format!("sessions/{}/participants?per_page=201", made.session);
    assert_eq!(emulator.api("GET", &list, None).status, 400);
    assert_eq!(
        emulator.api("GET", "sessions/x/participants", None).status,
        400
    );
    assert_eq!(emulator.state(&made.meeting)["counts"]["live_peers"], 1);
}

#[test]
fn an_escaped_slash_is_part_of_an_id() {
    let emulator = Emulator::start(&[]);
    let reply = emulator.api("GET", "meetings/a%2Fb", None);
    assert_eq!(
        reply.json()["error"]["message"],
        "No meeting found with id a/b"
    );
    let reply = emulator.api("GET", "meetings/%FF%00", None);
    assert_eq!(reply.status, 404);
}

#[test]
fn the_v1_meeting_has_a_room_name_and_a_session() {
    let emulator = Emulator::start(&["--participants", "0"]);
    assert_eq!(emulator.ready["session_id"], Value::Null);
    let reply = emulator
        .api("GET", &session_path("abcdef-ghijkl", ""), None)
        .json();
    assert_eq!(reply["data"]["associated_id"], "abcdef-ghijkl");
    assert_eq!(reply["data"]["ended_at"], "null");
}

#[test]
fn the_first_page_may_be_number_1() {
    let emulator = Emulator::start(&["--first-page", "1"]);
    let made = emulator.make(2);
    let start = |page: &str| {
        let path = format!("sessions/{}/participants?per_page=1{page}", made.session);
        emulator.api("GET", &path, None).json()["data"]["paging"]["start_offset"].clone()
    };
    let pages = ["", "&page_no=0", "&page_no=1", "&page_no=2", "&page_no=3"].map(start);
    assert_eq!(pages, [1, 1, 1, 2, 0].map(Value::from));
}

#[test]
fn past_the_rate_limit_everything_is_429_until_it_is_reset() {
    let emulator = Emulator::start(&["--rate-limit", "2"]);
    let get = || emulator.api("GET", "meetings/none", None);
    assert_eq!(get().header("ratelimit"), Some("\"default\";r=1;t=300"));
    assert_eq!(get().status, 404);
    let refused = get();
    assert_eq!(
        (refused.status, &refused.json()["errors"][0]["code"]),
        (429, &json!(971))
    );
    assert_eq!(refused.header("retry-after"), Some("300"));
    emulator.control("POST", "rate-limit", &json!({"limit": 1}));
    assert_eq!((get().status, get().status), (404, 429));
    emulator.control("DELETE", "rate-limit", &Value::Null);
    assert_eq!((get().status, get().status, get().status), (404, 404, 429));
}
