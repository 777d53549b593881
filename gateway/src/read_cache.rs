//! Many watchers, few requests.
//!
//! Identical reads share one request to the API while it is under way, and its response for as long
//! as it is fresh. All that is remembered belongs to one meeting; a mutation makes the gateway
//! forget it, and an response that was asked for before the mutation is not kept after it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use metrics::Counter;
use serde::Deserialize;

use realtimekit_moderator::operation::GET_ACTIVE_SESSION;

use crate::api_budget::{ApiBudget, Purpose};
use crate::api_response::{ApiResponse, Refusal};
use crate::metrics::{CounterFamily, Status};
use crate::platform::{Clock, Upstream, UpstreamError, UpstreamRequest};
use crate::route::Id;

/// So many different reads of one meeting are remembered.
const MOST_READS: usize = 128;

/// And so many bytes of their responses: 32 MiB.
const MOST_BYTES: usize = 32 << 20;

/// A read that was asked for within this time, in milliseconds, and more than once, is watched.
const WATCHED_MS: u64 = 60_000;

/// A failure is remembered for so long at most, in milliseconds: less than a client waits before it
/// asks again.
const TROUBLE_MS: u64 = 250;

/// A session is known as its meeting's for so long after it was last seen: a day.
const KNOWN_MS: u64 = 24 * 60 * 60 * 1000;

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MeetingKey {
    /// Its app.
    pub app_id: Id,
    /// The meeting.
    pub meeting_id: Id,
}

/// Where an response came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From the API, for this request.
    Upstream,
    /// From the API, for a request that was under way.
    Joined,
    /// From memory, and fresh.
    Memory,
    /// From memory, older than it would be if the budget allowed.
    Stale,
}

impl Source {
    /// A word for counts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Upstream => "upstream",
            Self::Joined => "joined",
            Self::Memory => "memory",
            Self::Stale => "stale",
        }
    }
}

/// How long responses are good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// As long as the budget is no concern, in milliseconds.
    pub fresh_ms: u64,
    /// At most, in milliseconds.
    pub stale_ms: u64,
}

type Fetched = Result<ApiResponse, Refusal>;
type Flight = Shared<BoxFuture<'static, Fetched>>;

/// The reads of all meetings.
pub struct ReadCache<C>(Arc<Inner<C>>);

struct Inner<C> {
    clock: Arc<C>,
    budget: Arc<ApiBudget>,
    lifetimes: Lifetimes,
    rooms: Mutex<Meetings>,
}

#[derive(Default)]
struct Meetings {
    rooms: HashMap<MeetingKey, MeetingCache>,
    /// Whose each session is, and when that was last seen.
    sessions: HashMap<(Id, Id), (Id, u64)>,
    /// How many reads are watched, as counted at a time.
    watched: u64,
    counted_at: u64,
    /// Grows with each mutation, of any meeting: one that is forgotten and comes again must not
    /// look as before.
    mutations: u64,
}

#[derive(Default)]
struct MeetingCache {
    /// How many mutations there had been at its last one, or when it came.
    generation: u64,
    reads: HashMap<String, Read>,
}

#[derive(Default)]
struct Read {
    kept: Option<(ApiResponse, u64)>,
    /// A failure is remembered too, for a moment: many watchers must not knock at once.
    trouble: Option<(Fetched, u64)>,
    /// Held by those who wait for it: when all have gone, it is given up.
    flight: Option<WeakShared<BoxFuture<'static, Fetched>>>,
    asked_at: u64,
    asks: u64,
}

enum Next {
    Have(ApiResponse, Source, u64),
    Failed(Refusal),
    Await(Flight, Source),
}

