//! Control routes that read the world, create meetings, end sessions and move time.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::response::{error, merge, ok, parse};
use crate::api::{ApiResponse, query_value};
use crate::clock::Moment;
use crate::emulator::{Emulator, lock};
use crate::world::{Departure, Meeting, World};

/// The largest number of participants of a new meeting.
pub(crate) const MOST_PARTICIPANTS: u32 = 10_000;

/// The longest step of time: one day, because every event in it is simulated.
const LONGEST_STEP: f64 = 86_400.0;

/// `GET /state`. `?meeting_id=` selects one meeting.
pub(super) async fn state(State(app): State<Arc<Emulator>>, uri: Uri) -> ApiResponse {
    let only = query_value(uri.query().unwrap_or_default(), "meeting_id");
    let mut state = lock(&app.world).state(only.as_deref());
    state["account_id"] = json!(app.settings.account);
    state["pending_faults"] = json!(lock(&app.faults).pending());
    ok(&state)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

/// `POST /advance`.
pub(super) async fn advance(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    merge(parse::<Advance>(&body).and_then(|step| {
        if !(0.0..=LONGEST_STEP).contains(&step.seconds) {
            return Err(error(400, "seconds must be from 0 to 86400"));
        }
        let now = lock(&app.world).advance(step.seconds);
        Ok(ok(&json!({"now": now})))
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndSession {
    meeting_id: Option<String>,
}

/// `POST /end-session`.
pub(super) async fn end_session(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    merge(parse::<EndSession>(&body).and_then(|end| {
        let mut world = lock(&app.world);
        let (meeting, now) = pick_meeting(&mut world, end.meeting_id.as_deref())?;
        let session = meeting
            .require_session()
            .map_err(|refusal| error(404, &refusal.message()))?
            .id;
        let participants = meeting.end_session(now, Departure::Ended);
        Ok(ok(&json!({
            "session_id": session,
            "ended_at": now,
            "participants": participants,
        })))
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MakeMeeting {
    participants: u32,
    title: Option<String>,
    /// Whether participants join and leave by themselves. By default they do not, so that tests that
    /// share an emulator can move time without changing each other's meetings.
    #[serde(default)]
    lively: bool,
}

/// `POST /meetings`.
pub(super) async fn make_meeting(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    merge(parse::<MakeMeeting>(&body).and_then(|make| {
        if make.participants > MOST_PARTICIPANTS {
            return Err(error(400, "participants must be from 0 to 10000"));
        }
        let title = make.title.unwrap_or_else(|| "Test meeting".to_owned());
        let mut world = lock(&app.world);
        let meeting = world.make_meeting(title, make.participants as usize, make.lively);
        let session = meeting.live_session();
        let participants: Vec<Value> = session
            .iter()
            .flat_map(|session| &session.peers)
            .filter_map(|peer| {
                let participant = meeting.participants.get(peer.participant_index)?;
                Some(json!({
                    "user_id": participant.id,
                    "custom_participant_id": participant.custom_id,
                    "peer_id": peer.id,
                    "name": peer.name,
                }))
            })
            .collect();
        Ok(ok(&json!({
            "meeting_id": meeting.id,
            "session_id": session.map(|session| session.id),
            "app_id": meeting.app_id,
            "participants": participants,
        })))
    }))
}

/// The meeting of a control request. Without an ID it is the main one.
pub(super) fn pick_meeting<'a>(
    world: &'a mut World,
    id: Option<&str>,
) -> Result<(&'a mut Meeting, Moment), ApiResponse> {
    match id {
        Some(id) => world.any_meeting(id),
        None => world.main_meeting(),
    }
    .ok_or_else(|| error(404, &format!("no meeting {}", id.unwrap_or_default())))
}
