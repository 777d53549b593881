//! Who a request is from: its grant, and what it may do before an object knows of it.

use std::sync::Arc;

use realtimekit_gateway::api_response::Refusal;
use realtimekit_gateway::gateway::FETCH_AGAIN_MS;
use realtimekit_gateway::grant::Grant;
use realtimekit_gateway::platform::{Clock, KeySource};
use realtimekit_gateway::rate_limits::{PerMinute, RateLimits};
use realtimekit_gateway::token_verifier::Refused;

use super::Isolate;
use super::keys::PublishedKeys;
use crate::clock::WorkerClock;

/// Limits the mutations that will be refused: each is written to the audit of the meeting it names, so it
/// wakes that meeting's object.
pub(super) struct RefusedMutations(RateLimits<WorkerClock>);

impl RefusedMutations {
    pub(super) fn new(per_minute: PerMinute) -> Self {
        Self(RateLimits::new(per_minute, &Arc::new(WorkerClock)))
    }

    /// Counts one.
    pub(super) fn note(&self, grant: &Grant) -> Result<(), Refusal> {
        self.0.act(grant, None).map_err(Refusal::TooMany)
    }
}

impl Isolate {
    /// The grant of a token. Requests share no promise here, so each fetches keys for itself.
    pub(super) async fn authenticate(&self, token: Option<&str>) -> Result<Arc<Grant>, Refusal> {
        let token = token.ok_or(Refusal::GrantMissing)?;
        let now = WorkerClock.unix_ms();
        let verifier = &self.config.verifier;
        if let Some(identity) = &self.config.policy.identity {
            let refresh_ms = u64::try_from(identity.refresh.as_millis()).unwrap_or(u64::MAX);
            let is_unknown = matches!(verifier.grant(token, now / 1000), Err(Refused::UnknownKey));
            let may_wait_ms = if is_unknown {
                FETCH_AGAIN_MS
            } else {
                refresh_ms
            };
            // Another request of this isolate may have begun to, whose keys are not here yet.
            if (is_unknown && verifier.lacks_keys()) || self.jwks.is_older(may_wait_ms, now) {
                let timeout = self.config.policy.upstream.connect_timeout;
                let source = PublishedKeys::new(identity.jwks_url.clone(), timeout);
                if let Some(jwks) = source.fetch().await
                    && let Err(what) = verifier.publish(&jwks)
                {
                    tracing::error!(what, "the published keys cannot be read");
                }
            }
        }
        verifier.grant_now(token, now / 1000)
    }
}
