//! The remembered responses of each meeting, and their eviction.

use std::collections::HashMap;

use futures_util::future::{BoxFuture, WeakShared};

use super::Sessions;
use crate::api_response::{ApiResponse, Refusal};
use crate::platform::MeetingKey;
use crate::upstream_outcome::Fetched;

/// The most different reads that are remembered for one meeting.
pub(super) const MOST_READS: usize = 128;

/// The most bytes that are remembered for one meeting: 8 MiB. On Workers many meetings share an isolate's
/// 128 MB, so it is 3 MiB.
pub(super) const MEETING_BYTES: usize = if cfg!(target_arch = "wasm32") {
    3 << 20
} else {
    8 << 20
};

/// The most bytes that are remembered in all: 64 MiB.
pub(super) const TOTAL_BYTES: usize = 64 << 20;

/// The approximate size of a remembered response besides its body, in bytes.
const ENTRY_BYTES: usize = 512;

/// How long a failure is remembered at most, in milliseconds: less than a client's backoff.
pub(super) const FAILURE_MS: u64 = 250;

/// A read that was repeated within this time, in milliseconds, is watched.
pub(super) const WATCHED_MS: u64 = 60_000;

#[derive(Default)]
pub(super) struct Meetings {
    pub(super) meetings: HashMap<MeetingKey, MeetingCache>,
    pub(super) sessions: Sessions,
    /// How many reads are watched, counted once a second.
    pub(super) watched: u64,
    pub(super) counted_at: u64,
    /// Grows with each mutation in any meeting: a meeting that was forgotten must not seem
    /// unchanged when it returns.
    pub(super) mutations: u64,
    /// The bytes of all responses.
    bytes: usize,
}

#[derive(Default)]
pub(super) struct MeetingCache {
    /// The count of mutations at its last one, or when the meeting was added.
    pub(super) generation: u64,
    pub(super) reads: HashMap<String, Read>,
    bytes: usize,
}

#[derive(Default)]
pub(super) struct Read {
    pub(super) kept: Option<Kept>,
    /// A failure is remembered too, for a moment: many watchers must not repeat it at once.
    pub(super) failure: Option<(Fetched, u64)>,
    /// Owned by its waiters: the request is cancelled when the last one is dropped.
    pub(super) flight: Option<WeakShared<BoxFuture<'static, Fetched>>>,
    pub(super) asked_at: u64,
    pub(super) asks: u64,
}

/// A response and its time.
pub(super) struct Kept {
    pub(super) response: ApiResponse,
    pub(super) at: u64,
    /// Whether a mutation came after it: then it serves only if no newer one is available.
    pub(super) outdated: bool,
}

impl Read {
    fn is_under_way(&self) -> bool {
        self.flight.as_ref().and_then(WeakShared::upgrade).is_some()
    }

    /// A failure may, and a response that is not the newest.
    fn may_be_evicted(&self, is_newest: bool) -> bool {
        self.failure.is_some() || (self.kept.is_some() && !is_newest)
    }

    /// The order of eviction: a failure must not evict a response.
    fn value(&self, now: u64) -> (bool, bool, u64) {
        let failed = self.failure.is_some();
        (!failed, self.is_watched(now), self.asked_at)
    }

    /// Forgets the failure, else the response; returns how many bytes that frees.
    fn evict(&mut self) -> usize {
        let before = self.bytes();
        if self.failure.take().is_none() {
            self.kept = None;
        }
        before - self.bytes()
    }

    fn is_watched(&self, now: u64) -> bool {
        // Another thread may have read the clock later and arrived here earlier.
        self.asks > 1 && now.saturating_sub(self.asked_at) < WATCHED_MS
    }

    fn holds(&self) -> bool {
        self.kept.is_some() || self.failure.is_some()
    }

    fn bytes(&self) -> usize {
        let kept = self.kept.as_ref().map(|kept| kept.response.body.len());
        let failure = self.failure.as_ref().map(|(failure, _)| match failure {
            Ok(response) => response.body.len(),
            Err(_) => 0,
        });
        let all = [kept, failure].into_iter().flatten();
        all.map(|bytes| bytes + ENTRY_BYTES).sum()
    }
}

