//! Control routes that let participants join and leave.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::response::{error, merge, ok, parse};
use super::world::pick_meeting;
use crate::api::ApiResponse;
use crate::emulator::{Emulator, lock};
use crate::world::{Departure, NewParticipant, Refusal, peer_state};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Join {
    meeting_id: Option<String>,
    custom_participant_id: Option<String>,
    user_id: Option<Uuid>,
    name: Option<String>,
}

/// `POST /join`: a participant joins. An unknown custom ID adds a participant first.
pub(super) async fn join(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    merge(parse::<Join>(&body).and_then(|join| {
        let mut world = lock(&app.world);
        let (meeting, now) = pick_meeting(&mut world, join.meeting_id.as_deref())?;
        let participant_index = match (join.user_id, join.custom_participant_id) {
            (Some(user), None) => match meeting.by_user.get(&user) {
                Some(participant_index) => *participant_index,
                None => return Err(error(404, &format!("no participant {user}"))),
            },
            (None, Some(custom)) => match meeting.by_custom.get(&custom) {
                Some(participant_index) => *participant_index,
                None => meeting.add(
                    NewParticipant {
                        name: join.name.clone().unwrap_or_else(|| custom.clone()),
                        custom_id: custom,
                        email: None,
                        picture: None,
                    },
                    now,
                ),
            },
            _ => {
                return Err(error(
                    400,
                    "either user_id or custom_participant_id is required",
                ));
            }
        };
        let index = meeting.join(participant_index, now).map_err(refused)?;
        if let (Some(name), Some(peer)) = (join.name, meeting.live_peer_mut(index)) {
            peer.name = name;
        }
        let session = meeting.require_session().map_err(refused)?;
        let peer = session
            .peers
            .get(index)
            .ok_or_else(|| error(500, "no peer"))?;
        let mut state = peer_state(meeting, peer);
        state["meeting_id"] = json!(meeting.id);
        state["session_id"] = json!(session.id);
        Ok(ok(&state))
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Leave {
    meeting_id: Option<String>,
    peer_id: Option<Uuid>,
    custom_participant_id: Option<String>,
    user_id: Option<Uuid>,
}

/// `POST /leave`: one peer leaves, or all peers of a participant.
pub(super) async fn leave(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    merge(parse::<Leave>(&body).and_then(|leave| {
        let mut world = lock(&app.world);
        let (meeting, now) = pick_meeting(&mut world, leave.meeting_id.as_deref())?;
        let by_user = leave.user_id.and_then(|id| meeting.by_user.get(&id));
        let by_custom = leave
            .custom_participant_id
            .as_ref()
            .and_then(|id| meeting.by_custom.get(id));
        let participant_index = by_user.or(by_custom).copied();
        let session = meeting.require_session().map_err(refused)?;
        let leaving: Vec<(usize, Uuid)> = session
            .present
            .iter()
            .filter_map(|index| Some((*index, session.peers.get(*index)?)))
            .filter(|(_, peer)| {
                Some(peer.participant_index) == participant_index || Some(peer.id) == leave.peer_id
            })
            .map(|(index, peer)| (index, peer.id))
            .collect();
        if leaving.is_empty() {
            return Err(error(
                404,
                "no peer in the session has that peer_id, user_id or custom_participant_id",
            ));
        }
        let indexes: HashSet<usize> = leaving.iter().map(|(index, _)| *index).collect();
        meeting.disconnect(&indexes, now, Departure::Left);
        let left: Vec<Uuid> = leaving.into_iter().map(|(_, id)| id).collect();
        Ok(ok(&json!({"left": left})))
    }))
}

/// The response of a refused join or leave: 403 with a reason, or 404.
fn refused(refusal: Refusal) -> ApiResponse {
    let (status, reason) = match refusal {
        Refusal::Deleted => (403, "deleted"),
        Refusal::Inactive => (403, "inactive"),
        _ => (404, "missing"),
    };
    ApiResponse::json(
        status,
        &json!({"error": refusal.message(), "reason": reason}),
    )
}
