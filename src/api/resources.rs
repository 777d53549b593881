//! The API's resources for Rust. Each method is an operation of the table.

use super::client::Client;
use super::pager::ParticipantsPager;
use super::request_builder::RequestBuilder;
use crate::id::{AppId, MeetingId, ParticipantId, SessionId};
use crate::models::{
    AffectedParticipants, CreatePollParams, CreatedPoll, KickedAll, ListParticipants, ListSessions,
    Meeting, MutedAll, ParticipantIds, ParticipantsPage, RemovedParticipant, Session, SessionsPage,
    UpdateMeetingParams,
};
use crate::operation::{self, Operation};
use serde::Serialize;

impl Client {
    /// The live session of a meeting.
    pub fn active_session(&self) -> ActiveSessions<'_> {
        ActiveSessions(self)
    }

    /// Sessions, live or ended.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// Meetings.
    pub fn meetings(&self) -> Meetings<'_> {
        Meetings(self)
    }
}

/// The live session of a meeting. See [`Client::active_session`].
#[derive(Clone, Copy, Debug)]
pub struct ActiveSessions<'a>(pub(crate) &'a Client);

impl ActiveSessions<'_> {
    /// Fetches the live session of a meeting. If there is none, the API responds 404.
    pub fn get_active_session(&self, app: &AppId, meeting: &MeetingId) -> RequestBuilder<Session> {
        self.meeting(&operation::GET_ACTIVE_SESSION, app, meeting, ())
    }

    /// Removes participants. They can rejoin with the same link; to keep them out, also
    /// [delete](crate::Meetings::delete_meeting_participant) them.
    pub fn kick_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        participants: ParticipantIds,
    ) -> RequestBuilder<AffectedParticipants> {
        self.meeting(&operation::KICK_PARTICIPANTS, app, meeting, participants)
    }

    /// Removes everyone, which ends the session and its recording.
    pub fn kick_all_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
    ) -> RequestBuilder<KickedAll> {
        self.meeting(&operation::KICK_ALL_PARTICIPANTS, app, meeting, ())
    }

    /// Mutes participants.
    pub fn mute_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        participants: ParticipantIds,
    ) -> RequestBuilder<AffectedParticipants> {
        self.meeting(&operation::MUTE_PARTICIPANTS, app, meeting, participants)
    }

    /// Mutes everyone. `allow_unmute`: whether they can unmute themselves.
    pub fn mute_all_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        allow_unmute: bool,
    ) -> RequestBuilder<MutedAll> {
        #[derive(Serialize)]
        struct MuteAll {
            allow_unmute: bool,
        }
        let params = MuteAll { allow_unmute };
        self.meeting(&operation::MUTE_ALL_PARTICIPANTS, app, meeting, params)
    }

    /// Creates a poll, at most once: if it may have been created, it is not sent again, and the
    /// error says [`maybe_applied`](crate::Error::maybe_applied).
    pub fn create_poll(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        poll: CreatePollParams,
    ) -> RequestBuilder<CreatedPoll> {
        self.meeting(&operation::CREATE_POLL, app, meeting, poll)
    }

    fn meeting<T>(
        &self,
        operation: &'static Operation,
        app: &AppId,
        meeting: &MeetingId,
        params: impl Serialize,
    ) -> RequestBuilder<T> {
        let ids = vec![app.segment(), meeting.segment()];
        RequestBuilder::new(self.0, operation, ids, params)
    }
}

/// Sessions. See [`Client::sessions`].
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(crate) &'a Client);

impl Sessions<'_> {
    /// Fetches a page of everyone who was in a session. Those still there have no
    /// [`left_at`](crate::models::Participant::left_at).
    pub fn get_session_participants(
        &self,
        app: &AppId,
        session: &SessionId,
        list: ListParticipants,
    ) -> RequestBuilder<ParticipantsPage> {
        let ids = vec![app.segment(), session.segment()];
        RequestBuilder::new(self.0, &operation::GET_SESSION_PARTICIPANTS, ids, list)
    }

    /// Fetches a page of the sessions of all meetings of an app.
    pub fn get_sessions(&self, app: &AppId, list: ListSessions) -> RequestBuilder<SessionsPage> {
        let ids = vec![app.segment()];
        RequestBuilder::new(self.0, &operation::GET_SESSIONS, ids, list)
    }

    /// Fetches everyone who was in a session, page by page, each once.
    pub fn all_session_participants(
        &self,
        app: &AppId,
        session: &SessionId,
        list: ListParticipants,
    ) -> ParticipantsPager {
        ParticipantsPager::new(self.0, app, session, list)
    }
}

/// Meetings. See [`Client::meetings`].
#[derive(Clone, Copy, Debug)]
pub struct Meetings<'a>(pub(crate) &'a Client);

impl Meetings<'_> {
    /// Fetches a meeting.
    pub fn get_meeting_by_id(&self, app: &AppId, meeting: &MeetingId) -> RequestBuilder<Meeting> {
        let ids = vec![app.segment(), meeting.segment()];
        RequestBuilder::new(self.0, &operation::GET_MEETING, ids, ())
    }

    /// Updates a meeting, for example by [`UpdateMeetingParams::lock`].
    pub fn update_meeting_by_id(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        changes: UpdateMeetingParams,
    ) -> RequestBuilder<Meeting> {
        let ids = vec![app.segment(), meeting.segment()];
        RequestBuilder::new(self.0, &operation::UPDATE_MEETING, ids, changes)
    }

    /// Deletes a participant of a meeting: their token is revoked. If they are in the session, they stay until they
    /// are removed.
    pub fn delete_meeting_participant(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        participant: &ParticipantId,
    ) -> RequestBuilder<RemovedParticipant> {
        let ids = vec![app.segment(), meeting.segment(), participant.segment()];
        RequestBuilder::new(self.0, &operation::DELETE_MEETING_PARTICIPANT, ids, ())
    }
}
