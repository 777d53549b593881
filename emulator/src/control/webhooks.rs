//! Control routes for webhooks: what was delivered, how events are delivered, and forged ones.

use std::sync::Arc;

use axum::extract::State;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::response::{error, merge, ok, parse};
use super::world::pick_meeting;
use crate::api::ApiResponse;
use crate::emulator::{Emulator, lock};
use crate::webhooks::{
    Behaviour, EVENTS, Forgery, Signer, forge, published, release, set_behaviour,
};

/// The most forged deliveries of one request.
const MOST_FORGED: u32 = 1000;

/// The most repetitions, and the longest delay.
const MOST_REPEATED: u32 = 1000;
const LONGEST_DELAY_MS: u64 = 600_000;

/// `GET /webhooks`.
pub(super) async fn list(State(app): State<Arc<Emulator>>) -> ApiResponse {
    ok(&json!({
        "webhooks": lock(&app.courier.registry).all(),
        "deliveries": app.courier.deliveries(),
        "held": app.courier.held(),
    }))
}

/// `POST /webhooks`: sets the given values, and resets the others.
pub(super) async fn behave(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    merge(parse::<Behaviour>(&body).and_then(|wanted| {
        if wanted.repeat > MOST_REPEATED || wanted.delay_ms > LONGEST_DELAY_MS {
            return Err(error(400, "repeat must be at most 1000, delay_ms 600000"));
        }
        set_behaviour(&app, wanted);
        Ok(ok(&json!({})))
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    #[serde(default)]
    reverse: bool,
}

/// `POST /webhooks/release`.
pub(super) async fn release_held(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    match parse::<Release>(&body) {
        Ok(wanted) => ok(&json!({"sent": release(&app, wanted.reverse).await})),
        Err(error) => error,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forge {
    event: String,
    meeting_id: Option<String>,
    #[serde(default)]
    signed_by: Signer,
    /// Fields of the payload besides the event and the meeting.
    #[serde(default)]
    payload: Value,
    uuid: Option<Uuid>,
    count: Option<u32>,
}

/// `POST /webhooks/forge`.
pub(super) async fn forge_one(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    let (of, forgery, count) = match parse::<Forge>(&body).and_then(|wanted| prepare(&app, wanted))
    {
        Ok(prepared) => prepared,
        Err(error) => return error,
    };
    let mut sent = 0;
    for _ in 0..count {
        sent += forge(&app, of, &forgery).await;
    }
    ok(&json!({"sent": sent}))
}

fn prepare(app: &Emulator, wanted: Forge) -> Result<(Uuid, Forgery, u32), ApiResponse> {
    if !EVENTS.contains(&wanted.event.as_str()) {
        return Err(error(400, &format!("no event `{}`", wanted.event)));
    }
    let count = wanted.count.unwrap_or(1);
    if count > MOST_FORGED {
        return Err(error(400, "count must be at most 1000"));
    }
    let mut world = lock(&app.world);
    let (meeting, _) = pick_meeting(&mut world, wanted.meeting_id.as_deref())?;
    let session = meeting.live_session().map(|session| session.id);
    let mut payload = json!({
        "event": wanted.event,
        "meeting": {"id": meeting.id, "sessionId": session, "title": meeting.title},
    });
    for (name, value) in wanted.payload.as_object().into_iter().flatten() {
        payload[name] = value.clone();
    }
    let forgery = Forgery {
        payload,
        signer: wanted.signed_by,
        uuid: wanted.uuid,
    };
    Ok((meeting.app_id, forgery, count))
}

/// `POST /webhooks/key`: a new key from now on.
pub(super) async fn new_key(State(app): State<Arc<Emulator>>) -> ApiResponse {
    app.courier.key.replace();
    key(State(app)).await
}

/// `GET /.well-known/webhooks.json`, which RealtimeKit has too.
pub(crate) async fn key(State(app): State<Arc<Emulator>>) -> ApiResponse {
    let made = tokio::task::spawn_blocking(move || published(&app.courier.key)).await;
    match made {
        Ok(body) => ok(&body),
        Err(_) => error(500, "the key could not be made"),
    }
}
