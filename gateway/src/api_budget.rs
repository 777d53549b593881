//! The account's budget of requests to the API, which all moderators of all meetings share.
//!
//! Each response of the API says how much is left (`Ratelimit`); until one does, the published limit
//! is assumed. Essential mutations may use all of it, other mutations leave half of the reserve, and
//! reads leave the whole reserve. A meeting gets a share: it is refused when it has used as much as is
//! still left, or four times as much for reads, so that a meeting that comes later finds some. The
//! scarcer the rest, the longer a response stays fresh; or meetings have turns to read (`turns.rs`).

mod headers;
mod local;
mod state;
mod taken;
mod turns;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use realtimekit_moderator::internal::{RateLimit, RetryHints};

use self::headers::{ms_until, policy};
use self::state::{SILENCE_MS, State};
use crate::api_response::ApiResponse;
use crate::platform::{Claim, Purpose};

pub use self::local::LocalBudget;
pub use self::taken::Taken;
pub use self::turns::{MayRead, Turns};

/// The longest window that is accepted, in milliseconds: an hour.
const LONGEST_WINDOW_MS: u64 = 60 * 60 * 1000;

/// A meeting may use this many times what is left for reads, and as much as what is left for
/// mutations: those of a few meetings, each a list of many, must not take all that is for reads.
const SHARE_OF_READS: u64 = 4;

/// The assumed limit of the API, and how it is shared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Requests in a window, until the API reports its limit.
    pub requests: u64,
    /// The window, in milliseconds, until the API reports its own.
    pub window_ms: u64,
    /// The share of the window's requests that reads leave to mutations: 0 to 1.
    pub reserve: f64,
}

impl Default for Terms {
    /// The published limit, and the reserve that a configuration has without `budget.reserve`.
    fn default() -> Self {
        Self {
            requests: 1200,
            window_ms: 300_000,
            reserve: 0.1,
        }
    }
}

/// Counts what is left.
pub struct ApiBudget {
    terms: Terms,
    state: Mutex<State>,
}

