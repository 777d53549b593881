//! Many watchers, few requests.
//!
//! Identical reads share one API request while it is in flight, and its response while it is fresh.
//! Each response belongs to one meeting. A mutation makes the meeting's responses outdated: the
//! next read goes to the API, and an outdated response serves only if the budget refuses. A refused
//! read stores nothing, and only a complete response may evict another.

mod meetings;
mod sessions;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use realtimekit_moderator::internal::operation::GET_ACTIVE_SESSION;

use self::meetings::{FAILURE_MS, MeetingCache, Meetings};
use self::sessions::{Sessions, session_of};
use crate::api_response::{ApiResponse, Refusal};
use crate::platform::{Budget, Claim, Clock, MeetingKey, Purpose, Upstream, UpstreamRequest};
use crate::route::Id;
use crate::upstream_outcome::{Fetched, accepted, count_up, from_upstream};

pub use self::sessions::KnownSession;

/// Where a response came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From the API, for this request.
    Upstream,
    /// From the API, by a request already in flight.
    Joined,
    /// From memory, and fresh.
    Memory,
    /// From memory, older than normal because the budget is low.
    Stale,
    /// From memory, older than normal because this moderator is over a limit.
    Limited,
}

impl Source {
    /// Its label in metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Upstream => "upstream",
            Self::Joined => "joined",
            Self::Memory => "memory",
            Self::Stale | Self::Limited => "stale",
        }
    }
}

/// How long responses stay fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// With enough budget, in milliseconds.
    pub fresh_ms: u64,
    /// At most, in milliseconds.
    pub stale_ms: u64,
}

type Flight = Shared<BoxFuture<'static, Fetched>>;

/// The reads of all meetings.
pub struct ReadCache<C> {
    inner: Arc<Inner<C>>,
    lifetimes: Lifetimes,
}

struct Inner<C> {
    clock: Arc<C>,
    budget: Arc<dyn Budget>,
    meetings: Mutex<Meetings>,
}

enum Next {
    Have(ApiResponse, Source, u64),
    Failed(Refusal),
    Await(Flight, Source),
}

