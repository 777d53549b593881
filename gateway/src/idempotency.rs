//! Never twice: a request that repeats an `Idempotency-Key` gets the first response.
//!
//! Also while the first is in flight, and after a restart: the audit's lines hold key and response,
//! and a start reads them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_channel::oneshot;
use futures_util::FutureExt;
use futures_util::future::Shared;

use realtimekit_moderator::internal::operation::{Idempotency, Operation};

use crate::api_response::ApiResponse;
use crate::audit::{Outcome, Phase, Record, StoredResponse};
use crate::platform::Clock;

/// How long a key is remembered, in milliseconds: ten minutes.
pub const REMEMBERED_MS: u64 = 10 * 60 * 1000;

/// The longest key, in bytes.
const LONGEST_KEY: usize = 255;

/// Whether a text may be a key.
pub fn is_key(text: &str) -> bool {
    (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A key and its moderator: the same key of another moderator is another entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Name {
    issuer: String,
    moderator: String,
    app_id: String,
    meeting_id: String,
    key: String,
}

impl Name {
    fn of(record: &Record) -> Option<Self> {
        Some(Self {
            issuer: record.issuer.clone(),
            moderator: record.moderator.clone(),
            app_id: record.app_id.clone(),
            meeting_id: record.meeting_id.clone(),
            key: record.key.clone()?,
        })
    }
}

struct Entry {
    digest: String,
    /// When it is forgotten unless it is in flight, in monotonic milliseconds: the wall clock may
    /// jump.
    until: u64,
    state: State,
}

enum State {
    UnderWay(Waiting),
    Done(ApiResponse),
    /// It was sent, and its outcome is unknown.
    Unknown,
}

/// Waits for the first request's response.
pub type Waiting = Shared<oneshot::Receiver<ApiResponse>>;

/// What to do with a request that has a key.
pub enum Lookup {
    /// It is the first.
    First(IdempotencyGuard),
    /// The first is in flight.
    Wait(Waiting),
    /// The first got this response.
    Done(ApiResponse),
    /// The first one's outcome is unknown, and a second might act twice.
    Unknown,
    /// The key belongs to a different request.
    Reused,
}

type Entries = Arc<Mutex<HashMap<Name, Entry>>>;

/// The keys that are remembered.
pub struct IdempotencyStore<C> {
    clock: Arc<C>,
    entries: Entries,
}

impl<C: Clock + 'static> IdempotencyStore<C> {
    /// Restores the keys from the audit's lines of the last ten minutes, in their order.
    pub fn new<'a>(clock: &Arc<C>, lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut entries = HashMap::new();
        let now = clock.unix_ms();
        for line in lines {
            let Ok(record) = serde_json::from_str::<Record>(line) else {
                continue;
            };
            let (Some(name), Some(digest)) = (Name::of(&record), record.digest.clone()) else {
                continue;
            };
            let age = now.saturating_sub(record.unix_ms().unwrap_or(0));
            if age >= REMEMBERED_MS {
                continue;
            }
            let state = match (record.phase, record.response) {
                (Phase::Intent, _) => State::Unknown,
                (Phase::Outcome, Some(response)) => State::Done(response.into()),
                (Phase::Outcome, None) if record.outcome == Some(Outcome::Refused) => {
                    entries.remove(&name);
                    continue;
                }
                // Its response was too long to be kept.
                (Phase::Outcome, None) => State::Unknown,
            };
            let entry = Entry {
                digest,
                until: clock.monotonic_ms() + (REMEMBERED_MS - age),
                state,
            };
            entries.insert(name, entry);
        }
        Self {
            clock: Arc::clone(clock),
            entries: Arc::new(Mutex::new(entries)),
        }
    }

    /// Looks the key up. A record without a key and a digest is always the first.
    pub fn lookup(&self, operation: &Operation, record: &Record) -> Lookup {
        let (Some(name), Some(digest)) = (Name::of(record), record.digest.clone()) else {
            return Lookup::First(IdempotencyGuard(None));
        };
        let now = self.clock.monotonic_ms();
        let mut entries = lock(&self.entries);
        entries.retain(|_, entry| matches!(entry.state, State::UnderWay(_)) || now < entry.until);
        if let Some(entry) = entries.get(&name) {
            if entry.digest != digest {
                return Lookup::Reused;
            }
            match &entry.state {
                State::UnderWay(waiting) => return Lookup::Wait(waiting.clone()),
                State::Done(response) => return Lookup::Done(response.clone()),
                State::Unknown if operation.idempotency == Idempotency::NonIdempotent => {
                    return Lookup::Unknown;
                }
                // A repeat is harmless, and its response shows the outcome.
                State::Unknown => {}
            }
        }
        let (send, receive) = oneshot::channel();
        let entry = Entry {
            digest,
            until: now,
            state: State::UnderWay(receive.shared()),
        };
        entries.insert(name.clone(), entry);
        Lookup::First(IdempotencyGuard(Some(Open {
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            entries: Arc::clone(&self.entries),
            name,
            send,
        })))
    }
}

fn lock(entries: &Entries) -> MutexGuard<'_, HashMap<Name, Entry>> {
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first request with a key, or one without. Dropped before it finishes, its outcome is
/// unknown.
pub struct IdempotencyGuard(Option<Open>);

struct Open {
    clock: Arc<dyn Clock>,
    entries: Entries,
    name: Name,
    send: oneshot::Sender<ApiResponse>,
}

impl IdempotencyGuard {
    /// It got this response. The response is remembered, unless the request certainly failed or is
    /// harmless to repeat: then it may be sent again.
    pub fn finish(mut self, response: &ApiResponse, remember: bool) {
        if let Some(Open {
            clock,
            entries,
            name,
            send,
        }) = self.0.take()
        {
            let mut entries = lock(&entries);
            match entries.get_mut(&name) {
                Some(entry) if remember => {
                    entry.state = State::Done(response.clone());
                    entry.until = clock.monotonic_ms() + REMEMBERED_MS;
                }
                _ => drop(entries.remove(&name)),
            }
            drop(entries);
            // No request may be waiting.
            let _ = send.send(response.clone());
        }
    }
}

impl Drop for IdempotencyGuard {
    fn drop(&mut self) {
        if let Some(open) = self.0.take()
            && let Some(entry) = lock(&open.entries).get_mut(&open.name)
        {
            entry.state = State::Unknown;
            entry.until = open.clock.monotonic_ms() + REMEMBERED_MS;
        }
    }
}

impl From<&ApiResponse> for StoredResponse {
    fn from(response: &ApiResponse) -> Self {
        Self {
            status: response.status,
            headers: ["content-type", "cf-ray", "x-should-retry"]
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), response.header(name)?.to_owned())))
                .collect(),
            body: String::from_utf8_lossy(&response.body).into_owned(),
        }
    }
}

impl From<StoredResponse> for ApiResponse {
    fn from(kept: StoredResponse) -> Self {
        let named = |name: &str| {
            let known = crate::api_response::PASSED_ON;
            known.into_iter().find(|known| *known == name)
        };
        Self {
            status: kept.status,
            headers: kept
                .headers
                .into_iter()
                .filter_map(|(name, value)| Some((named(&name)?, Bytes::from(value))))
                .collect(),
            body: kept.body.into(),
        }
    }
}

#[cfg(test)]
mod tests;
