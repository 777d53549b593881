//! One look of a watch: the session that is live, and everybody who was in it.

use crate::attempts::Trail;
use crate::client::Client;
use crate::error::Error;
use crate::everybody::Pages;
use crate::hints::RateLimit;
use crate::id::{AccountId, AppId, MeetingId, SessionId};
use crate::js;
use crate::models::{
    ListParticipants, Participant, Reply, Session, SessionStatus, SortBy, SortOrder,
};
use crate::pending::Call;
use crate::stop::Head;
use crate::text::leading_number;
use serde::de::DeserializeOwned;
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// What is looked at, and how.
pub(super) struct Looker {
    pub(super) client: Client,
    pub(super) app: AppId,
    pub(super) meeting: MeetingId,
    pub(super) account: Option<AccountId>,
    pub(super) timeout: Option<Duration>,
    pub(super) per_page: u32,
    pub(super) signal: Option<AbortSignal>,
}

/// What a look took, and what its answers said of limits.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) requests: u32,
    pub(super) rate_limit: Option<RateLimit>,
    pub(super) retry_after: Option<f64>,
    /// How old the oldest answer is, in ms: somebody between may have kept it.
    pub(super) age_ms: f64,
}

impl Looker {
    /// The session, if one is live, and everybody who was in it.
    pub(super) async fn look(
        &self,
        tally: &mut Tally,
    ) -> Result<Option<(Session, Vec<Participant>)>, Error> {
        let sessions = self.client.active_session();
        let live = sessions.get_active_session(&self.app, &self.meeting);
        let session = match self.ask(live, tally).await {
            Err(error) if says_none(&error) => return Ok(None),
            answered => answered?.data.unwrap_or_default(),
        };
        if session.status == Some(SessionStatus::Ended) {
            return Ok(None);
        }
        let id = session.id.as_deref().map(SessionId::new);
        let Some(Ok(id)) = id else {
            return Err(unreadable("The answer names no session."));
        };
        let mut pages = Pages::new(ListParticipants {
            per_page: Some(self.per_page),
            sort_by: Some(SortBy::JoinedAt),
            sort_order: Some(SortOrder::Ascending),
            ..ListParticipants::default()
        });
        let mut peers = Vec::new();
        while let Some(list) = pages.next() {
            let sessions = self.client.sessions();
            let page = sessions.get_session_participants(&self.app, &id, list);
            let Some(page) = self.ask(page, tally).await?.data else {
                // Else everybody would seem to have left.
                return Err(unreadable("The answer holds no list."));
            };
            peers.extend(pages.take(page));
        }
        Ok(Some((session, peers)))
    }

    /// Payload a request, once: the next look is the retry.
    async fn ask<T: DeserializeOwned>(
        &self,
        mut call: Call<T>,
        tally: &mut Tally,
    ) -> Result<Reply<T>, Error> {
        if let Some(account) = &self.account {
            call = call.account(account);
        }
        if let Some(timeout) = self.timeout {
            call = call.timeout(timeout);
        }
        if let Some(signal) = &self.signal {
            call = call.signal(signal);
        }
        tally.requests += 1;
        let (reply, limit) = match call.max_retries(0).with_response().await {
            Ok(answered) => {
                let age = Head(answered.response.into()).header("age");
                let age = age.and_then(|text| leading_number(&text));
                tally.age_ms = tally.age_ms.max(age.unwrap_or(0.0) * 1000.0);
                (Ok(answered.reply), answered.rate_limit)
            }
            Err(error) => {
                let limit = match &error {
                    Error::Refused(refused) => {
                        tally.retry_after = refused.retry_after();
                        refused.rate_limit().cloned()
                    }
                    _ => None,
                };
                (Err(error), limit)
            }
        };
        tally.rate_limit = limit.or(tally.rate_limit.take());
        reply
    }
}

/// Whether a refusal means that no session is live. A 404 means it in RealtimeKit's own envelope:
/// another one is that of a path that leads nowhere.
fn says_none(error: &Error) -> bool {
    matches!(error, Error::Refused(refused) if refused.status() == 404
        && js::get(refused.body(), "error").is_object())
}

fn unreadable(reason: &str) -> Error {
    Error::Unreadable {
        reason: reason.to_owned(),
        body: JsValue::UNDEFINED,
        trail: Trail {
            attempts: 1,
            maybe_applied: false,
        },
    }
}
