//! What is left of the budget in the current window, and who used it.

use std::collections::HashMap;

use super::Terms;
use crate::platform::{MeetingKey, Purpose};

/// The wait after a 429 without `Retry-After`, in milliseconds: the API's own window.
pub(super) const SILENCE_MS: u64 = 300_000;

/// How exactly the API says when its window ends, in milliseconds: in whole seconds, rounded up or down.
const WHOLE_SECOND_MS: u64 = 1000;

/// What is left, and what was used.
pub(super) struct State {
    /// Requests in a window, and its length.
    pub(super) limit: u64,
    pub(super) window_ms: u64,
    /// What is left until `fresh_at`; after that, the limit.
    pub(super) left: u64,
    /// When the limit is fresh again.
    pub(super) fresh_at: u64,
    /// The limit whose window gave `fresh_at`; `None` while that is assumed.
    pub(super) policy: Option<String>,
    /// Whether anything was taken since the window began: the API's begins with a request.
    pub(super) begun: bool,
    /// Grows with each window that is assumed.
    pub(super) window: u64,
    /// Until when nothing may be sent.
    pub(super) silent_until: u64,
    /// What each meeting used in this window, by purpose.
    pub(super) essential: HashMap<MeetingKey, u64>,
    pub(super) mutations: HashMap<MeetingKey, u64>,
    pub(super) reads: HashMap<MeetingKey, u64>,
    /// What all meetings used in this window.
    pub(super) used: u64,
    /// All requests ever taken, and those that are over. The others are in flight: the API may or
    /// may not have counted them.
    pub(super) taken: u64,
    pub(super) over: u64,
    /// Since the last time that none was in flight: the least that the API said is left in this window,
    /// and how many ended without its word.
    pub(super) least: Option<u64>,
    pub(super) unreported: u64,
}

impl State {
    /// Nothing is used yet.
    pub(super) fn new(terms: &Terms) -> Self {
        Self {
            limit: terms.requests,
            window_ms: terms.window_ms,
            left: terms.requests,
            fresh_at: 0,
            policy: None,
            begun: false,
            window: 0,
            silent_until: 0,
            essential: HashMap::new(),
            mutations: HashMap::new(),
            reads: HashMap::new(),
            used: 0,
            taken: 0,
            over: 0,
            least: None,
            unreported: 0,
        }
    }

    /// One wrong response delays requests by a window at most.
    pub(super) fn longest_wait(&self) -> u64 {
        self.window_ms.max(SILENCE_MS)
    }

    pub(super) fn refresh(&mut self, now: u64) {
        if now >= self.fresh_at || !self.begun {
            self.left = self.limit.saturating_sub(self.taken - self.over);
            self.fresh_at = now.saturating_add(self.window_ms);
            self.policy = None;
            self.begun = false;
            self.window += 1;
            self.least = None;
            self.forget_shares();
        }
    }

    /// When the limit is fresh again, where the API has said `ends`, of a window it spoke of before or not.
    /// The window is known better than in whole seconds if its first request was ours, so a response that
    /// differs by less than one changes nothing. Otherwise the last reads of each window would wait for the
    /// next (rounded up), or the first would come before it (rounded down).
    pub(super) fn end_of_window(&self, ends: u64, is_told: bool) -> u64 {
        match ends.abs_diff(self.fresh_at) < WHOLE_SECOND_MS {
            true if is_told => self.fresh_at,
            true => self.fresh_at.max(ends),
            false => ends,
        }
    }

    /// One is over. With none in flight the API has counted all that it reported.
    pub(super) fn end(&mut self, is_reported: bool) {
        self.over += 1;
        self.unreported += u64::from(!is_reported);
        if self.over == self.taken
            && let Some(least) = self.least
        {
            self.left = least.saturating_sub(self.unreported);
        }
    }

    /// What each meeting used for this purpose.
    pub(super) fn used_for(&mut self, purpose: Purpose) -> &mut HashMap<MeetingKey, u64> {
        match purpose {
            Purpose::Essential => &mut self.essential,
            Purpose::Mutation => &mut self.mutations,
            Purpose::Read => &mut self.reads,
        }
    }

    pub(super) fn forget_shares(&mut self) {
        self.essential.clear();
        self.mutations.clear();
        self.reads.clear();
        self.used = 0;
    }
}
