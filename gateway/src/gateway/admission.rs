//! Whether a request may pass: its grant, the meeting it is for, and the limits.

use std::sync::{Arc, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use realtimekit_moderator::internal::operation::{GET_ACTIVE_SESSION, GET_SESSIONS};

use super::{Admitted, Gateway, Head, refuse};
use crate::api_response::{ApiResponse, Refusal};
use crate::grant::Grant;
use crate::input::{self, Body};
use crate::platform::{Clock, Journal, MeetingKey, Upstream};
use crate::route::{Action, Id, Target};
use crate::token_verifier::Refused;

/// How often an unknown key ID may cause a fetch of the published keys: every half minute, in
/// milliseconds.
pub const FETCH_AGAIN_MS: u64 = 30_000;

/// A fetch of the published keys, and when it began. The gateway owns it, so the request that began
/// it may be dropped.
pub(super) type Fetch = (u64, Shared<BoxFuture<'static, ()>>);

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// The grant of a token. Invalid tokens are not stored.
    ///
    /// # Errors
    ///
    /// If the token is invalid, expired, not valid yet, or revoked.
    pub async fn authenticate(&self, token: Option<&str>) -> Result<Arc<Grant>, Refusal> {
        let token = token.ok_or(Refusal::GrantMissing)?;
        let now_s = self.clock.unix_ms() / 1000;
        match self.verifier.grant(token, now_s) {
            Ok(grant) => return Ok(grant),
            Err(Refused::No(refusal)) => return Err(refusal),
            Err(Refused::UnknownKey) => {}
        }
        if let Some(fetch) = self.fetch_keys() {
            fetch.await;
        }
        self.verifier.grant_now(token, now_s)
    }

    /// Admits a moderator's request, or refuses it, before its body has arrived. A refused mutation
    /// is written to the audit; nothing else is stored before this succeeds.
    ///
    /// # Errors
    ///
    /// The refusal's response.
    pub async fn admit(
        &self,
        head: &Head<'_>,
        target: Target,
        grant: Arc<Grant>,
    ) -> Result<Admitted, ApiResponse> {
        let started = self.clock.monotonic_ms();
        let refuse = |refusal: Refusal| refuse(&refusal);
        let target = target.with_own_account(&self.settings.account_id);
        let account = target.id("account_id");
        let app_id = target.id("app_id").cloned();
        let (Some(account), Some(app_id)) = (account, app_id) else {
            return Err(refuse(Refusal::NoRoute));
        };
        let other_account = *account != self.settings.account_id;
        // Before the request causes any API request.
        let query = match target.action {
            Action::Operation(operation) => input::query(operation, head.query),
            Action::Audit | Action::Watch => Ok(head.query.unwrap_or_default().to_owned()),
        };
        // A cache in front might not ignore a body.
        if head.body && !target.action.acts() {
            let what = "the operation takes no body".to_owned();
            return Err(refuse(Refusal::Invalid(what)));
        }
        let query = match query {
            Err(refusal) if !target.action.acts() => return Err(refuse(refusal)),
            query => query,
        };
        let meeting = match target.id("meeting_id").cloned() {
            Some(meeting_id) => Ok(MeetingKey { app_id, meeting_id }),
            None if other_account => Err(Refusal::OtherAccount),
            // Only a grant for every meeting covers this key.
            None if target.action == Action::Operation(&GET_SESSIONS) => Ok(MeetingKey {
                app_id,
                meeting_id: Id::every(),
            }),
            None => self.meeting_of_session(&grant, app_id, &target).await,
        };
        let admitted = Admitted {
            id: head.id.to_owned(),
            target,
            grant,
            meeting: meeting.map_err(refuse)?,
            query,
            content_type: head.content_type.map(str::to_owned),
            key: head.key.map(str::to_owned),
            client: head.client.map(str::to_owned),
            reason: input::reason(head.reason),
            started,
        };
        let permission = admitted.target.action.permission();
        let MeetingKey { app_id, meeting_id } = &admitted.meeting;
        let allowed = match other_account {
            true => Err(Refusal::OtherAccount),
            false => admitted.grant.allows(app_id, meeting_id, permission),
        };
        let meeting = allowed.is_ok().then_some(meeting_id);
        let within = match (head.over, admitted.acts()) {
            (Some(wait), _) => Err(wait),
            // Refusals count too: they are written to the audit.
            (None, true) => self.limits.act(&admitted.grant, meeting),
            (None, false) => self.limits.read(&admitted.grant, meeting),
        };
        if let Err(wait) = within {
            return Err(self.too_many(&admitted, wait).await);
        }
        match allowed {
            Ok(()) => Ok(admitted),
            Err(refusal) => Err(self.refused(&admitted, &Body::default(), refusal).await),
        }
    }

    /// Refuses a request over a limit; the audit notes that once a minute.
    pub(super) async fn too_many(&self, admitted: &Admitted, wait: u64) -> ApiResponse {
        let refusal = Refusal::TooMany(wait);
        if admitted.acts() && self.limits.note(&admitted.grant) {
            self.write_refusal(admitted, &Body::default(), &refusal)
                .await;
        }
        refuse(&refusal)
    }

    /// The current or recent fetch of the published keys, or a new one: all callers share it.
    fn fetch_keys(&self) -> Option<Shared<BoxFuture<'static, ()>>> {
        let source = self.key_source.as_ref()?;
        let now = self.clock.monotonic_ms();
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, fetch)) = &*fetched
            && now.saturating_sub(*at) < FETCH_AGAIN_MS
        {
            return Some(fetch.clone());
        }
        let (jwks, keys) = (source.fetch(), Arc::clone(&self.verifier));
        let fetch = async move {
            if let Some(jwks) = jwks.await
                && let Err(what) = keys.publish(&jwks)
            {
                tracing::error!(what, "the published keys cannot be read");
            }
        };
        let fetch = fetch.boxed().shared();
        *fetched = Some((now, fetch.clone()));
        Some(fetch)
    }

    /// The meeting of the session in a path, if the grant covers it.
    async fn meeting_of_session(
        &self,
        grant: &Grant,
        app_id: Id,
        target: &Target,
    ) -> Result<MeetingKey, Refusal> {
        let session_id = target.id("session_id").ok_or(Refusal::NoRoute)?;
        let word = target.action.permission();
        let named = grant.allows_somewhere(&app_id, word)?;
        let known = || {
            let meeting_id = self.reads.meeting_of(&app_id, session_id)?;
            let own = grant.allows(&app_id, &meeting_id, word).is_ok();
            own.then_some(meeting_id)
        };
        let mut found = known();
        if found.is_none() {
            // Guesses are limited.
            self.limits.read(grant, None).map_err(Refusal::TooMany)?;
            // The API names a meeting's live session. A session known to be another meeting's
            // causes the same request: a refusal must not show that the session exists.
            for meeting_id in named {
                let meeting = MeetingKey {
                    app_id: app_id.clone(),
                    meeting_id: meeting_id.clone(),
                };
                let Some(request) = self.request(&GET_ACTIVE_SESSION, &meeting, None) else {
                    continue;
                };
                let new = || self.limits.new_read(grant);
                self.reads
                    .get(&meeting, request, &self.upstream, new)
                    .await?;
                found = known();
                if found.is_some() {
                    break;
                }
            }
        }
        let meeting_id = found.ok_or(Refusal::OtherSession)?;
        Ok(MeetingKey { app_id, meeting_id })
    }
}
