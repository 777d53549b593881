//! What the live protocol needs of the core: a meeting's data, and a moderator's limits.

use std::sync::Arc;

use realtimekit_moderator::internal::operation::{
    GET_ACTIVE_SESSION, GET_SESSION_PARTICIPANTS, Permission,
};

use super::Gateway;
use crate::api_response::{ApiResponse, Refusal};
use crate::grant::Grant;
use crate::live::reading::{PeerPages, ReadFailure, Reading, session};
use crate::platform::{Clock, Journal, LiveSink, MeetingKey, Upstream, UpstreamRequest};
use crate::read_cache::Source;
use crate::route::{Id, path};

/// What a read of a meeting took.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadStats {
    /// How many responses it needed.
    pub requests: u64,
    /// The age of the oldest one, in milliseconds.
    pub age_ms: u64,
}

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// The same gateway, whose actions are shown to watchers.
    pub fn with_live(mut self, live: Arc<dyn LiveSink>) -> Self {
        self.live = Some(live);
        self
    }

    /// Reads a meeting: its live session, and all of the session's peers. Other reads share its
    /// requests. `anew`: no response from memory will do.
    pub async fn read_meeting(
        &self,
        meeting: &MeetingKey,
        anew: bool,
    ) -> (Result<Reading, ReadFailure>, ReadStats) {
        if anew {
            self.reads.touch(meeting);
        }
        let mut stats = ReadStats::default();
        let read = self.read_all(meeting, &mut stats).await;
        (read, stats)
    }

    async fn read_all(
        &self,
        meeting: &MeetingKey,
        stats: &mut ReadStats,
    ) -> Result<Reading, ReadFailure> {
        let request = self.request(&GET_ACTIVE_SESSION, meeting, None);
        let response = self.shared(meeting, request, stats).await?;
        let Some(live) = session(&response)? else {
            return Ok(Reading::default());
        };
        let mut pages = PeerPages::default();
        while let Some(query) = pages.next_query() {
            let path = path(&GET_SESSION_PARTICIPANTS, |name| match name {
                "account_id" => Some(self.settings.account_id.as_str()),
                "app_id" => Some(meeting.app_id.as_str()),
                // It is the API's own, and still becomes part of a path.
                "session_id" => Id::new(live.id()).map(|_| live.id()),
                _ => None,
            });
            let request = path.map(|path| UpstreamRequest {
                operation: GET_SESSION_PARTICIPANTS.name,
                method: GET_SESSION_PARTICIPANTS.method,
                path: path + &query,
                body: None,
            });
            pages.take(&self.shared(meeting, request, stats).await?)?;
        }
        Reading::new(live, pages.done())
    }

    async fn shared(
        &self,
        meeting: &MeetingKey,
        request: Option<UpstreamRequest>,
        stats: &mut ReadStats,
    ) -> Result<ApiResponse, ReadFailure> {
        let request = request.ok_or(Refusal::NoRoute)?;
        stats.requests += 1;
        let got = self.reads.get_new(meeting, request, &self.upstream).await;
        if !matches!(
            &got,
            Ok((_, Source::Memory | Source::Stale | Source::Limited))
        ) {
            self.note_token(&got);
        }
        let (response, source) = got?;
        if matches!(source, Source::Memory | Source::Stale | Source::Limited) {
            // `Age` is in whole seconds.
            let age: Option<u64> = response.header("age").and_then(|age| age.parse().ok());
            stats.age_ms = stats.age_ms.max(age.unwrap_or_default() * 1000 + 999);
        }
        Ok(response)
    }

    /// How close so many requests may be repeated for the budget to last, in milliseconds.
    pub fn pace_ms(&self, requests: u64) -> u64 {
        self.budget.pace_ms(requests)
    }

    /// Takes a watcher's new grant: of the same moderator, and for the same meeting.
    ///
    /// # Errors
    ///
    /// If it is another's, or the moderator's limit is reached; the old grant stays.
    pub async fn renew(
        &self,
        meeting: &MeetingKey,
        old: &Grant,
        token: &str,
    ) -> Result<Arc<Grant>, Refusal> {
        self.may_read(old, &meeting.meeting_id)?;
        let grant = self.authenticate(Some(token)).await?;
        grant.allows(
            &meeting.app_id,
            &meeting.meeting_id,
            Permission::Read.word(),
        )?;
        if !grant.is_same_moderator(old) {
            let what = "the grant must be for the same moderator";
            return Err(Refusal::Invalid(what.to_owned()));
        }
        Ok(grant)
    }

    /// Whether a watcher may have the meeting read now.
    ///
    /// # Errors
    ///
    /// If a limit of the moderator is reached.
    pub fn may_refresh(&self, meeting: &MeetingKey, grant: &Grant) -> Result<(), Refusal> {
        self.may_read(grant, &meeting.meeting_id)?;
        self.limits.new_read(grant).map_err(Refusal::TooMany)
    }

    /// Counts a message of a moderator as a read.
    fn may_read(&self, grant: &Grant, meeting_id: &Id) -> Result<(), Refusal> {
        let within = self.limits.read(grant, Some(meeting_id));
        within.map_err(Refusal::TooMany)
    }

    /// Shows a line of the audit to the meeting's watchers. `sent`: the API may have acted.
    pub(super) fn show_action(&self, meeting: &MeetingKey, line: &str, sent: bool) {
        if let Some(live) = &self.live {
            live.acted(meeting, line, sent);
        }
    }

    /// Whether a meeting's actions are shown to anyone.
    pub(super) fn is_watched(&self, meeting: &MeetingKey) -> bool {
        let live = self.live.as_ref();
        live.is_some_and(|live| live.is_watched(meeting))
    }
}
