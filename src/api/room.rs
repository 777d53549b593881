//! One meeting with its client, as a value that an app keeps.

use super::client::Client;
use super::pager::ParticipantsPager;
use super::request_builder::RequestBuilder;
use crate::id::{AppId, MeetingId, ParticipantId, SessionId};
use crate::models::{
    AffectedParticipants, CreatePollParams, CreatedPoll, KickedAll, ListParticipants, Meeting,
    MutedAll, ParticipantIds, RemovedParticipant, Session, UpdateMeetingParams,
};
use crate::watch::stream::Watch;

impl Client {
    /// A meeting of an app, to moderate it.
    pub fn room(&self, app: impl Into<AppId>, meeting: impl Into<MeetingId>) -> Room {
        Room {
            client: self.clone(),
            app: app.into(),
            meeting: meeting.into(),
        }
    }
}

/// A meeting, with the client that moderates it.
///
/// It borrows nothing, is cheap to clone, `Send` and `Sync`: keep it in a component's properties, a signal or a context.
/// Each method is a call of the API, as [`ActiveSessions`](crate::ActiveSessions), [`Sessions`](crate::Sessions) and
/// [`Meetings`](crate::Meetings) have it.
///
/// ```no_run
/// # use realtimekit_moderator::{Client, Error, id::{AppId, MeetingId, ParticipantId}};
/// use realtimekit_moderator::models::ParticipantIds;
///
/// # async fn ban(client: Client, app: AppId, meeting: MeetingId, who: ParticipantId) -> Result<(), Error> {
/// let room = client.room(app, meeting);
/// room.delete_participant(&who).await?; // their token no longer lets them in
/// let kicked = room.kick(ParticipantIds::users([&who])).await?.into_data()?;
/// for one in &kicked.failed {
///     println!("{}: {}", one.id, one.message);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    client: Client,
    app: AppId,
    meeting: MeetingId,
}

impl Room {
    /// The client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The app.
    pub fn app(&self) -> &AppId {
        &self.app
    }

    /// The meeting.
    pub fn meeting(&self) -> &MeetingId {
        &self.meeting
    }

    /// Fetches the live session. If there is none, the API responds 404.
    pub fn session(&self) -> RequestBuilder<Session> {
        let sessions = self.client.active_session();
        sessions.get_active_session(&self.app, &self.meeting)
    }

    /// Follows the live session: who is there, who joins and who leaves, poll after poll.
    pub fn watch(&self) -> Watch {
        self.client.active_session().watch(&self.app, &self.meeting)
    }

    /// Everyone who was in a session of this meeting, page by page, each join once.
    pub fn participants(&self, session: &SessionId, list: ListParticipants) -> ParticipantsPager {
        let sessions = self.client.sessions();
        sessions.all_session_participants(&self.app, session, list)
    }

    /// Removes participants. They can rejoin; to keep them out, also [delete](Self::delete_participant) them.
    pub fn kick(&self, participants: ParticipantIds) -> RequestBuilder<AffectedParticipants> {
        let sessions = self.client.active_session();
        sessions.kick_participants(&self.app, &self.meeting, participants)
    }

    /// Removes everyone, which ends the session and its recording.
    pub fn kick_all(&self) -> RequestBuilder<KickedAll> {
        let sessions = self.client.active_session();
        sessions.kick_all_participants(&self.app, &self.meeting)
    }

    /// Mutes participants.
    pub fn mute(&self, participants: ParticipantIds) -> RequestBuilder<AffectedParticipants> {
        let sessions = self.client.active_session();
        sessions.mute_participants(&self.app, &self.meeting, participants)
    }

    /// Mutes everyone. `allow_unmute`: whether they can unmute themselves.
    pub fn mute_all(&self, allow_unmute: bool) -> RequestBuilder<MutedAll> {
        let sessions = self.client.active_session();
        sessions.mute_all_participants(&self.app, &self.meeting, allow_unmute)
    }

    /// Creates a poll, at most once: if it may have been created, it is not sent again, and the error says
    /// [`maybe_applied`](crate::Error::maybe_applied).
    pub fn create_poll(&self, poll: CreatePollParams) -> RequestBuilder<CreatedPoll> {
        let sessions = self.client.active_session();
        sessions.create_poll(&self.app, &self.meeting, poll)
    }

    /// Fetches the meeting.
    pub fn get_meeting(&self) -> RequestBuilder<Meeting> {
        self.client
            .meetings()
            .get_meeting_by_id(&self.app, &self.meeting)
    }

    /// Updates the meeting.
    pub fn update_meeting(&self, changes: UpdateMeetingParams) -> RequestBuilder<Meeting> {
        let meetings = self.client.meetings();
        meetings.update_meeting_by_id(&self.app, &self.meeting, changes)
    }

    /// Locks the meeting: no one new can join. Participants already there stay.
    pub fn lock(&self) -> RequestBuilder<Meeting> {
        self.update_meeting(UpdateMeetingParams::lock())
    }

    /// Unlocks the meeting.
    pub fn unlock(&self) -> RequestBuilder<Meeting> {
        self.update_meeting(UpdateMeetingParams::unlock())
    }

    /// Bans a participant: deletes them from the meeting, which revokes their token. If they are in the session, they
    /// stay until they are [removed](Self::kick).
    pub fn delete_participant(
        &self,
        participant: &ParticipantId,
    ) -> RequestBuilder<RemovedParticipant> {
        let meetings = self.client.meetings();
        meetings.delete_meeting_participant(&self.app, &self.meeting, participant)
    }
}