impl<C: Clock + 'static> ReadCache<C> {
    /// An empty cache.
    pub fn new(clock: &Arc<C>, budget: &Arc<dyn Budget>, lifetimes: Lifetimes) -> Self {
        let inner = Inner {
            clock: Arc::clone(clock),
            budget: Arc::clone(budget),
            meetings: Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
            lifetimes,
        }
    }

    /// The same memory, with other lifetimes.
    pub fn with_lifetimes(&self, lifetimes: Lifetimes) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            lifetimes,
        }
    }

    /// The response to a read of a meeting, and its source. `may_send` is called before an API
    /// request.
    ///
    /// # Errors
    ///
    /// If there is no new response and no remembered one.
    pub async fn get<U: Upstream>(
        &self,
        meeting: &MeetingKey,
        request: UpstreamRequest,
        upstream: &U,
        may_send: impl FnOnce() -> Result<(), u64>,
    ) -> Result<(ApiResponse, Source), Refusal> {
        let path = request.path.clone();
        let (flight, source) = match self.next(meeting, request, upstream, may_send) {
            Next::Have(response, source, age_ms) => return Ok((aged(response, age_ms), source)),
            Next::Failed(refusal) => return Err(refusal),
            Next::Await(flight, source) => (flight, source),
        };
        let fetched = flight.await;
        let limited = match &fetched {
            Ok(response) => response.status == 429,
            Err(refusal) => matches!(refusal, Refusal::NoBudget(_)),
        };
        match limited.then(|| self.last(meeting, &path)).flatten() {
            Some((response, age_ms)) => Ok((aged(response, age_ms), Source::Stale)),
            None => fetched.map(|response| (response, source)),
        }
    }

    /// Like [`get`](Self::get), but without an older response if the limit is reached, and without a
    /// moderator's limit.
    ///
    /// # Errors
    ///
    /// If there is no response.
    pub async fn get_new<U: Upstream>(
        &self,
        meeting: &MeetingKey,
        request: UpstreamRequest,
        upstream: &U,
    ) -> Result<(ApiResponse, Source), Refusal> {
        match self.next(meeting, request, upstream, || Ok(())) {
            Next::Have(response, source, age_ms) => Ok((aged(response, age_ms), source)),
            Next::Failed(refusal) => Err(refusal),
            Next::Await(flight, source) => Ok((flight.await?, source)),
        }
    }

    fn next<U: Upstream>(
        &self,
        key: &MeetingKey,
        request: UpstreamRequest,
        upstream: &U,
        may_send: impl FnOnce() -> Result<(), u64>,
    ) -> Next {
        let (now, unix_ms) = (self.inner.clock.monotonic_ms(), self.inner.clock.unix_ms());
        let Lifetimes { fresh_ms, stale_ms } = self.lifetimes;
        let age = |at: u64| now.saturating_sub(at);
        let mut meetings = self.inner.meetings();
        meetings.tidy(now, unix_ms, stale_ms);
        let watched = meetings.watched.max(1);
        let mutations = meetings.mutations;
        let known = meetings.meetings.get_mut(key);
        let mut asks = 1;
        if let Some(read) = known.and_then(|meeting| meeting.reads.get_mut(&request.path)) {
            read.asked_at = now;
            read.asks += 1;
            asks = read.asks;
            if let Some(kept) = &read.kept
                && !kept.outdated
            {
                let age = age(kept.at);
                let good_ms = match age < fresh_ms {
                    true => fresh_ms,
                    false => fresh_ms.max(self.inner.budget.pace_ms(watched)),
                };
                if age < good_ms.min(stale_ms) {
                    let fresh = age < fresh_ms;
                    let source = if fresh { Source::Memory } else { Source::Stale };
                    return Next::Have(kept.response.clone(), source, age);
                }
            }
            if let Some(flight) = read.flight.as_ref().and_then(WeakShared::upgrade) {
                tracing::debug!(operation = request.operation, "joins a read under way");
                return Next::Await(flight, Source::Joined);
            }
            match &read.failure {
                Some((Ok(response), at)) if age(*at) < fresh_ms.min(FAILURE_MS) => {
                    return Next::Have(response.clone(), Source::Memory, age(*at));
                }
                Some((Err(refusal), at)) if age(*at) < fresh_ms.min(FAILURE_MS) => {
                    return Next::Failed(refusal.clone());
                }
                _ => {}
            }
            if let Err(wait) = may_send() {
                return match &read.kept {
                    Some(kept) if age(kept.at) < stale_ms => {
                        Next::Have(kept.response.clone(), Source::Limited, age(kept.at))
                    }
                    _ => Next::Failed(Refusal::TooMany(wait)),
                };
            }
        } else if let Err(wait) = may_send() {
            // Nothing is stored for it.
            return Next::Failed(Refusal::TooMany(wait));
        }

        let meeting = meetings.meetings.entry(key.clone());
        let meeting = meeting.or_insert_with(|| MeetingCache::new(mutations));
        let generation = meeting.generation;
        let read = meeting.reads.entry(request.path.clone()).or_default();
        (read.asked_at, read.asks) = (now, asks);
        let flight = self.inner.fetch(key, request, upstream, generation);
        read.flight = flight.downgrade();
        Next::Await(flight, Source::Upstream)
    }

    /// The last response to a read, and its age, if it may still be shown.
    fn last(&self, meeting: &MeetingKey, path: &str) -> Option<(ApiResponse, u64)> {
        let now = self.inner.clock.monotonic_ms();
        let meetings = self.inner.meetings();
        let read = meetings.meetings.get(meeting)?.reads.get(path)?;
        let kept = read.kept.as_ref()?;
        let age = now.saturating_sub(kept.at);
        (age < self.lifetimes.stale_ms).then(|| (kept.response.clone(), age))
    }

    /// A mutation begins or ends in a meeting: its remembered responses may be outdated.
    pub fn touch(&self, meeting: &MeetingKey) {
        self.inner.meetings().touch(meeting);
    }

    /// The meeting of a session, if the API has named it.
    pub fn meeting_of(&self, app_id: &Id, session_id: &Id) -> Option<Id> {
        self.inner
            .meetings()
            .sessions
            .meeting_of(app_id, session_id)
    }

    /// A number that grows when the known sessions change.
    pub fn sessions_version(&self) -> u64 {
        self.inner.meetings().sessions.version()
    }

    /// The known sessions, to be saved for a restart.
    pub fn sessions(&self) -> Vec<KnownSession> {
        self.inner.meetings().sessions.save()
    }

    /// Restores the sessions that an earlier process saved.
    pub fn restore_sessions(&self, sessions: Vec<KnownSession>) {
        self.inner.meetings().sessions.restore(sessions);
    }
}

impl<C: Clock + 'static> Inner<C> {
    fn meetings(&self) -> MutexGuard<'_, Meetings> {
        self.meetings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One API request for all its waiters. Its first step is the budget.
    fn fetch<U: Upstream>(
        self: &Arc<Self>,
        key: &MeetingKey,
        request: UpstreamRequest,
        upstream: &U,
        generation: u64,
    ) -> Flight {
        let claim = Claim {
            purpose: Purpose::Read,
            meeting: key.clone(),
            moderator: None,
        };
        let permit = self.budget.take(claim);
        let (operation, path) = (request.operation, request.path.clone());
        let sent = upstream.send(request);
        let (inner, key) = (Arc::clone(self), key.clone());
        let fetch = async move {
            let fetched = match permit.await {
                Err(wait) => Err(Refusal::NoBudget(wait)),
                Ok(permit) => {
                    let fetched = from_upstream(sent.await, true);
                    count_up(operation, &fetched);
                    match &fetched {
                        Ok(response) => permit.answered(response),
                        Err(Refusal::NotSent) => permit.not_sent(),
                        Err(_) => drop(permit),
                    }
                    accepted(fetched)
                }
            };
            // Before the lock is taken: a response may be long.
            let session = match &fetched {
                Ok(response) if operation == GET_ACTIVE_SESSION.name => session_of(response),
                _ => None,
            };
            let (now, unix_ms) = (inner.clock.monotonic_ms(), inner.clock.unix_ms());
            let mut meetings = inner.meetings();
            if let Some(session) = session {
                meetings.sessions.seen(&key, session, unix_ms);
            }
            meetings.landed(&key, &path, generation, &fetched, now);
            drop(meetings);
            fetched
        };
        fetch.boxed().shared()
    }
}

fn aged(response: ApiResponse, age_ms: u64) -> ApiResponse {
    response.with("age", (age_ms / 1000).to_string())
}

#[cfg(test)]
mod tests;
