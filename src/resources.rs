//! The API's resources for Rust: each method is an operation of the table.

use crate::client::Client;
use crate::everybody::AllParticipants;
use crate::id::{AppId, MeetingId, ParticipantId, SessionId};
use crate::models::{
    ActedOn, CreatedPoll, KickedAll, ListParticipants, Meeting, MeetingChanges, MutedAll, NewPoll,
    ParticipantIds, ParticipantsPage, RemovedParticipant, Session,
};
use crate::operation::{self, Operation};
use crate::pending::Call;
#[cfg(not(feature = "npm"))]
use crate::watch::Watch;
use serde::Serialize;

/// The live session of a meeting. See [`Client::active_session`].
#[derive(Clone, Copy, Debug)]
pub struct ActiveSessions<'a>(pub(crate) &'a Client);

impl ActiveSessions<'_> {
    /// The session that is live in a meeting. If none is, the API says 404.
    pub fn get_active_session(&self, app: &AppId, meeting: &MeetingId) -> Call<Session> {
        self.meeting(&operation::GET_ACTIVE_SESSION, app, meeting, ())
    }

    /// Kicks some. They can come back with the same link; to keep them out, also
    /// [delete](crate::Meetings::delete_meeting_participant) them.
    pub fn kick_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        whom: ParticipantIds,
    ) -> Call<ActedOn> {
        self.meeting(&operation::KICK_PARTICIPANTS, app, meeting, whom)
    }

    /// Kicks everybody, which ends the session and its recording.
    pub fn kick_all_participants(&self, app: &AppId, meeting: &MeetingId) -> Call<KickedAll> {
        self.meeting(&operation::KICK_ALL_PARTICIPANTS, app, meeting, ())
    }

    /// Mutes some.
    pub fn mute_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        whom: ParticipantIds,
    ) -> Call<ActedOn> {
        self.meeting(&operation::MUTE_PARTICIPANTS, app, meeting, whom)
    }

    /// Mutes everybody, who then may or may not unmute themselves.
    pub fn mute_all_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        allow_unmute: bool,
    ) -> Call<MutedAll> {
        #[derive(Serialize)]
        struct MuteAll {
            allow_unmute: bool,
        }
        let params = MuteAll { allow_unmute };
        self.meeting(&operation::MUTE_ALL_PARTICIPANTS, app, meeting, params)
    }

    /// Makes a poll, at most once: where it may have been made, it is not sent again, and the
    /// error says [`maybe_applied`](crate::Error::maybe_applied).
    pub fn create_poll(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        poll: NewPoll,
    ) -> Call<CreatedPoll> {
        self.meeting(&operation::CREATE_POLL, app, meeting, poll)
    }

    /// Keeps an eye on a meeting: who is in, who comes and who goes, look after look.
    #[cfg(not(feature = "npm"))]
    pub fn watch(&self, app: &AppId, meeting: &MeetingId) -> Watch {
        Watch::new(self.0, app, meeting)
    }

    fn meeting<T>(
        &self,
        operation: &'static Operation,
        app: &AppId,
        meeting: &MeetingId,
        params: impl Serialize,
    ) -> Call<T> {
        let ids = [app.segment(), meeting.segment()];
        Call::new(self.0, operation, &ids, params)
    }
}

/// Sessions. See [`Client::sessions`].
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(crate) &'a Client);

impl Sessions<'_> {
    /// A page of everybody who was in a session; who is in has no
    /// [`left_at`](crate::models::Participant::left_at).
    pub fn get_session_participants(
        &self,
        app: &AppId,
        session: &SessionId,
        list: ListParticipants,
    ) -> Call<ParticipantsPage> {
        let ids = [app.segment(), session.segment()];
        Call::new(self.0, &operation::GET_SESSION_PARTICIPANTS, &ids, list)
    }

    /// Everybody who was in a session, over all pages, each once.
    pub fn all_session_participants(
        &self,
        app: &AppId,
        session: &SessionId,
        list: ListParticipants,
    ) -> AllParticipants {
        AllParticipants::new(self.0, app, session, list)
    }
}

/// Meetings. See [`Client::meetings`].
#[derive(Clone, Copy, Debug)]
pub struct Meetings<'a>(pub(crate) &'a Client);

impl Meetings<'_> {
    /// A meeting.
    pub fn get_meeting_by_id(&self, app: &AppId, meeting: &MeetingId) -> Call<Meeting> {
        let ids = [app.segment(), meeting.segment()];
        Call::new(self.0, &operation::GET_MEETING, &ids, ())
    }

    /// Changes a meeting, such as [`MeetingChanges::lock`].
    pub fn update_meeting_by_id(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        changes: MeetingChanges,
    ) -> Call<Meeting> {
        let ids = [app.segment(), meeting.segment()];
        Call::new(self.0, &operation::UPDATE_MEETING, &ids, changes)
    }

    /// Removes a participant from a meeting: their token no longer lets them in. Who is in stays
    /// in until kicked.
    pub fn delete_meeting_participant(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        participant: &ParticipantId,
    ) -> Call<RemovedParticipant> {
        let ids = [app.segment(), meeting.segment(), participant.segment()];
        Call::new(self.0, &operation::DELETE_MEETING_PARTICIPANT, &ids, ())
    }
}
