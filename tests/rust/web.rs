//! The crate as a Rust front end uses it, in a real browser against the emulator.
//!
//! `tests/support/rust-in-browser.mjs` starts both, and a gateway. It passes their URLs in the environment at compile time,
//! because a page has none.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use realtimekit_moderator::id::{AccountId, AppId, MeetingId, ParticipantId, SessionId};
use realtimekit_moderator::models::{
    CreatePollParams, ListParticipants, MeetingStatus, ParticipantIds, Session, SessionStatus,
    UpdateMeetingParams,
};
use realtimekit_moderator::{Client, ClientBuilder, Error, ErrorKind, Room};
use std::collections::HashSet;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod errors;
mod futures;
mod push;
mod watch;

wasm_bindgen_test_configure!(run_in_browser);

const EMULATOR: &str = match option_env!("RTK_EMULATOR") {
    Some(url) => url,
    None => "",
};
const ACCOUNT: &str = "023e105f4ecef8ad9ca31a8372d0c353";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn fetch(url: &str, init: &JsValue) -> js_sys::Promise;
}

/// A meeting for one test.
struct World {
    app: AppId,
    meeting: MeetingId,
    /// As the control routes take it.
    meeting_id: String,
    session: SessionId,
    users: Vec<ParticipantId>,
}

impl World {
    fn room(&self, client: &Client) -> Room {
        client.room(&self.app, &self.meeting)
    }
}

/// Calls a control route of the emulator.
async fn control(path: &str, body: serde_json::Value) -> serde_json::Value {
    let init = if body.is_null() {
        serde_json::json!({ "method": "GET" })
    } else {
        serde_json::json!({
            "method": "POST",
            "headers": {"content-type": "application/json"},
            "body": body.to_string(),
        })
    };
    let init = js_sys::JSON::parse(&init.to_string()).unwrap();
    let url = format!("{EMULATOR}/__emulator/{path}");
    let response: web_sys::Response = JsFuture::from(fetch(&url, &init))
        .await
        .unwrap()
        .unchecked_into();
    assert!(response.ok(), "{path}: {}", response.status());
    let text = JsFuture::from(response.text().unwrap()).await.unwrap();
    serde_json::from_str(&text.as_string().unwrap()).unwrap()
}

async fn world(participants: usize) -> World {
    let created = control(
        "meetings",
        serde_json::json!({ "participants": participants }),
    )
    .await;
    let text = |name: &str| created[name].as_str().unwrap().to_owned();
    World {
        app: AppId::new(text("app_id")).unwrap(),
        meeting: MeetingId::new(text("meeting_id")).unwrap(),
        meeting_id: text("meeting_id"),
        session: SessionId::new(text("session_id")).unwrap(),
        users: created["participants"]
            .as_array()
            .unwrap()
            .iter()
            .map(|participant| participant["user_id"].as_str().unwrap().parse().unwrap())
            .collect(),
    }
}

fn builder() -> ClientBuilder {
    Client::builder()
        .base_url(format!("{EMULATOR}/client/v4"))
        .api_token("emulator-token")
        .account(AccountId::new(ACCOUNT).unwrap())
}

fn client() -> Client {
    builder().build().unwrap()
}

#[wasm_bindgen_test]
async fn a_session_is_read() {
    let world = world(3).await;
    let envelope = client()
        .active_session()
        .get_active_session(&world.app, &world.meeting)
        .await
        .unwrap();
    let session: Session = envelope.data.unwrap();
    assert_eq!(session.status, Some(SessionStatus::Live));
    assert_eq!(session.live_participants, Some(3));
    assert_eq!(envelope.success, Some(true));
}

#[wasm_bindgen_test]
async fn participants_are_listed_once() {
    let world = world(60).await;
    let client = client();
    let mut participants = client.sessions().all_session_participants(
        &world.app,
        &world.session,
        ListParticipants::default(),
    );
    let mut users = HashSet::new();
    let mut count = 0;
    while let Some(participant) = participants.next().await {
        let participant = participant.unwrap();
        assert!(participant.is_in());
        users.insert(participant.user_id.unwrap());
        count += 1;
    }
    assert_eq!(count, 60);
    assert_eq!(users, world.users.into_iter().collect());
}