impl<C: Clock + 'static> ReadCache<C> {
    /// Nothing is remembered yet.
    pub fn new(clock: &Arc<C>, budget: &Arc<ApiBudget>, lifetimes: Lifetimes) -> Self {
        Self(Arc::new(Inner {
            clock: Arc::clone(clock),
            budget: Arc::clone(budget),
            lifetimes,
            rooms: Mutex::default(),
        }))
    }

    /// The response to a read of a meeting, and where it came from. `may` is asked before a request
    /// goes up for it.
    ///
    /// # Errors
    ///
    /// If there is no response, and none that is remembered.
    pub async fn get<U: Upstream>(
        &self,
        place: &MeetingKey,
        request: UpstreamRequest,
        upstream: &U,
        may: impl FnOnce() -> Result<(), u64>,
    ) -> Result<(ApiResponse, Source), Refusal> {
        let path = request.path.clone();
        let next = self.next(place, request, upstream, may);
        match next {
            Next::Have(response, source, age_ms) => Ok((aged(response, age_ms), source)),
            Next::Failed(refusal) => Err(refusal),
            Next::Await(flight, source) => {
                let fetched = flight.await;
                let limited = matches!(&fetched, Ok(response) if response.status == 429);
                match limited.then(|| self.last(place, &path)).flatten() {
                    Some((response, age_ms)) => Ok((aged(response, age_ms), Source::Stale)),
                    None => fetched.map(|response| (response, source)),
                }
            }
        }
    }

    fn next<U: Upstream>(
        &self,
        place: &MeetingKey,
        request: UpstreamRequest,
        upstream: &U,
        may: impl FnOnce() -> Result<(), u64>,
    ) -> Next {
        let inner = &self.0;
        let now = inner.clock.monotonic_ms();
        let Lifetimes { fresh_ms, stale_ms } = inner.lifetimes;
        let mut rooms = inner.rooms();
        rooms.tidy(now, stale_ms);
        let pace_ms = inner.budget.pace_ms(rooms.watched.max(1), now);
        let generation = rooms.mutations;
        let room = rooms
            .rooms
            .entry(place.clone())
            .or_insert_with(|| MeetingCache {
                generation,
                ..MeetingCache::default()
            });
        room.make_place_for(&request.path);
        let generation = room.generation;
        let read = room.reads.entry(request.path.clone()).or_default();
        read.asked_at = now;
        read.asks += 1;

        let age = |at: u64| now.saturating_sub(at);
        if let Some((response, at)) = &read.kept
            && age(*at) < fresh_ms.max(pace_ms).min(stale_ms)
        {
            let fresh = age(*at) < fresh_ms;
            let source = if fresh { Source::Memory } else { Source::Stale };
            return Next::Have(response.clone(), source, age(*at));
        }
        if let Some(flight) = read.flight.as_ref().and_then(WeakShared::upgrade) {
            return Next::Await(flight, Source::Joined);
        }
        match &read.trouble {
            Some((Ok(response), at)) if age(*at) < fresh_ms.min(TROUBLE_MS) => {
                return Next::Have(response.clone(), Source::Memory, age(*at));
            }
            Some((Err(refusal), at)) if age(*at) < fresh_ms.min(TROUBLE_MS) => {
                return Next::Failed(refusal.clone());
            }
            _ => {}
        }
        let budget = || inner.budget.take(Purpose::Read, now);
        let taken = may().map_err(Refusal::TooMany);
        let taken = match taken.and_then(|()| budget().map_err(Refusal::NoBudget)) {
            Ok(taken) => taken,
            Err(refusal) => {
                return match &read.kept {
                    Some((response, at)) if age(*at) < stale_ms => {
                        Next::Have(response.clone(), Source::Stale, age(*at))
                    }
                    _ => Next::Failed(refusal),
                };
            }
        };

        let operation = request.operation;
        let path = request.path.clone();
        let sent = upstream.send(request);
        let (inner, place) = (Arc::clone(inner), place.clone());
        let flight = async move {
            let fetched = sent.await.map_err(|failure| match failure {
                UpstreamError::NotSent => Refusal::NotSent,
                UpstreamError::Lost => Refusal::Lost { again: true },
                UpstreamError::TimedOut => Refusal::TimedOut { again: true },
            });
            let now = inner.clock.monotonic_ms();
            count_up(operation, &fetched);
            match &fetched {
                Ok(response) => taken.answered(response, now),
                Err(Refusal::NotSent) => taken.not_sent(),
                Err(_) => drop(taken),
            }
            // Before others are kept waiting: an response may be long.
            let session = match &fetched {
                Ok(response) if operation == GET_ACTIVE_SESSION.name => session_of(response),
                _ => None,
            };
            let mut rooms = inner.rooms();
            if let Some(session) = session {
                rooms.seen(&place, session, now);
            }
            rooms.landed(&place, &path, generation, &fetched, now);
            drop(rooms);
            fetched
        };
        let flight = flight.boxed().shared();
        read.flight = flight.downgrade();
        Next::Await(flight, Source::Upstream)
    }

    /// The last response to a read, and its age, if it may still be shown.
    fn last(&self, place: &MeetingKey, path: &str) -> Option<(ApiResponse, u64)> {
        let now = self.0.clock.monotonic_ms();
        let rooms = self.0.rooms();
        let (response, at) = rooms.rooms.get(place)?.reads.get(path)?.kept.as_ref()?;
        let age = now.saturating_sub(*at);
        (age < self.0.lifetimes.stale_ms).then(|| (response.clone(), age))
    }

    /// Something is done, or was done, in a meeting: what is remembered of it may be wrong.
    pub fn touch(&self, place: &MeetingKey) {
        let mut rooms = self.0.rooms();
        rooms.mutations += 1;
        let generation = rooms.mutations;
        if let Some(room) = rooms.rooms.get_mut(place) {
            room.generation = generation;
            for read in room.reads.values_mut() {
                (read.kept, read.trouble, read.flight) = (None, None, None);
            }
        }
    }

    /// Whose a session is, as far as the API has told.
    pub fn meeting_of(&self, app_id: &Id, session_id: &Id) -> Option<Id> {
        let rooms = self.0.rooms();
        let key = (app_id.clone(), session_id.clone());
        rooms.sessions.get(&key).map(|(meeting, _)| meeting.clone())
    }
}