impl Meetings {
    /// Forgets reads that are no longer requested, and counts watched ones; once a second at most.
    pub(super) fn tidy(&mut self, now: u64, unix_ms: u64, stale_ms: u64) {
        if now < self.counted_at + 1000 {
            return;
        }
        self.counted_at = now;
        let forget_after = stale_ms.max(WATCHED_MS);
        (self.watched, self.bytes) = (0, 0);
        self.meetings.retain(|_, meeting| {
            meeting.reads.retain(|_, read| {
                read.failure
                    .take_if(|(_, at)| now.saturating_sub(*at) >= FAILURE_MS);
                let asked = now.saturating_sub(read.asked_at) < forget_after;
                read.is_under_way() || (read.holds() && asked)
            });
            let watched = meeting.reads.values().filter(|read| read.is_watched(now));
            self.watched += watched.count() as u64;
            meeting.bytes = meeting.reads.values().map(Read::bytes).sum();
            self.bytes += meeting.bytes;
            !meeting.reads.is_empty()
        });
        self.sessions.forget_old(unix_ms);
    }

    /// A mutation begins or ends in a meeting: its remembered responses may be outdated.
    pub(super) fn touch(&mut self, key: &MeetingKey) {
        self.mutations += 1;
        if let Some(meeting) = self.meetings.get_mut(key) {
            meeting.generation = self.mutations;
            for read in meeting.reads.values_mut() {
                (read.failure, read.flight) = (None, None);
                if let Some(kept) = &mut read.kept {
                    kept.outdated = true;
                }
            }
        }
    }

    /// A request has finished.
    pub(super) fn landed(
        &mut self,
        key: &MeetingKey,
        path: &str,
        generation: u64,
        fetched: &Fetched,
        now: u64,
    ) {
        let Some(meeting) = self.meetings.get_mut(key) else {
            return;
        };
        let Some(read) = meeting.reads.get_mut(path) else {
            return;
        };
        if meeting.generation == generation {
            read.flight = None;
            match fetched {
                Ok(response) if response.status < 429 => {
                    read.kept = Some(Kept {
                        response: response.clone(),
                        at: now,
                        outdated: false,
                    });
                    read.failure = None;
                }
                // The budget decides when to send again.
                Ok(response) if response.status == 429 => {}
                Err(Refusal::NoBudget(_)) => {}
                _ => read.failure = Some((fetched.clone(), now)),
            }
            meeting.stay_small(path, now);
        }
        self.forget_if_empty(key, path);
        self.stay_small(key, path, now);
    }

    /// A refused read leaves nothing behind.
    fn forget_if_empty(&mut self, key: &MeetingKey, path: &str) {
        let Some(meeting) = self.meetings.get_mut(key) else {
            return;
        };
        let read = meeting.reads.get(path);
        if read.is_some_and(|read| !read.holds() && !read.is_under_way()) {
            meeting.reads.remove(path);
        }
        if meeting.reads.is_empty() {
            self.meetings.remove(key);
        }
    }

    /// Forgets responses of any meeting but the newest, while all have too many bytes.
    fn stay_small(&mut self, newest: &MeetingKey, newest_path: &str, now: u64) {
        if let Some(meeting) = self.meetings.get_mut(newest) {
            let bytes: usize = meeting.reads.values().map(Read::bytes).sum();
            self.bytes = (self.bytes + bytes).saturating_sub(meeting.bytes);
            meeting.bytes = bytes;
        }
        while self.bytes > TOTAL_BYTES {
            let all = self.meetings.iter_mut().flat_map(|(key, meeting)| {
                let reads = meeting.reads.iter_mut();
                reads.map(move |(path, read)| (key, path, read))
            });
            let others = all.filter(|(key, path, read)| {
                read.may_be_evicted(*key == newest && *path == newest_path)
            });
            let Some((_, _, read)) = others.min_by_key(|(.., read)| read.value(now)) else {
                return;
            };
            self.bytes = self.bytes.saturating_sub(read.evict());
        }
    }
}

impl MeetingCache {
    pub(super) fn new(generation: u64) -> Self {
        Self {
            generation,
            ..Self::default()
        }
    }

    /// Forgets failures, then responses but the newest, while there are too many or they have too
    /// many bytes: unwatched ones first.
    fn stay_small(&mut self, newest: &str, now: u64) {
        loop {
            let held = self.reads.values().filter(|read| read.holds());
            let bytes: usize = self.reads.values().map(Read::bytes).sum();
            if held.count() <= MOST_READS && bytes <= MEETING_BYTES {
                return;
            }
            let others = self.reads.iter_mut();
            let others = others.filter(|(path, read)| read.may_be_evicted(*path == newest));
            let Some((path, read)) = others.min_by_key(|(_, read)| read.value(now)) else {
                return;
            };
            read.evict();
            if !read.holds() && !read.is_under_way() {
                let path = path.clone();
                self.reads.remove(&path);
            }
        }
    }
}
