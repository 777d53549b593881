//! The operations: validate the input, change or read the world, build the response.

use serde_json::json;

use super::input;
use super::query;
use super::response::ApiResponse;
use super::route::{Operation, Target};
use crate::emulator::Settings;
use crate::world::{
    AffectedPeer, Meeting, Refusal, SessionView, World, deleted, meeting, page, parse_user, poll,
};

/// The parts of a request besides its path.
pub(super) struct RequestInput<'a> {
    pub(super) query: &'a str,
    pub(super) content_type: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// Carries an operation out.
pub(super) fn perform(
    world: &mut World,
    settings: &Settings,
    target: &Target,
    request: &RequestInput<'_>,
) -> ApiResponse {
    match attempt(world, settings, target, request) {
        Ok(response) => response,
        Err(OperationError::BadRequest(message)) => ApiResponse::realtimekit(400, &message),
        Err(OperationError::Refused(refusal)) => refusal.into(),
    }
}

enum OperationError {
    BadRequest(String),
    Refused(Refusal),
}

impl From<String> for OperationError {
    fn from(message: String) -> Self {
        Self::BadRequest(message)
    }
}

impl From<Refusal> for OperationError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Carries an operation out. It validates the input before it reads the world.
fn attempt(
    world: &mut World,
    settings: &Settings,
    target: &Target,
    request: &RequestInput<'_>,
) -> Result<ApiResponse, OperationError> {
    let id = target.subject.as_str();
    let app = target.app.as_str();
    let object = || input::object(request.content_type, request.body);
    let no_session = || Refusal::NoActiveSession(id.to_owned());
    let no_meeting = || Refusal::NoMeeting(id.to_owned());
    match target.operation {
        Operation::GetActiveSession => {
            input::no_body(request.body)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let session = meeting.require_session()?;
            Ok(ApiResponse::data(
                200,
                &SessionView::new(meeting, session, now),
            ))
        }
        Operation::KickParticipants => {
            let targets = input::targets(&object()?)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let peers = meeting.kick(&targets, now)?;
            Ok(affected(meeting, "kicked", &peers))
        }
        Operation::KickAllParticipants => {
            input::no_body(request.body)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let count = meeting.kick_all(now)?;
            let data = json!({"action": "kicked_all", "kicked_participants_count": count});
            Ok(ApiResponse::data(200, &data).acted())
        }
        Operation::MuteParticipants => {
            let targets = input::targets(&object()?)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let peers = meeting.mute(&targets, now)?;
            Ok(affected(meeting, "muted", &peers))
        }
        Operation::MuteAllParticipants => {
            let allow = input::allow_unmute(&object()?)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let count = meeting.mute_all(allow, now)?;
            let data = json!({"action": "muted_all", "muted_participants_count": count});
            Ok(ApiResponse::data(200, &data).acted())
        }
        Operation::CreatePoll => {
            let new = input::poll(&object()?)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let made = poll(meeting.poll(new, now)?);
            let data = json!({"action": "poll_created", "poll": made});
            Ok(ApiResponse::data(201, &data).acted())
        }
        Operation::GetSessionParticipants => {
            input::no_body(request.body)?;
            let query = query::roster(request.query, settings.first_page)?;
            let session = parse_user(id).ok_or_else(|| "session_id is not a UUID".to_owned())?;
            let (meeting, session, now) = world.session(app, session)?;
            let page = page(meeting, session, &query, settings.left_at, now);
            let data = json!({
                "participants": page.rows,
                "paging": {
                    "total_count": page.total,
                    "start_offset": page.start,
                    "end_offset": page.end,
                },
            });
            Ok(ApiResponse::data(200, &data))
        }
        Operation::GetSessions => {
            input::no_body(request.body)?;
            let query = query::sessions(request.query, settings.first_page)?;
            let (sessions, total) = world.sessions(app, &query)?;
            let start = query.page.saturating_mul(query.per_page);
            let paging = json!({
                "total_count": total,
                "start_offset": if sessions.is_empty() { 0 } else { start + 1 },
                "end_offset": start + sessions.len(),
            });
            let body = json!({"success": true, "data": {"sessions": sessions}, "paging": paging});
            Ok(ApiResponse::json(200, &body))
        }
        Operation::GetMeeting => {
            input::no_body(request.body)?;
            let (found, _) = world.meeting(app, id)?.ok_or_else(no_meeting)?;
            Ok(ApiResponse::data(200, &meeting(found)))
        }
        Operation::UpdateMeeting => {
            let patch = input::patch(&object()?)?;
            let (found, now) = world.meeting(app, id)?.ok_or_else(no_meeting)?;
            found.change(patch, now);
            Ok(ApiResponse::data(200, &meeting(found)).acted())
        }
        Operation::DeleteMeetingParticipant => {
            input::no_body(request.body)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_meeting)?;
            let participant_index = meeting.delete(&target.participant, now)?;
            Ok(ApiResponse::data(200, &deleted(meeting, participant_index)).acted())
        }
    }
}

/// The response of a kick or mute. The peers are in the last session.
fn affected(meeting: &Meeting, action: &str, peers: &[usize]) -> ApiResponse {
    let participants = meeting
        .sessions
        .last()
        .map(|session| AffectedPeer::list(meeting, session, peers))
        .unwrap_or_default();
    let data = json!({"action": action, "participants": participants});
    ApiResponse::data(200, &data).acted()
}
