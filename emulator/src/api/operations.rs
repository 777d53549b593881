//! The ten operations: from a request that may and is well formed to the world, and back.

use serde_json::json;

use super::answer::Answer;
use super::input;
use super::query;
use super::route::{Operation, Target};
use crate::emulator::Settings;
use crate::world::{
    Acted, Meeting, Refusal, SessionView, World, deleted, meeting, page, parse_user, poll,
};

/// What a request brings besides its path.
pub(super) struct Brought<'a> {
    pub(super) query: &'a str,
    pub(super) content_type: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// Carries an operation out.
pub(super) fn perform(
    world: &mut World,
    settings: &Settings,
    target: &Target,
    brought: &Brought<'_>,
) -> Answer {
    match attempt(world, settings, target, brought) {
        Ok(answer) => answer,
        Err(Problem::Malformed(message)) => Answer::realtimekit(400, &message),
        Err(Problem::Refused(refusal)) => refusal.into(),
    }
}

enum Problem {
    Malformed(String),
    Refused(Refusal),
}

impl From<String> for Problem {
    fn from(message: String) -> Self {
        Self::Malformed(message)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Each operation checks its input before it looks at the world: what is malformed is malformed
/// in any world.
fn attempt(
    world: &mut World,
    settings: &Settings,
    target: &Target,
    brought: &Brought<'_>,
) -> Result<Answer, Problem> {
    let id = target.subject.as_str();
    let app = target.app.as_str();
    let object = || input::object(brought.content_type, brought.body);
    let no_session = || Refusal::NoActiveSession(id.to_owned());
    let no_meeting = || Refusal::NoMeeting(id.to_owned());
    match target.operation {
        Operation::GetActiveSession => {
            input::nothing(brought.body)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let session = meeting.need_session()?;
            Ok(Answer::data(200, &SessionView::new(meeting, session, now)))
        }
        Operation::KickParticipants => {
            let targets = input::targets(&object()?)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let peers = meeting.kick(&targets, now)?;
            Ok(acted_on(meeting, "kicked", &peers))
        }
        Operation::KickAllParticipants => {
            input::nothing(brought.body)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let count = meeting.kick_all(now)?;
            let data = json!({"action": "kicked_all", "kicked_participants_count": count});
            Ok(Answer::data(200, &data).acted())
        }
        Operation::MuteParticipants => {
            let targets = input::targets(&object()?)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let peers = meeting.mute(&targets, now)?;
            Ok(acted_on(meeting, "muted", &peers))
        }
        Operation::MuteAllParticipants => {
            let allow = input::allow_unmute(&object()?)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let count = meeting.mute_all(allow, now)?;
            let data = json!({"action": "muted_all", "muted_participants_count": count});
            Ok(Answer::data(200, &data).acted())
        }
        Operation::CreatePoll => {
            let new = input::poll(&object()?)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_session)?;
            let made = poll(meeting.poll(new, now)?);
            let data = json!({"action": "poll_created", "poll": made});
            Ok(Answer::data(201, &data).acted())
        }
        Operation::GetSessionParticipants => {
            input::nothing(brought.body)?;
            let query = query::roster(brought.query, settings.first_page)?;
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
            Ok(Answer::data(200, &data))
        }
        Operation::GetMeeting => {
            input::nothing(brought.body)?;
            let (found, _) = world.meeting(app, id)?.ok_or_else(no_meeting)?;
            Ok(Answer::data(200, &meeting(found)))
        }
        Operation::UpdateMeeting => {
            let patch = input::patch(&object()?)?;
            let (found, now) = world.meeting(app, id)?.ok_or_else(no_meeting)?;
            found.change(patch, now);
            Ok(Answer::data(200, &meeting(found)).acted())
        }
        Operation::DeleteMeetingParticipant => {
            input::nothing(brought.body)?;
            let (meeting, now) = world.meeting(app, id)?.ok_or_else(no_meeting)?;
            let who = meeting.delete(&target.participant, now)?;
            Ok(Answer::data(200, &deleted(meeting, who)).acted())
        }
    }
}

/// The answer of an action on peers. The session is the live one, or, had the action ended it, it
/// would be the last.
fn acted_on(meeting: &Meeting, action: &str, peers: &[usize]) -> Answer {
    let participants = meeting
        .sessions
        .last()
        .map(|session| Acted::list(meeting, session, peers))
        .unwrap_or_default();
    let data = json!({"action": action, "participants": participants});
    Answer::data(200, &data).acted()
}