static SENT_UP: CounterFamily<(&str, Status), Counter> =
    CounterFamily::new(|(operation, status)| {
        let labels = [
            ("operation", (*operation).to_owned()),
            ("status", status.to_string()),
        ];
        metrics::counter!("rtk_gateway_upstream_requests_total", &labels)
    });

/// Counts a request that went up.
pub(crate) fn count_up(operation: &'static str, fetched: &Fetched) {
    let status = match fetched {
        Ok(response) => Status::Code(response.status),
        Err(refusal) => Status::Word(refusal.word()),
    };
    SENT_UP.with((operation, status), |counter| counter.increment(1));
}

fn aged(response: ApiResponse, age_ms: u64) -> ApiResponse {
    response.with("age", (age_ms / 1000).to_string())
}

impl<C> Inner<C> {
    fn rooms(&self) -> MutexGuard<'_, Meetings> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Meetings {
    /// Forgets what nobody asks for, and counts what is watched; once a second at most.
    fn tidy(&mut self, now: u64, stale_ms: u64) {
        if now < self.counted_at + 1000 {
            return;
        }
        self.counted_at = now;
        let forget_after = stale_ms.max(WATCHED_MS);
        self.watched = 0;
        // Another thread may have read the clock after this one and come here before it.
        let since = |at: u64| now.saturating_sub(at);
        self.rooms.retain(|_, room| {
            room.reads.retain(|_, read| {
                let under_way = read.flight.as_ref().and_then(WeakShared::upgrade).is_some();
                under_way || since(read.asked_at) < forget_after
            });
            let watched = |read: &&Read| read.asks > 1 && since(read.asked_at) < WATCHED_MS;
            self.watched += room.reads.values().filter(watched).count() as u64;
            !room.reads.is_empty()
        });
        self.sessions.retain(|_, (_, seen)| since(*seen) < KNOWN_MS);
    }

    /// The API has named a session as a meeting's.
    fn seen(&mut self, place: &MeetingKey, session: Id, now: u64) {
        let key = (place.app_id.clone(), session);
        self.sessions.insert(key, (place.meeting_id.clone(), now));
    }

    /// A request has come back.
    fn landed(
        &mut self,
        place: &MeetingKey,
        path: &str,
        generation: u64,
        fetched: &Fetched,
        now: u64,
    ) {
        let Some(room) = self.rooms.get_mut(place) else {
            return;
        };
        if room.generation != generation {
            return;
        }
        let Some(read) = room.reads.get_mut(path) else {
            return;
        };
        read.flight = None;
        match fetched {
            Ok(response) if response.status < 429 => {
                read.kept = Some((response.clone(), now));
                read.trouble = None;
            }
            // The budget says when to ask again.
            Ok(response) if response.status == 429 => {}
            _ => read.trouble = Some((fetched.clone(), now)),
        }
        room.stay_small(path);
    }
}

impl MeetingCache {
    /// Forgets responses that were asked for longest ago, but for one that has just come, while all
    /// have too many bytes.
    fn stay_small(&mut self, newest: &str) {
        let size = |read: &Read| {
            read.kept
                .as_ref()
                .map_or(0, |(response, _)| response.body.len())
        };
        while self.reads.values().map(size).sum::<usize>() > MOST_BYTES {
            let others = self.reads.iter_mut();
            let others = others.filter(|(path, read)| *path != newest && read.kept.is_some());
            match others.min_by_key(|(_, read)| read.asked_at) {
                Some((_, oldest)) => oldest.kept = None,
                None => return,
            }
        }
    }

    /// Forgets the read that was asked for longest ago, if there are too many.
    fn make_place_for(&mut self, path: &str) {
        if self.reads.len() < MOST_READS || self.reads.contains_key(path) {
            return;
        }
        let oldest = self.reads.iter().min_by_key(|(_, read)| read.asked_at);
        if let Some(path) = oldest.map(|(path, _)| path.clone()) {
            self.reads.remove(&path);
        }
    }
}

/// The ID of the session in an response.
fn session_of(response: &ApiResponse) -> Option<Id> {
    #[derive(Deserialize)]
    struct Envelope {
        data: Session,
    }
    #[derive(Deserialize)]
    struct Session {
        id: String,
    }
    if !response.is_good() {
        return None;
    }
    let envelope: Envelope = serde_json::from_slice(&response.body).ok()?;
    Id::new(&envelope.data.id)
}

#[cfg(test)]
mod tests;