#[wasm_bindgen_test]
async fn moderation_calls_have_their_effect() {
    let world = world(4).await;
    let client = client();
    let sessions = client.active_session();

    let kicked = sessions
        .kick_participants(
            &world.app,
            &world.meeting,
            ParticipantIds::users([&world.users[0]]),
        )
        .await
        .unwrap();
    assert_eq!(kicked.data.unwrap().participants.unwrap().len(), 1);

    let second = ParticipantIds::users([&world.users[1]]);
    sessions
        .mute_participants(&world.app, &world.meeting, second)
        .await
        .unwrap();
    let muted = sessions
        .mute_all_participants(&world.app, &world.meeting, true)
        .await
        .unwrap();
    assert_eq!(muted.data.unwrap().muted_participants_count, Some(3));

    let poll = CreatePollParams::new("Lunch?", ["yes", "no"]).hide_votes(true);
    let poll = sessions
        .create_poll(&world.app, &world.meeting, poll)
        .await
        .unwrap();
    let poll = poll.data.unwrap().poll.unwrap();
    assert_eq!(poll.question.as_deref(), Some("Lunch?"));
    assert_eq!(poll.hide_votes, Some(true));

    let meetings = client.meetings();
    let locked = meetings
        .update_meeting_by_id(&world.app, &world.meeting, UpdateMeetingParams::lock())
        .await
        .unwrap();
    assert_eq!(locked.data.unwrap().status, Some(MeetingStatus::Inactive));
    let meeting = meetings
        .get_meeting_by_id(&world.app, &world.meeting)
        .await
        .unwrap();
    assert_eq!(meeting.data.unwrap().status, Some(MeetingStatus::Inactive));

    meetings
        .delete_meeting_participant(&world.app, &world.meeting, &world.users[0])
        .await
        .unwrap();

    let all = sessions
        .kick_all_participants(&world.app, &world.meeting)
        .await
        .unwrap();
    assert_eq!(all.data.unwrap().kicked_participants_count, Some(3));
}

#[wasm_bindgen_test]
async fn a_refusal_is_typed() {
    let app = world(1).await.app;
    let meeting = MeetingId::new("no-such-meeting").unwrap();
    let error = client()
        .active_session()
        .get_active_session(&app, &meeting)
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(404));
    assert_eq!(error.attempts(), 1);
    assert!(!error.maybe_applied());
    let Error::Api(refused) = &error else {
        panic!("{error:?}");
    };
    assert!(refused.message().starts_with("404 No active session"));
    assert!(refused.rate_limit().is_some());
    assert!(refused.header("CF-Ray").is_some());
}

#[wasm_bindgen_test]
async fn a_poll_with_a_lost_response_is_not_made_twice() {
    let world = world(2).await;
    let poll = CreatePollParams::new("Once?", ["yes", "no"]);
    let error = client()
        .active_session()
        .create_poll(&world.app, &world.meeting, poll)
        .header(
            "x-emulator-faults",
            Some("rust-once; status:code=502:act=after"),
        )
        .await
        .unwrap_err();
    assert!(error.maybe_applied());
    assert_eq!(error.attempts(), 1);
    let polls = control("state", serde_json::Value::Null).await.to_string();
    assert_eq!(polls.matches("\"Once?\"").count(), 1);
}

#[wasm_bindgen_test]
async fn a_stalled_response_times_out() {
    let world = world(1).await;
    let error = client()
        .active_session()
        .get_active_session(&world.app, &world.meeting)
        .header("x-emulator-faults", Some("rust-stall; stall"))
        .timeout(Duration::from_millis(300))
        .max_retries(0)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TimedOut(_)), "{error:?}");
}

#[wasm_bindgen_test]
async fn a_signal_aborts_with_any_reason() {
    let world = world(1).await;
    let controller = web_sys::AbortController::new().unwrap();
    let call = client()
        .active_session()
        .get_active_session(&world.app, &world.meeting)
        .header("x-emulator-faults", Some("rust-hang; hang-before"))
        .signal(&controller.signal());
    controller.abort_with_reason(&"enough".into());
    let error = call.await.unwrap_err();
    assert!(matches!(error, Error::Aborted(_)), "{error:?}");
    assert_eq!(error.attempts(), 0);
}

#[wasm_bindgen_test]
async fn with_response_gives_status_attempts_and_rate_limit() {
    let world = world(1).await;
    let result = client()
        .active_session()
        .get_active_session(&world.app, &world.meeting)
        .with_response()
        .await
        .unwrap();
    assert_eq!(result.response.status(), 200);
    assert_eq!(result.attempts, 1);
    assert_eq!(result.rate_limit.unwrap().policy, "default");
}

#[wasm_bindgen_test]
fn cloudflares_api_is_refused_in_a_browser() {
    // An empty base URL is the default one.
    let refused = Client::builder().base_url("").api_token("secret");
    let refused = refused.build().unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidArgument);
    assert!(refused.to_string().starts_with("base_url "), "{refused}");
    assert!(refused.to_string().contains("gateway"));
    let allowed = Client::builder()
        .api_token("secret")
        .dangerously_allow_browser()
        .build()
        .unwrap();
    assert!(!format!("{allowed:?}").contains("secret"));
}

#[wasm_bindgen_test]
async fn bad_arguments_are_refused_before_anything_is_sent() {
    for id in ["", "..", "%2e%2e", "a\u{0}"] {
        assert!(MeetingId::new(id).is_err());
    }
    let world = world(1).await;
    let empty = ParticipantIds::default();
    let error = client()
        .active_session()
        .kick_participants(&world.app, &world.meeting, empty)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::InvalidArgument(_)), "{error:?}");
    assert_eq!(error.attempts(), 0);
}
