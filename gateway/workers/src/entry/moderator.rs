//! Who a request is from: its grant, and what it may do before an object knows of it.

use std::rc::Rc;
use std::sync::Arc;

use worker::{Context, Delay};

use realtimekit_gateway::api_response::Refusal;
use realtimekit_gateway::grant::Grant;
use realtimekit_gateway::platform::{Clock, KeySource};
use realtimekit_gateway::rate_limits::{PerMinute, RateLimits};
use realtimekit_gateway::token_verifier::Refused;

use super::keys::PublishedKeys;
use super::{Isolate, LOOK_AGAIN};
use crate::clock::WorkerClock;

/// The limits of each moderator in all meetings, in this isolate. The objects have those in a meeting: a grant for
/// all meetings would have new ones in each made-up meeting, and so wake an object with each request.
pub(super) struct ModeratorLimits(RateLimits<WorkerClock>);

impl ModeratorLimits {
    pub(super) fn new(per_minute: PerMinute) -> Self {
        Self(RateLimits::new(per_minute, &Arc::new(WorkerClock)))
    }

    /// Forgets moderators without a request for long.
    pub(super) fn tidy(&self) {
        self.0.tidy();
    }

    /// Counts a read.
    pub(super) fn read(&self, grant: &Grant) -> Result<(), Refusal> {
        self.0.read_anywhere(grant).map_err(Refusal::TooMany)
    }

    /// Counts a mutation. One that will be refused is written to the audit of the meeting it names: all of those
    /// together have the limit of one meeting.
    ///
    /// # Errors
    ///
    /// Over the limit. Once a minute that is the wait instead, in milliseconds, for the object to note in the audit.
    pub(super) fn act(&self, grant: &Grant, is_allowed: bool) -> Result<Option<u64>, Refusal> {
        let within = match is_allowed {
            true => self.0.act_anywhere(grant),
            false => self.0.act(grant, None),
        };
        match within {
            Ok(()) => Ok(None),
            Err(wait) if self.0.note(grant) => Ok(Some(wait)),
            Err(wait) => Err(Refusal::TooMany(wait)),
        }
    }
}

impl Isolate {
    /// The grant of a token.
    ///
    /// Requests share no promise here: one fetches the keys, even if its client disconnects, and the others
    /// look at them now and then.
    pub(super) async fn authenticate(
        self: &Rc<Self>,
        token: Option<&str>,
        context: &Context,
    ) -> Result<Arc<Grant>, Refusal> {
        let token = token.ok_or(Refusal::GrantMissing)?;
        let verifier = &self.config.verifier;
        let Some(identity) = &self.config.policy.identity else {
            return verifier.grant_now(token, WorkerClock.unix_ms() / 1000);
        };
        let timeout = self.config.policy.upstream.connect_timeout;
        let refresh_ms = u64::try_from(identity.refresh.as_millis()).unwrap_or(u64::MAX);
        loop {
            let now = WorkerClock.unix_ms();
            let grant = verifier.grant(token, now / 1000);
            let is_unknown = matches!(grant, Err(Refused::UnknownKey));
            if self.keys.is_under_way(timeout, now) {
                if !is_unknown {
                    return verifier.grant_now(token, now / 1000);
                }
                Delay::from(LOOK_AGAIN).await;
                continue;
            }
            let lacks_keys = verifier.lacks_keys();
            let again = is_unknown && self.keys.may_again(lacks_keys, now);
            if !again && !self.keys.is_due(refresh_ms, now) {
                return verifier.grant_now(token, now / 1000);
            }
            let source = PublishedKeys::new(identity.jwks_url.clone(), timeout);
            let source = match again && !lacks_keys {
                true => source.past_the_cache(),
                false => source,
            };
            self.keys.set_under_way(Some(now));
            let isolate = Rc::clone(self);
            context.wait_until(async move {
                if let Some(jwks) = source.fetch().await
                    && let Err(what) = isolate.config.verifier.publish(&jwks)
                {
                    tracing::error!(what, "the published keys cannot be read");
                }
                isolate.keys.set_under_way(None);
            });
        }
    }
}
