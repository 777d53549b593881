//! The operations of the API, as exports. Each takes a client, IDs, params and options, and returns a promise.

use super::call::{call, promised};
use super::errors;
use super::types::{CallOptions, ClientSettings, List, ResultPromise};
use crate::operation;
use crate::transport::attempts::AttemptInfo;
use crate::transport::exchange::Exchange;
use crate::transport::prepared::PreparedRequest;
use crate::transport::response::ResponseHead;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Response};

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident $js_name:literal ($ids:literal) = $operation:ident;)*) => {$(
        $(#[$doc])*
        #[wasm_bindgen(js_name = $js_name)]
        pub fn $name(
            client: ClientSettings,
            #[wasm_bindgen(unchecked_param_type = $ids)] ids: List,
            params: JsValue,
            options: CallOptions,
        ) -> ResultPromise {
            call(client, &operation::$operation, &ids, &params, &options)
        }
    )*};
}

operations! {
    /// Fetches the live session of a meeting.
    get_active_session "getActiveSession" ("[account: string, app: string, meeting: string]") = GET_ACTIVE_SESSION;
    /// Removes participants from the live session.
    kick_participants "kickParticipants" ("[account: string, app: string, meeting: string]") = KICK_PARTICIPANTS;
    /// Removes everyone and ends the session.
    kick_all_participants "kickAllParticipants" ("[account: string, app: string, meeting: string]") = KICK_ALL_PARTICIPANTS;
    /// Mutes participants.
    mute_participants "muteParticipants" ("[account: string, app: string, meeting: string]") = MUTE_PARTICIPANTS;
    /// Mutes everyone.
    mute_all_participants "muteAllParticipants" ("[account: string, app: string, meeting: string]") = MUTE_ALL_PARTICIPANTS;
    /// Creates a poll, at most once.
    create_poll "createPoll" ("[account: string, app: string, meeting: string]") = CREATE_POLL;
    /// Fetches a page of everyone who was in a session.
    get_session_participants "getSessionParticipants" ("[account: string, app: string, session: string]") = GET_SESSION_PARTICIPANTS;
    /// Fetches a page of the sessions of an app.
    get_sessions "getSessions" ("[account: string, app: string]") = GET_SESSIONS;
    /// Fetches a page of a meeting's audit from a gateway.
    get_audit "getAudit" ("[account: string, app: string, meeting: string]") = GET_AUDIT;
    /// Fetches a meeting.
    get_meeting_by_id "getMeetingById" ("[account: string, app: string, meeting: string]") = GET_MEETING;
    /// Updates a meeting.
    update_meeting_by_id "updateMeetingById" ("[account: string, app: string, meeting: string]") = UPDATE_MEETING;
    /// Deletes a participant of a meeting, which revokes their token.
    delete_meeting_participant "deleteMeetingParticipant" ("[account: string, app: string, meeting: string, participant: string]") = DELETE_MEETING_PARTICIPANT;
}

/// Reads the body of a response that was left to the caller by `asResponse()`. `attempts` and `maybe_applied` are those
/// of the `CallResult`; `timeout` is in milliseconds.
#[wasm_bindgen(js_name = readLate)]
pub fn read_body(
    response: Response,
    attempts: u32,
    maybe_applied: bool,
    timeout: f64,
    signal: Option<AbortSignal>,
) -> ResultPromise {
    let head = ResponseHead::new(response);
    let info = AttemptInfo {
        attempts,
        maybe_applied,
    };
    let call = PreparedRequest::sent(timeout as u32, signal);
    promised(Exchange::read_late(call, head, info))
}

/// What the headers of a response say about limits: `{ rateLimit, retryAfter }`, as far as they are known.
#[wasm_bindgen(js_name = limitsOf, unchecked_return_type = "{ rateLimit?: object, retryAfter?: number }")]
pub fn limits_of(response: Response) -> JsValue {
    let (limit, retry_after) = ResponseHead::new(response).limits();
    errors::limits(limit.as_ref(), retry_after)
}
