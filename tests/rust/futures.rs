//! Calls as futures, pages as a stream, and rooms as values.

use super::{World, client, control, world};
use futures_util::future::{Either, join_all, select};
use futures_util::{FutureExt, StreamExt, TryStreamExt, join};
use realtimekit_moderator::models::{
    CreatePollParams, Envelope, ListParticipants, ParticipantIds, Session,
};
use realtimekit_moderator::{CallFuture, Room};
use serde_json::Value;
use std::collections::HashSet;
use wasm_bindgen_test::wasm_bindgen_test;

/// What a component keeps: no borrow, and a name for each type.
struct Component {
    room: Room,
    pending: Option<CallFuture<Envelope<Session>>>,
}

#[wasm_bindgen_test]
async fn a_call_is_kept_in_a_struct() {
    let world = world(2).await;
    let mut component = Component {
        room: world.room(&client()),
        pending: None,
    };
    component.pending = Some(component.room.session().send());
    let session = component.pending.take().unwrap().await.unwrap();
    assert_eq!(session.into_data().unwrap().id, Some(world.session));
}

#[wasm_bindgen_test]
async fn calls_run_side_by_side() {
    let world = world(3).await;
    let room = world.room(&client());
    let (session, meeting) = join!(room.session().send(), room.get_meeting().send());
    assert_eq!(session.unwrap().data.unwrap().live_participants, Some(3));
    assert_eq!(meeting.unwrap().data.unwrap().id, Some(world.meeting));
    // One for each participant, so that one failure does not stop the others.
    let mutes = world
        .users
        .iter()
        .map(|id| room.mute(ParticipantIds::users([id])).send());
    for muted in join_all(mutes).await {
        assert_eq!(
            muted
                .unwrap()
                .into_data()
                .unwrap()
                .participants
                .unwrap()
                .len(),
            1
        );
    }
}

#[wasm_bindgen_test]
async fn a_room_is_a_value() {
    let world = world(1).await;
    let client = client();
    let room = world.room(&client);
    assert_eq!(room, world.room(&client.clone()));
    assert_ne!(room, world.room(&super::client()));
    let spawned = room.clone();
    // A task of its own demands `'static`.
    let (task, locked) = async move { spawned.lock().await }.remote_handle();
    wasm_bindgen_futures::spawn_local(task);
    assert_eq!(locked.await.unwrap().data.unwrap().id, Some(world.meeting));
    room.unlock().await.unwrap().into_data().unwrap();
}

#[wasm_bindgen_test]
async fn pages_are_a_stream() {
    let world = world(60).await;
    let room = world.room(&client());
    let pager = room.participants(&world.session, ListParticipants::default());
    let participants: Vec<_> = pager.try_collect().await.unwrap();
    let users: HashSet<_> = participants
        .iter()
        .filter_map(|one| one.user_id.clone())
        .collect();
    assert_eq!(users, world.users.iter().cloned().collect());

    let mut pager = room.participants(&world.session, ListParticipants::default());
    // Dropped before it is ready, `next` continues the next time.
    assert!(pager.next().now_or_never().is_none());
    assert_eq!(StreamExt::by_ref(&mut pager).count().await, 60);
    assert!(pager.next().await.is_none());
}

#[wasm_bindgen_test]
async fn a_page_that_failed_is_requested_again() {
    let world = world(30).await;
    let steps = serde_json::json!({
        "operation": "GetSessionParticipants",
        "meeting_id": world.meeting_id,
        "steps": ["ok", "status:code=400"],
    });
    control("faults", steps).await;
    let mut pager = world
        .room(&client())
        .participants(&world.session, ListParticipants::default());
    let (mut found, mut failed) = (0, 0);
    while let Some(next) = pager.next().await {
        match next {
            Ok(_) => found += 1,
            Err(_) => failed += 1,
        }
    }
    assert_eq!((found, failed), (30, 1));
}

/// How many requests of this meeting the emulator has got, and how many changed something.
async fn polls(world: &World) -> (usize, usize) {
    let log = control(&format!("requests?path={}", world.meeting_id), Value::Null).await;
    let sent = log["requests"].as_array().unwrap();
    let polls = sent.iter().filter(|one| one["operation"] == "CreatePoll");
    let acted = polls.clone().filter(|one| one["acted"] == true).count();
    (polls.count(), acted)
}

#[wasm_bindgen_test]
async fn a_dropped_call_ends_and_one_never_polled_is_not_sent() {
    let world = world(1).await;
    let room = world.room(&client());
    let poll = |faults| {
        let call = room.create_poll(CreatePollParams::new("?", ["a"]));
        call.header("x-emulator-faults", Some(faults)).send()
    };
    drop(poll("rust-not-polled; ok"));
    assert_eq!(polls(&world).await, (0, 0));

    let hanging = poll("rust-dropped; hang-before");
    let arrived = async { while polls(&world).await.0 == 0 {} };
    match select(hanging, Box::pin(arrived)).await {
        Either::Right((_, hanging)) => drop(hanging),
        Either::Left((ended, _)) => panic!("{ended:?}"),
    }
    assert_eq!(polls(&world).await, (1, 0));
}

#[wasm_bindgen_test]
async fn the_same_call_is_sent_again_with_its_idempotency_key() {
    let world = world(1).await;
    let call = world
        .room(&client())
        .create_poll(CreatePollParams::new("?", ["a"]));
    let call = call.idempotency_key("one-poll");
    let lost = call
        .clone()
        .header("x-emulator-faults", Some("rust-key; status:code=502"));
    assert!(lost.await.unwrap_err().maybe_applied());
    call.await.unwrap().into_data().unwrap();
    let log = control(&format!("requests?path={}", world.meeting_id), Value::Null).await;
    let keys = log["requests"].as_array().unwrap().iter();
    let keys: Vec<_> = keys
        .map(|one| one["headers"]["idempotency-key"].clone())
        .collect();
    assert_eq!(keys, ["one-poll", "one-poll"]);
}
