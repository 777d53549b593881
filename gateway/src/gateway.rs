//! The gateway's core: a request is authenticated, admitted or refused, then read or carried out.

mod admission;
mod audit_record;
mod live;
mod mutation;
mod outcome;
mod protection;
mod read;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use realtimekit_moderator::internal::operation::Operation;

pub use self::admission::FETCH_AGAIN_MS;
use self::admission::Fetch;
use crate::api_response::{ApiResponse, Refusal};
use crate::grant::Grant;
use crate::idempotency::IdempotencyStore;
use crate::platform::{
    Budget, Clock, Journal, KeySource, LiveSink, MeetingKey, Upstream, UpstreamRequest,
};
use crate::rate_limits::{PerMinute, RateLimits};
use crate::read_cache::{KnownSession, Lifetimes, ReadCache};
use crate::route::{Action, Id, Target, path};
use crate::token_verifier::TokenVerifier;

/// How long the gateway is not ready after a 401 of the API, in milliseconds: after that, a request
/// tests the token again.
const TOKEN_TRIED_MS: u64 = 60_000;

/// The operator's settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The account whose meetings these are.
    pub account_id: Id,
    /// How long responses stay fresh.
    pub lifetimes: Lifetimes,
    /// The limits of one moderator.
    pub per_minute: PerMinute,
    /// How many requests one kick or mute of many may cost.
    pub bulk: u32,
    /// After how many milliseconds a kick or mute of many sends no further request.
    pub bulk_ms: u64,
}

/// A request without its body.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// An ID of our own.
    pub id: &'a str,
    /// The query as it came.
    pub query: Option<&'a str>,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Idempotency-Key`.
    pub key: Option<&'a str>,
    /// Whether the request has a body.
    pub body: bool,
    /// The client's address, for the audit.
    pub client: Option<&'a str>,
    /// The moderator's reason, percent-encoded, for the audit.
    pub reason: Option<&'a str>,
    /// The wait in milliseconds, if another part of the gateway found the moderator over a limit: the request is
    /// refused, and the audit notes it.
    pub over: Option<u64>,
}

/// An admitted request.
#[derive(Clone, Debug)]
pub struct Admitted {
    id: String,
    target: Target,
    grant: Arc<Grant>,
    meeting: MeetingKey,
    /// As it goes up, or why it does not.
    query: Result<String, Refusal>,
    content_type: Option<String>,
    key: Option<String>,
    client: Option<String>,
    /// The moderator's reason, or why it cannot be stored.
    reason: Result<Option<String>, Refusal>,
    started: u64,
}

impl Admitted {
    /// Whether it is a mutation: then it must run to completion, even if the client disconnects.
    pub fn acts(&self) -> bool {
        self.target.action.acts()
    }

    /// The resource: an operation or the audit.
    pub fn action(&self) -> Action {
        self.target.action
    }

    /// The grant.
    pub fn grant(&self) -> &Arc<Grant> {
        &self.grant
    }

    /// The meeting.
    pub fn meeting(&self) -> &MeetingKey {
        &self.meeting
    }

    /// The moderator.
    pub fn moderator(&self) -> &str {
        &self.grant.moderator
    }

    /// The resource.
    pub fn operation(&self) -> &'static str {
        self.target.action.name()
    }
}

/// The gateway, on any platform. Gateways made from it with other settings share its state.
pub struct Gateway<C: Clock + 'static, U, J> {
    settings: Settings,
    clock: Arc<C>,
    verifier: Arc<TokenVerifier>,
    key_source: Option<Arc<dyn KeySource>>,
    /// When an unknown key last caused a fetch of the published keys.
    fetched: Mutex<Option<Fetch>>,
    limits: Arc<RateLimits<C>>,
    budget: Arc<dyn Budget>,
    reads: ReadCache<C>,
    idempotency: Arc<IdempotencyStore<C>>,
    upstream: U,
    journal: Arc<J>,
    /// When the API last refused the token, in monotonic milliseconds and one more; 0 if it did not.
    token_refused: AtomicU64,
    /// The watchers of meetings.
    live: Option<Arc<dyn LiveSink>>,
}

