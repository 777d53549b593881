//! The operations of the API, as exports. Each takes a client, IDs, params and options, and returns a promise.

use super::call::call;
use super::errors;
use super::executor::promise;
use super::host::host;
use super::types::{CallOptions, ClientSettings, ResultPromise};
use crate::operation;
use crate::transport::attempts::AttemptInfo;
use crate::transport::perform::read_late;
use crate::transport::response::ResponseHead;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Response};

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident $js_name:literal ($($id:ident),*) = $operation:ident;)*) => {$(
        $(#[$doc])*
        #[wasm_bindgen(js_name = $js_name)]
        pub fn $name(
            client: &ClientSettings,
            $($id: &JsValue,)*
            params: &JsValue,
            options: &CallOptions,
        ) -> ResultPromise {
            call(client, &operation::$operation, &[$($id),*], params, options)
        }
    )*};
}

operations! {
    /// Fetches the live session of a meeting.
    get_active_session "getActiveSession" (app_id, meeting_id) = GET_ACTIVE_SESSION;
    /// Removes participants from the live session.
    kick_participants "kickParticipants" (app_id, meeting_id) = KICK_PARTICIPANTS;
    /// Removes everyone and ends the session.
    kick_all_participants "kickAllParticipants" (app_id, meeting_id) = KICK_ALL_PARTICIPANTS;
    /// Mutes participants.
    mute_participants "muteParticipants" (app_id, meeting_id) = MUTE_PARTICIPANTS;
    /// Mutes everyone.
    mute_all_participants "muteAllParticipants" (app_id, meeting_id) = MUTE_ALL_PARTICIPANTS;
    /// Creates a poll, at most once.
    create_poll "createPoll" (app_id, meeting_id) = CREATE_POLL;
    /// Fetches a page of everyone who was in a session.
    get_session_participants "getSessionParticipants" (app_id, session_id) = GET_SESSION_PARTICIPANTS;
    /// Fetches a page of the sessions of an app.
    get_sessions "getSessions" (app_id) = GET_SESSIONS;
    /// Fetches a page of a meeting's audit from a gateway.
    get_audit "getAudit" (app_id, meeting_id) = GET_AUDIT;
    /// Fetches a meeting.
    get_meeting_by_id "getMeetingById" (app_id, meeting_id) = GET_MEETING;
    /// Updates a meeting.
    update_meeting_by_id "updateMeetingById" (app_id, meeting_id) = UPDATE_MEETING;
    /// Deletes a participant of a meeting, which revokes their token.
    delete_meeting_participant "deleteMeetingParticipant" (app_id, meeting_id, participant_id) = DELETE_MEETING_PARTICIPANT;
}

/// Reads the body of a response that was left to the caller by `asResponse()`. `attempts` and `maybe_applied` are those
/// of the `CallResult`; `timeout` is in milliseconds.
#[wasm_bindgen(js_name = readLate)]
pub fn read_body(
    response: &Response,
    attempts: u32,
    maybe_applied: bool,
    timeout: f64,
    signal: Option<AbortSignal>,
) -> ResultPromise {
    let head = ResponseHead::new(Clone::clone(response));
    let info = AttemptInfo {
        attempts,
        maybe_applied,
    };
    let promise = promise(Box::pin(async move {
        let data = read_late(&head, signal.as_ref(), timeout as u32, info).await;
        let data = data.map_err(|error| errors::error(&error))?;
        Ok(host().result(&data, head.response(), attempts, maybe_applied, true))
    }));
    promise.unchecked_into()
}

/// What the headers of a response say about limits: `{ rateLimit, retryAfter }`, as far as they are known.
#[wasm_bindgen(js_name = limitsOf, unchecked_return_type = "{ rateLimit?: object, retryAfter?: number }")]
pub fn limits_of(response: &Response) -> JsValue {
    let (limit, retry_after) = ResponseHead::new(Clone::clone(response)).limits();
    errors::limits(limit.as_ref(), retry_after)
}