impl ApiBudget {
    /// An unused budget.
    pub fn new(terms: Terms) -> Self {
        Self {
            terms,
            state: Mutex::new(State::new(&terms)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reserve(&self, state: &State) -> u64 {
        // A share of a count: what is lost in the conversion is less than one request.
        (state.limit as f64 * self.terms.reserve).ceil() as u64
    }

    fn check(&self, state: &mut State, claim: &Claim, now: u64) -> Result<(), u64> {
        if now < state.silent_until {
            return Err(state.silent_until - now);
        }
        state.refresh(now);
        let (kept, used, share) = match claim.purpose {
            Purpose::Essential => (0, &state.essential, 1),
            Purpose::Mutation => (self.reserve(state) / 2, &state.mutations, 1),
            Purpose::Read => (self.reserve(state), &state.reads, SHARE_OF_READS),
        };
        let available = state.left.saturating_sub(kept);
        let used = used.get(&claim.meeting).copied().unwrap_or(0);
        if available == 0 || used >= available.saturating_mul(share) {
            return Err(state.fresh_at - now);
        }
        Ok(())
    }

    /// Takes one request at `now` (monotonic milliseconds).
    ///
    /// # Errors
    ///
    /// If it may not be sent yet: the wait in milliseconds.
    pub fn take(self: &Arc<Self>, claim: &Claim, now: u64) -> Result<Taken, u64> {
        let mut state = self.state();
        self.check(&mut state, claim, now)?;
        if state.taken == state.over {
            (state.least, state.unreported) = (None, 0);
        }
        state.left -= 1;
        state.begun = true;
        state.taken += 1;
        let used = state.used_for(claim.purpose);
        *used.entry(claim.meeting.clone()).or_default() += 1;
        state.used += 1;
        let (window, over) = (state.window, state.over);
        drop(state);
        Ok(Taken {
            budget: Arc::clone(self),
            claim: claim.clone(),
            window,
            over,
            is_reported: false,
        })
    }

    /// How many milliseconds from `now` the API's `Retry-After` still lasts.
    pub fn silence_ms(&self, now: u64) -> u64 {
        self.state().silent_until.saturating_sub(now)
    }

    /// Sends nothing for so long: an earlier process got a `Retry-After`.
    pub fn silence(&self, ms: u64, now: u64) {
        let mut state = self.state();
        let ms = ms.min(state.longest_wait());
        state.silent_until = state.silent_until.max(now.saturating_add(ms));
    }

    /// Says whether the response reported what is left in the current window.
    fn answered(&self, taken: &Taken, response: &ApiResponse, now: Now) -> bool {
        let Now { unix_ms, now } = now;
        let mut state = self.state();
        let mut is_reported = false;
        if let Some(limit) = response.header("ratelimit").and_then(RateLimit::parse) {
            // Not below 0, and a little longer rather than shorter.
            let rest = (limit.reset * 1000.0).ceil() as u64;
            let ends = now.saturating_add(rest.min(state.longest_wait()));
            let is_told = state.policy.as_ref() == Some(&limit.policy);
            let same = is_told || taken.window != state.window;
            // A slow response may describe the previous window.
            let late = same && ends.saturating_add(state.window_ms / 2) < state.fresh_at;
            if !late {
                if let Some((quota, window_s)) = response
                    .header("ratelimit-policy")
                    .and_then(|text| policy(text, &limit.policy))
                {
                    state.limit = quota;
                    state.window_ms = window_s.saturating_mul(1000).min(LONGEST_WINDOW_MS);
                }
                // The API may not have counted the requests that were in flight when this one was
                // taken, nor any taken since.
                let others = (state.taken - taken.over).saturating_sub(1);
                let counted = state.limit.saturating_sub(limit.remaining as u64);
                if state.used > counted.saturating_add(others) {
                    // It counts fewer than were used here: its window has moved on.
                    state.forget_shares();
                }
                let remaining = limit.remaining as u64;
                // What was said of the window before does not count in this one.
                let is_next = state.fresh_at.saturating_add(state.window_ms / 2) < ends;
                let least = state.least.filter(|_| !is_next);
                state.least = Some(least.map_or(remaining, |least| least.min(remaining)));
                is_reported = true;
                state.left = remaining.saturating_sub(others);
                state.fresh_at = state.end_of_window(ends, is_told);
                state.policy = Some(limit.policy);
                // One taken before ours began may have begun the API's.
                state.begun = true;
            }
        }
        if response.status == 429 {
            let hints = RetryHints::read(
                |name| response.header(name).map(str::to_owned),
                |date| ms_until(date, unix_ms),
            );
            let wait = hints.wait_ms.map_or(SILENCE_MS, |wait| wait as u64);
            let wait = wait.min(state.longest_wait());
            state.silent_until = state.silent_until.max(now.saturating_add(wait));
        }
        is_reported
    }

    /// How long a response must stay fresh, in milliseconds, when so many reads are asked for again
    /// and again.
    pub fn pace_ms(&self, watched: u64, now: u64) -> u64 {
        let mut state = self.state();
        state.refresh(now);
        let for_reads = state.left.saturating_sub(self.reserve(&state));
        let rest = state.fresh_at - now;
        match for_reads {
            0 => rest.max(state.silent_until.saturating_sub(now)),
            _ => watched.saturating_mul(rest) / for_reads,
        }
    }

    /// How long a meeting that read `elapsed_ms` ago should wait before it reads again, in
    /// milliseconds, if so many reads are repeated in all: then each gets the same share of a window.
    /// 0 while `fresh_ms` between two reads would do.
    pub fn turn_ms(&self, repeated: u64, elapsed_ms: u64, fresh_ms: u64, now: u64) -> u64 {
        let mut state = self.state();
        state.refresh(now);
        let rest = state.fresh_at - now;
        let reserve = self.reserve(&state);
        let for_reads = state.left.saturating_sub(reserve);
        if for_reads == 0 {
            return rest.max(state.silent_until.saturating_sub(now));
        }
        let in_window = state.limit.saturating_sub(reserve).max(1);
        let turn = repeated.saturating_mul(state.window_ms) / in_window;
        match turn <= fresh_ms {
            true => 0,
            false => turn.saturating_sub(elapsed_ms),
        }
    }

    /// Whether anything is left for reads.
    fn has_reads(&self, now: u64) -> bool {
        let mut state = self.state();
        state.refresh(now);
        now >= state.silent_until && state.left > self.reserve(&state)
    }

    /// What is left: a metric.
    pub fn left(&self, now: u64) -> u64 {
        let mut state = self.state();
        if now < state.silent_until {
            return 0;
        }
        state.refresh(now);
        state.left
    }
}

/// A moment on both clocks, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Since 1970, to compare with a date.
    pub unix_ms: u64,
    /// Monotonic.
    pub now: u64,
}

#[cfg(test)]
mod tests;
