//! A watch as a Rust front end uses it.

use super::{EMULATOR, World, builder, client, control, world};
use futures_core::Stream;
use realtimekit_moderator::id::ParticipantId;
use realtimekit_moderator::{Client, Error, Snapshot, Watch, WatchedParticipant};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use wasm_bindgen_test::wasm_bindgen_test;

/// A watch with almost no wait between polls.
fn watch(client: &Client, world: &World) -> Watch {
    let watch = world.room(client).watch();
    watch.interval(Duration::from_millis(1))
}

/// The next snapshot, which must be of a successful poll.
async fn good(watch: &mut Watch) -> Snapshot {
    let snapshot = watch.next().await.unwrap().unwrap();
    assert!(snapshot.trouble.is_none(), "{snapshot:?}");
    snapshot
}

async fn act(route: &str, world: &World, fields: serde_json::Value) {
    let mut body = serde_json::json!({ "meeting_id": world.meeting_id });
    if let (Some(all), Some(more)) = (body.as_object_mut(), fields.as_object()) {
        all.extend(more.clone());
    }
    control(route, body).await;
}

fn users(list: &[Arc<WatchedParticipant>]) -> Vec<ParticipantId> {
    list.iter().map(|one| one.key.parse().unwrap()).collect()
}

#[wasm_bindgen_test]
async fn joins_and_leaves_are_reported() {
    let world = world(2).await;
    let mut watch = watch(&client(), &world);
    let first = good(&mut watch).await;
    assert_eq!(users(&first.participants), world.users);
    assert!(first.joined.is_empty() && first.session.is_some());
    assert_eq!(first.age, Some(Duration::ZERO));
    assert_eq!(first.rate_limit.as_ref().unwrap().policy, "default");
    assert!(first.next_at_ms > first.at_ms.unwrap());

    act(
        "join",
        &world,
        serde_json::json!({"custom_participant_id": "late"}),
    )
    .await;
    let second = good(&mut watch).await;
    assert_eq!(second.participants.len(), 3);
    assert_eq!(
        second.joined[0].custom_participant_id.as_deref(),
        Some("late")
    );
    assert!(Arc::ptr_eq(&first.participants[0], &second.participants[0]));

    let user = serde_json::json!({"user_id": world.users[0]});
    act("leave", &world, user.clone()).await;
    let third = good(&mut watch).await;
    assert_eq!(users(&third.left), world.users[..1]);
    assert!(!third.participants[0].present);

    act("join", &world, user).await;
    let fourth = good(&mut watch).await;
    assert_eq!(users(&fourth.came_back), world.users[..1]);
    assert_eq!(fourth.participants[0].peers.len(), 2);

    act("end-session", &world, serde_json::json!({})).await;
    let over = good(&mut watch).await;
    assert!(over.session.is_none() && over.participants.is_empty());
    assert_eq!(over.left.len(), 3);
}

#[wasm_bindgen_test]
async fn a_failure_keeps_the_last_state_and_recovers() {
    let world = world(2).await;
    let mut watch = watch(&client(), &world);
    let first = good(&mut watch).await;
    let steps = serde_json::json!({
        "operation": "GetSessionParticipants",
        "steps": ["status:code=503", "empty"],
    });
    act("faults", &world, steps).await;
    for failures in [1, 2] {
        let failed = watch.next().await.unwrap().unwrap();
        let trouble = failed.trouble.unwrap();
        assert_eq!(trouble.failures, failures);
        assert_eq!(trouble.error.status(), (failures == 1).then_some(503));
        assert_eq!(failed.at_ms, first.at_ms);
        assert_eq!(failed.participants, first.participants);
        assert!(failed.left.is_empty());
    }
    assert!(good(&mut watch).await.joined.is_empty());
}

#[wasm_bindgen_test]
async fn a_watch_is_a_stream_that_its_signal_ends() {
    let world = world(1).await;
    let controller = web_sys::AbortController::new().unwrap();
    let watch = client()
        .active_session()
        .watch(&world.app, &world.meeting)
        .interval(Duration::from_secs(3600))
        .signal(&controller.signal());
    let mut watch = pin!(watch);
    let first = poll_fn(|context| watch.as_mut().poll_next(context)).await;
    assert!(first.unwrap().is_ok());
    // It would wait for an hour, but is aborted.
    let mut polled = false;
    let next = poll_fn(|context| {
        let poll = watch.as_mut().poll_next(context);
        if !polled {
            polled = true;
            assert!(poll.is_pending());
            controller.abort();
        }
        poll
    });
    assert!(next.await.is_none());
    let again = poll_fn(|context| Poll::Ready(watch.as_mut().poll_next(context))).await;
    assert!(matches!(again, Poll::Ready(None)));
}

#[wasm_bindgen_test]
async fn an_aborted_watch_does_not_poll() {
    let world = world(1).await;
    let controller = web_sys::AbortController::new().unwrap();
    controller.abort();
    let mut watch = watch(&client(), &world).signal(&controller.signal());
    assert!(watch.next().await.is_none());
}

#[wasm_bindgen_test]
async fn an_invalid_argument_is_reported_once_and_ends_it() {
    let world = world(1).await;
    let anonymous = Client::builder()
        .base_url(format!("{EMULATOR}/client/v4"))
        .api_token("emulator-token")
        .build()
        .unwrap();
    let client = client();
    for (mut watch, argument) in [
        (watch(&anonymous, &world), "account_id"),
        (watch(&client, &world).interval(Duration::ZERO), "interval"),
        (watch(&client, &world).per_page(201), "per_page"),
    ] {
        let invalid = watch.next().await.unwrap().unwrap_err();
        assert_eq!(invalid.argument(), argument);
        assert!(watch.next().await.is_none());
    }
}

#[wasm_bindgen_test]
async fn an_unknown_route_is_trouble() {
    let world = world(1).await;
    let lost = builder()
        .base_url(format!("{EMULATOR}/nowhere"))
        .build()
        .unwrap();
    let snapshot = watch(&lost, &world).next().await.unwrap().unwrap();
    assert!(matches!(snapshot.trouble.unwrap().error, Error::Api(_)));
    assert_eq!((snapshot.at_ms, snapshot.age), (None, None));
}

/// Runs JavaScript.
fn run(code: &str) {
    let function = js_sys::Function::new_no_args(code);
    function.call0(&wasm_bindgen::JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn polls_at_once_when_the_page_is_shown() {
    let world = world(1).await;
    let mut watch = watch(&client(), &world);
    run("globalThis.seen = 'hidden'; \
         Object.defineProperty(document, 'visibilityState', \
         { get: () => seen, configurable: true })");
    let hidden = good(&mut watch).await;
    assert!(hidden.next_at_ms >= hidden.at_ms.unwrap() + 30_000.0);
    // Without this event the next poll is due after the test's time limit.
    run("setTimeout(() => { \
         seen = 'visible'; document.dispatchEvent(new Event('visibilitychange')); }, 5)");
    let shown = good(&mut watch).await;
    assert!(shown.next_at_ms < shown.at_ms.unwrap() + 30_000.0);
    run("delete document.visibilityState");
}
