//! A moderator's view of one meeting, in Yew. Its address says which: see the README.

mod room;

use futures_util::future::abortable;
use realtimekit_moderator::models::{AffectedParticipants, CreatePollParams, ParticipantIds};
use realtimekit_moderator::{Error, ErrorKind, Room, Snapshot};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

fn main() {
    yew::Renderer::<App>::new().render();
}

/// A `Room` is `PartialEq`: it may be a property.
#[derive(Clone, PartialEq, Properties)]
struct Props {
    room: Room,
}

#[component]
fn App() -> Html {
    let open = use_state(|| true);
    let room = use_memo((), |()| room::from_address());
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    html! {
        <>
            <button onclick={toggle}>{ "Open or close" }</button>
            if *open {
                {
                    match &*room {
                        Ok(room) => html! { <Moderator room={room.clone()} /> },
                        Err(error) => html! { <p>{ error.to_string() }</p> },
                    }
                }
            }
        </>
    }
}

/// Follows the meeting until the component is unmounted.
#[hook]
fn use_watch(room: &Room) -> UseStateHandle<Snapshot> {
    let snapshot = use_state(Snapshot::default);
    let setter = snapshot.setter();
    use_effect_with(room.clone(), move |room| {
        let mut watch = room.watch();
        let (watching, stop) = abortable(async move {
            while let Some(Ok(next)) = watch.next().await {
                setter.set(next);
            }
        });
        spawn_local(async {
            let _ = watching.await;
        });
        // Drops the watch, which ends its timers and requests.
        move || stop.abort()
    });
    snapshot
}

#[component]
fn Moderator(Props { room }: &Props) -> Html {
    let snapshot = use_watch(room);
    let notice = use_state(String::new);
    let title = use_state(String::new);

    let setter = title.setter();
    use_effect_with(room.clone(), move |room| {
        let call = room.get_meeting().send();
        spawn_local(async move {
            if let Ok(meeting) = call.await.and_then(|done| done.into_data()) {
                setter.set(meeting.title.unwrap_or_default());
            }
        });
    });

    let kick = {
        let (room, notice) = (room.clone(), notice.setter());
        Callback::from(move |participants: ParticipantIds| {
            let call = room.kick(participants).send();
            let notice = notice.clone();
            spawn_local(async move {
                notice.set(outcome(call.await.and_then(|done| done.into_data())))
            });
        })
    };
    let mute = {
        let (room, notice) = (room.clone(), notice.setter());
        Callback::from(move |participants: ParticipantIds| {
            let call = room.mute(participants).send();
            let notice = notice.clone();
            spawn_local(async move {
                notice.set(outcome(call.await.and_then(|done| done.into_data())))
            });
        })
    };

    let row = |participant: &std::sync::Arc<realtimekit_moderator::WatchedParticipant>| {
        let ids = participant.ids();
        let remove = kick.reform(move |_: MouseEvent| ids.clone());
        html! {
            <li key={participant.key.clone()}>
                { participant.display_name.clone().unwrap_or_default() }
                <button onclick={remove}>{ "Remove" }</button>
            </li>
        }
    };
    html! {
        <>
            <h1>{ &*title }</h1>
            <p role="status">{ &*notice }</p>
            if snapshot.trouble.is_some() {
                <p role="alert">{ "The list is old: the last refresh failed." }</p>
            }
            <ul>{ for snapshot.present().map(row) }</ul>
            <MuteSome {mute} />
            <Poll room={room.clone()} />
        </>
    }
}

#[derive(PartialEq, Properties)]
struct MuteProps {
    mute: Callback<ParticipantIds>,
}

/// Mutes participants by the app's own IDs.
#[component]
fn MuteSome(MuteProps { mute }: &MuteProps) -> Html {
    let input = use_node_ref();
    let submit = {
        let input = input.clone();
        mute.reform(move |event: SubmitEvent| {
            event.prevent_default();
            ParticipantIds::custom(value(&input).split_whitespace())
        })
    };
    html! {
        <form onsubmit={submit}>
            <input aria-label="IDs" ref={input} />
            <button>{ "Mute" }</button>
        </form>
    }
}

/// Creates a poll. Sent again after a doubtful failure it has the same key, so the gateway does not create a second.
#[component]
fn Poll(Props { room }: &Props) -> Html {
    let input = use_node_ref();
    let notice = use_state(String::new);
    let polls_created = use_state(|| 0);
    let session = use_memo((), |()| js_random());
    let submit = {
        let (room, input, notice) = (room.clone(), input.clone(), notice.setter());
        let key = format!("poll-{session}-{}", *polls_created);
        let created = polls_created.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let poll = CreatePollParams::new(value(&input), ["Yes", "No"]);
            let call = room.create_poll(poll).idempotency_key(&key).send();
            let (notice, created) = (notice.clone(), created.clone());
            spawn_local(async move {
                match call.await.and_then(|done| done.into_data()) {
                    Ok(_) => {
                        created.set(*created + 1);
                        notice.set("The poll is open.".into());
                    }
                    Err(error) if error.maybe_applied() => {
                        notice.set("It may be open. To be sure, send it again.".into());
                    }
                    Err(error) => notice.set(error.to_string()),
                }
            });
        }
    };
    html! {
        <form onsubmit={submit}>
            <input aria-label="Question" ref={input} />
            <button>{ "Ask" }</button>
            <output>{ &*notice }</output>
        </form>
    }
}

fn value(input: &NodeRef) -> String {
    input
        .cast::<HtmlInputElement>()
        .map(|input| input.value())
        .unwrap_or_default()
}

fn js_random() -> u64 {
    (js_sys::Math::random() * 1e15) as u64
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