/// The parts that a reload replaces.
pub struct Parts<U> {
    /// The operator's settings.
    pub settings: Settings,
    /// Verifies tokens.
    pub verifier: Arc<TokenVerifier>,
    /// Where an identity provider's keys are.
    pub key_source: Option<Arc<dyn KeySource>>,
    /// The way to the API.
    pub upstream: U,
}

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// A gateway. `recent` are the journal's lines of the last ten minutes that have a key.
    pub fn new<'a>(
        parts: Parts<U>,
        clock: &Arc<C>,
        budget: Arc<dyn Budget>,
        journal: J,
        recent: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let settings = parts.settings;
        Self {
            limits: Arc::new(RateLimits::new(settings.per_minute, clock)),
            reads: ReadCache::new(clock, &budget, settings.lifetimes),
            idempotency: Arc::new(IdempotencyStore::new(clock, recent)),
            fetched: Mutex::new(None),
            settings,
            clock: Arc::clone(clock),
            verifier: parts.verifier,
            key_source: parts.key_source,
            budget,
            upstream: parts.upstream,
            journal: Arc::new(journal),
            token_refused: AtomicU64::new(0),
            live: None,
        }
    }

    /// A gateway with other settings, which shares this one's state.
    pub fn reconfigured(&self, parts: Parts<U>) -> Self {
        let settings = parts.settings;
        let limits = match settings.per_minute == self.settings.per_minute {
            true => Arc::clone(&self.limits),
            false => Arc::new(RateLimits::new(settings.per_minute, &self.clock)),
        };
        Self {
            limits,
            reads: self.reads.with_lifetimes(settings.lifetimes),
            idempotency: Arc::clone(&self.idempotency),
            fetched: Mutex::new(None),
            settings,
            clock: Arc::clone(&self.clock),
            verifier: parts.verifier,
            key_source: parts.key_source,
            budget: Arc::clone(&self.budget),
            upstream: parts.upstream,
            journal: Arc::clone(&self.journal),
            token_refused: AtomicU64::new(0),
            live: self.live.clone(),
        }
    }

    /// The journal.
    pub fn journal(&self) -> &J {
        &self.journal
    }

    /// Verifies tokens.
    pub fn verifier(&self) -> &Arc<TokenVerifier> {
        &self.verifier
    }

    /// Forgets outdated state.
    pub fn tidy(&self) {
        self.limits.tidy();
    }

    /// A number that grows when the known sessions change.
    pub fn sessions_version(&self) -> u64 {
        self.reads.sessions_version()
    }

    /// The sessions whose meeting is known, to be saved for a restart.
    pub fn sessions(&self) -> Vec<KnownSession> {
        self.reads.sessions()
    }

    /// Restores the sessions that an earlier process saved.
    pub fn restore_sessions(&self, sessions: Vec<KnownSession>) {
        self.reads.restore_sessions(sessions);
    }

    /// Whether the API refused the gateway's token at the last attempt.
    pub fn token_is_refused(&self) -> bool {
        let at = self.token_refused.load(Ordering::Relaxed);
        at > 0 && self.clock.monotonic_ms() < at.saturating_add(TOKEN_TRIED_MS)
    }

    /// Notes whether the API accepts the token.
    fn note_token<T>(&self, outcome: &Result<T, Refusal>) {
        let at = match outcome {
            Ok(_) => 0,
            Err(Refusal::ApiToken) => self.clock.monotonic_ms().saturating_add(1),
            Err(_) => return,
        };
        let before = self.token_refused.swap(at, Ordering::Relaxed);
        if at > 0 {
            metrics::counter!("rtk_gateway_api_token_refused_total").increment(1);
        }
        match (before, at) {
            (0, 1..) => tracing::error!("the API does not accept the token (401): replace it"),
            (1.., 0) => tracing::info!("the API accepts the token again"),
            _ => {}
        }
    }

    /// The API request for a meeting.
    fn request(
        &self,
        operation: &'static Operation,
        meeting: &MeetingKey,
        body: Option<Bytes>,
    ) -> Option<UpstreamRequest> {
        let path = path(operation, |name| match name {
            "account_id" => Some(self.settings.account_id.as_str()),
            "app_id" => Some(meeting.app_id.as_str()),
            "meeting_id" => Some(meeting.meeting_id.as_str()),
            _ => None,
        })?;
        Some(UpstreamRequest {
            operation: operation.name,
            method: operation.method,
            path,
            body,
        })
    }
}

/// Counts a refusal, by its reason, and gives its response.
fn refuse(refusal: &Refusal) -> ApiResponse {
    metrics::counter!("rtk_gateway_refusals_total", "reason" => refusal.word()).increment(1);
    refusal.response()
}

#[cfg(test)]
mod tests;
