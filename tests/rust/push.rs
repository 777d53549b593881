//! A watch through a gateway that pushes, as a Rust front end uses it.

use super::{ACCOUNT, control};
use realtimekit_moderator::id::{AccountId, AppId, MeetingId};
use realtimekit_moderator::models::CreatePollParams;
use realtimekit_moderator::{Client, Room, Snapshot, Watch};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// What `tests/support/rust-in-browser.mjs` has set up: a gateway, a meeting of two, and the grants of two moderators.
const GATEWAY: Option<&str> = option_env!("RTK_GATEWAY");
const MEETING: Option<&str> = option_env!("RTK_MEETING");
const MIA: Option<&str> = option_env!("RTK_GRANT");
const NOAH: Option<&str> = option_env!("RTK_OTHER_GRANT");

fn meeting() -> serde_json::Value {
    serde_json::from_str(MEETING.unwrap()).unwrap()
}

/// The meeting as a moderator sees it.
fn room(grant: Option<&str>) -> Room {
    let meeting = meeting();
    let text = |name: &str| meeting[name].as_str().unwrap().to_owned();
    let client = Client::builder()
        .base_url(format!("{}/client/v4", GATEWAY.unwrap()))
        .api_token(grant.unwrap())
        .account(AccountId::new(ACCOUNT).unwrap())
        .build()
        .unwrap();
    let app = AppId::new(text("app_id")).unwrap();
    let meeting = MeetingId::new(text("meeting_id")).unwrap();
    client.room(&app, &meeting)
}

async fn join(name: &str) {
    let meeting_id = meeting()["meeting_id"].clone();
    let who = serde_json::json!({ "meeting_id": meeting_id, "custom_participant_id": name });
    control("join", who).await;
}

/// The next snapshot in which this is so. None may have trouble.
async fn until(watch: &mut Watch, is_so: impl Fn(&Snapshot) -> bool) -> Snapshot {
    loop {
        let snapshot = watch.next().await.unwrap().unwrap();
        assert!(snapshot.trouble.is_none(), "{snapshot:?}");
        if is_so(&snapshot) {
            return snapshot;
        }
    }
}

fn has_joined(snapshot: &Snapshot, name: &str) -> bool {
    let id = |one: &realtimekit_moderator::WatchedParticipant| one.custom_participant_id.clone();
    snapshot
        .joined
        .iter()
        .any(|one| id(one).as_deref() == Some(name))
}

/// Runs JavaScript, and returns its number.
fn run(code: &str) -> f64 {
    let function = js_sys::Function::new_no_args(code);
    let value = function.call0(&JsValue::NULL).unwrap();
    value.as_f64().unwrap_or_default()
}

/// Counts the page's WebSockets from now on, which `sockets` shows.
fn count_sockets() {
    run("if (!globalThis.sockets) { \
         globalThis.sockets = []; \
         const Plain = WebSocket; \
         globalThis.WebSocket = class extends Plain { \
         constructor(...given) { super(...given); sockets.push(this); } }; } \
         sockets.length = 0");
}

#[wasm_bindgen_test]
async fn changes_and_actions_are_pushed() {
    count_sockets();
    // No poll comes within this time.
    let mut watch = room(MIA).watch().interval(Duration::from_secs(3600));
    let first = until(&mut watch, |_| true).await;
    assert!(first.session.is_some() && first.moderators.is_none());
    let snapshot = until(&mut watch, |next| next.moderators.is_some()).await;
    let moderators = snapshot.moderators.unwrap();
    assert_eq!(moderators.moderators[0].sub, "mia");
    assert!(moderators.moderators[0].since > 0.0);
    assert_eq!(run("return sockets.length"), 1.0);

    join("pushed").await;
    let joined = until(&mut watch, |next| has_joined(next, "pushed")).await;
    assert!(joined.age.unwrap() < Duration::from_secs(30));

    let noah = room(NOAH);
    let poll = CreatePollParams::new("Lunch?", ["yes", "no"]);
    noah.create_poll(poll).await.unwrap();
    let acted = until(&mut watch, |next| !next.actions.is_empty()).await;
    let action = &acted.actions[0];
    assert_eq!(action.moderator.as_deref(), Some("noah"));
    assert_eq!(action.operation.as_deref(), Some("CreatePoll"));
    assert_eq!(action.outcome.as_deref(), Some("done"));
    assert!(action.id.is_some() && action.time.is_some());

    // It connects again, and has missed nothing.
    run("sockets[0].close()");
    join("meanwhile").await;
    until(&mut watch, |next| has_joined(next, "meanwhile")).await;
    assert_eq!(run("return sockets.length"), 2.0);

    assert_eq!(run("return sockets[1].readyState"), 1.0);
    drop(watch);
    assert!(run("return sockets[1].readyState") >= 2.0);
}

#[wasm_bindgen_test]
async fn without_push_it_polls() {
    count_sockets();
    let watch = room(MIA).watch().interval(Duration::from_millis(20));
    let mut watch = watch.push(false);
    for _ in 0..4 {
        until(&mut watch, |_| true).await;
    }
    join("polled").await;
    let joined = until(&mut watch, |next| has_joined(next, "polled")).await;
    assert!(joined.moderators.is_none() && joined.actions.is_empty());
    assert_eq!(run("return sockets.length"), 0.0);
}

#[wasm_bindgen_test]
async fn a_signal_closes_the_connection() {
    count_sockets();
    let controller = web_sys::AbortController::new().unwrap();
    let mut watch = room(NOAH).watch().signal(&controller.signal());
    until(&mut watch, |next| next.moderators.is_some()).await;
    assert_eq!(run("return sockets[0].readyState"), 1.0);
    controller.abort();
    assert!(watch.next().await.is_none());
    assert!(run("return sockets[0].readyState") >= 2.0);
}
