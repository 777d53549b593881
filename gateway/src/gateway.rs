//! The gateway, and what goes through it: a request that is admitted or not, then read or carried
//! out.

mod admission;
mod audit_record;
mod mutation;
mod outcome;
mod read;

use std::sync::{Arc, Mutex};

use bytes::Bytes;

use realtimekit_moderator::operation::Operation;

use self::admission::Fetch;
use crate::api_budget::{ApiBudget, Terms};
use crate::api_response::{ApiResponse, Refusal};
use crate::grant::Grant;
use crate::idempotency::IdempotencyStore;
use crate::platform::{Clock, Journal, KeySource, Upstream, UpstreamRequest};
use crate::rate_limits::{PerMinute, RateLimits};
use crate::read_cache::{Lifetimes, MeetingKey, ReadCache};
use crate::route::{Id, Target, path};
use crate::token_verifier::TokenVerifier;

/// What an operator decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The account whose meetings these are.
    pub account_id: Id,
    /// How long responses are good for.
    pub lifetimes: Lifetimes,
    /// The API's limit and how it is shared.
    pub budget: Terms,
    /// What one moderator may ask.
    pub per_minute: PerMinute,
    /// How many requests one kick or mute may cost.
    pub bulk: u32,
}

/// A request but for its body.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// An ID of our own.
    pub id: &'a str,
    /// The method.
    pub method: &'a str,
    /// The path as it came, not decoded.
    pub path: &'a str,
    /// The query as it came.
    pub query: Option<&'a str>,
    /// The token it bears.
    pub token: Option<&'a str>,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Idempotency-Key`.
    pub key: Option<&'a str>,
    /// Whether a body comes.
    pub body: bool,
}

/// A request that may pass.
#[derive(Clone, Debug)]
pub struct Admitted {
    id: String,
    target: Target,
    grant: Arc<Grant>,
    place: MeetingKey,
    /// As it goes up, or why it does not.
    query: Result<String, Refusal>,
    content_type: Option<String>,
    key: Option<String>,
    started: u64,
}

impl Admitted {
    /// Whether it changes something: then it must be carried to its end, whoever waits for it.
    pub fn acts(&self) -> bool {
        self.target.action.acts()
    }

    /// Who asks.
    pub fn moderator(&self) -> &str {
        &self.grant.moderator
    }

    /// What is asked for.
    pub fn operation(&self) -> &'static str {
        self.target.action.name()
    }
}

/// A request that may not pass.
#[derive(Clone, Debug)]
pub struct Denied {
    /// What it is answered.
    pub response: ApiResponse,
    /// What was asked for; empty if that is nothing there is.
    pub operation: &'static str,
    /// Who asked, if they have a genuine grant.
    pub moderator: Option<String>,
}

/// The gateway, wherever it runs.
pub struct Gateway<C: Clock + 'static, U, J> {
    settings: Settings,
    clock: Arc<C>,
    keys: Arc<TokenVerifier>,
    key_source: Option<Arc<dyn KeySource>>,
    /// When the published keys were last fetched because one was missing.
    fetched: Mutex<Option<Fetch>>,
    limits: RateLimits<C>,
    budget: Arc<ApiBudget>,
    reads: ReadCache<C>,
    once: IdempotencyStore<C>,
    upstream: U,
    journal: J,
}

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// A gateway. `recent` are the journal's lines of the last ten minutes that bear a key.
    pub fn new<'a>(
        settings: Settings,
        clock: C,
        keys: Arc<TokenVerifier>,
        key_source: Option<Arc<dyn KeySource>>,
        upstream: U,
        journal: J,
        recent: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let clock = Arc::new(clock);
        let budget = Arc::new(ApiBudget::new(settings.budget));
        Self {
            limits: RateLimits::new(settings.per_minute, &clock),
            reads: ReadCache::new(&clock, &budget, settings.lifetimes),
            once: IdempotencyStore::new(&clock, recent),
            fetched: Mutex::new(None),
            settings,
            clock,
            keys,
            key_source,
            budget,
            upstream,
            journal,
        }
    }

    /// The journal.
    pub fn journal(&self) -> &J {
        &self.journal
    }

    /// Forgets what is old, and tells how many requests to the API are left.
    pub fn tidy(&self) -> u64 {
        self.limits.tidy();
        self.budget.left(self.clock.monotonic_ms())
    }

    /// A request for a meeting as it goes up.
    fn request(
        &self,
        operation: &'static Operation,
        place: &MeetingKey,
        body: Option<Bytes>,
    ) -> Option<UpstreamRequest> {
        let path = path(operation, |name| match name {
            "account_id" => Some(self.settings.account_id.as_str()),
            "app_id" => Some(place.app_id.as_str()),
            "meeting_id" => Some(place.meeting_id.as_str()),
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

/// Counts a refusal, by its reason.
fn count(refusal: &Refusal) -> &Refusal {
    metrics::counter!("rtk_gateway_refusals_total", "reason" => refusal.word()).increment(1);
    refusal
}

#[cfg(test)]
mod tests;
