//! A moderator's view of one meeting, in Leptos. Its address says which: see the README.

mod room;

use futures_util::future::abortable;
use leptos::prelude::*;
use leptos::task::spawn_local;
use realtimekit_moderator::models::{AffectedParticipants, CreatePollParams, ParticipantIds};
use realtimekit_moderator::{Error, ErrorKind, Room, Snapshot};

fn main() {
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let (open, set_open) = signal(true);
    let room = room::from_address();
    view! {
        <button on:click=move |_| set_open.update(|open| *open = !*open)>"Open or close"</button>
        <Show when=move || open.get()>
            {match room.clone() {
                Ok(room) => view! { <Moderator room /> }.into_any(),
                Err(error) => view! { <p>{error.to_string()}</p> }.into_any(),
            }}
        </Show>
    }
}

/// Follows the meeting until the component is unmounted.
fn watch(room: &Room) -> ReadSignal<Snapshot> {
    let (snapshot, set_snapshot) = signal(Snapshot::default());
    let mut watch = room.watch();
    let (watching, stop) = abortable(async move {
        while let Some(Ok(next)) = watch.next().await {
            set_snapshot.set(next);
        }
    });
    spawn_local(async {
        let _ = watching.await;
    });
    // Drops the watch, which ends its timers and requests.
    on_cleanup(move || stop.abort());
    snapshot
}

#[component]
fn Moderator(room: Room) -> impl IntoView {
    let snapshot = watch(&room);
    let (notice, set_notice) = signal(String::new());

    let meeting = room.clone();
    let meeting = LocalResource::new(move || meeting.get_meeting().send());
    let title = move || match meeting.get() {
        Some(Ok(response)) => response.data.and_then(|meeting| meeting.title),
        _ => None,
    };

    // `new_local`: the future of a call is not `Send`.
    let kicking = room.clone();
    let kick = Action::new_local(move |participants: &ParticipantIds| {
        let call = kicking.kick(participants.clone()).send();
        async move { set_notice.set(outcome(call.await.and_then(|done| done.into_data()))) }
    });
    let muting = room.clone();
    let mute = Action::new_local(move |participants: &ParticipantIds| {
        let call = muting.mute(participants.clone()).send();
        async move { set_notice.set(outcome(call.await.and_then(|done| done.into_data()))) }
    });

    view! {
        <h1>{title}</h1>
        <p role="status">{notice}</p>
        <Show when=move || snapshot.with(|snapshot| snapshot.trouble.is_some())>
            <p role="alert">"The list is old: the last refresh failed."</p>
        </Show>
        <ul>
            <For
                each=move || snapshot.with(|all| all.present().cloned().collect::<Vec<_>>())
                // Someone who joins again gets a new row.
                key=|participant| (participant.key.clone(), participant.peers.len())
                children=move |participant| {
                    let ids = participant.ids();
                    view! {
                        <li>
                            {participant.display_name.clone().unwrap_or_default()}
                            <button on:click=move |_| { kick.dispatch(ids.clone()); }>"Remove"</button>
                        </li>
                    }
                }
            />
        </ul>
        <MuteSome mute />
        <Poll room />
    }
}

/// Mutes participants by the app's own IDs.
#[component]
fn MuteSome(mute: Action<ParticipantIds, ()>) -> impl IntoView {
    let (ids, set_ids) = signal(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let ids = ids.get();
        mute.dispatch(ParticipantIds::custom(ids.split_whitespace()));
    };
    view! {
        <form on:submit=submit>
            <input aria-label="IDs" on:input:target=move |event| set_ids.set(event.target().value()) />
            <button>"Mute"</button>
        </form>
    }
}

/// Creates a poll. Sent again after a doubtful failure it has the same key, so the gateway does not create a second.
#[component]
fn Poll(room: Room) -> impl IntoView {
    let (question, set_question) = signal(String::new());
    let (key, set_key) = signal(new_key());
    let (notice, set_notice) = signal(String::new());
    let create = Action::new_local(move |question: &String| {
        let poll = CreatePollParams::new(question, ["Yes", "No"]);
        let call = room
            .create_poll(poll)
            .idempotency_key(key.get_untracked())
            .send();
        async move {
            match call.await.and_then(|done| done.into_data()) {
                Ok(_) => {
                    set_key.set(new_key());
                    set_notice.set("The poll is open.".into());
                }
                Err(error) if error.maybe_applied() => {
                    set_notice.set("It may be open. To be sure, send it again.".into());
                }
                Err(error) => set_notice.set(error.to_string()),
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        create.dispatch(question.get());
    };
    view! {
        <form on:submit=submit>
            <input aria-label="Question" on:input:target=move |event| set_question.set(event.target().value()) />
            <button disabled=move || create.pending().get()>"Ask"</button>
            <output>{notice}</output>
        </form>
    }
}

fn new_key() -> String {
    format!("poll-{}", js_sys::Math::random())
}

/// What to tell the moderator.
fn outcome(done: Result<AffectedParticipants, Error>) -> String {
    match done {
        Ok(done) if done.failed.is_empty() => "Done.".into(),
        Ok(done) => {
            let failed = done
                .failed
                .iter()
                .map(|one| format!("{}: {}", one.id, one.message));
            format!("Not for all. {}", failed.collect::<Vec<_>>().join("; "))
        }
        // First: whatever the error is, the call may have worked.
        Err(error) if error.maybe_applied() => {
            format!("Perhaps done: the list will show. ({error})")
        }
        Err(error) if error.kind() == ErrorKind::NotFound => "They had already left.".into(),
        Err(error) if error.kind() == ErrorKind::Authentication => "Please sign in again.".into(),
        Err(error) => error.to_string(),
    }
}
