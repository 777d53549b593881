//! The budget where one process sends all requests: in memory, by its own clock.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};

use super::{ApiBudget, Now, Taken, Terms};
use crate::api_response::ApiResponse;
use crate::platform::{Budget, Claim, Clock, Permit};

/// Both clocks count whole milliseconds and are read one after the other: a restored silence must not end early.
const CLOCKS_APART_MS: u64 = 20;

/// A budget in memory.
pub struct LocalBudget<C> {
    budget: Arc<ApiBudget>,
    clock: Arc<C>,
}

impl<C> Clone for LocalBudget<C> {
    fn clone(&self) -> Self {
        Self {
            budget: Arc::clone(&self.budget),
            clock: Arc::clone(&self.clock),
        }
    }
}

impl<C: Clock + 'static> LocalBudget<C> {
    /// An unused budget.
    pub fn new(terms: Terms, clock: &Arc<C>) -> Self {
        Self {
            budget: Arc::new(ApiBudget::new(terms)),
            clock: Arc::clone(clock),
        }
    }

    /// How many requests are left.
    pub fn left(&self) -> u64 {
        self.budget.left(self.clock.monotonic_ms())
    }

    /// Until when nothing may be sent, in milliseconds since 1970; `None` if it may now.
    pub fn silent_until_unix_ms(&self) -> Option<u64> {
        match self.budget.silence_ms(self.clock.monotonic_ms()) {
            0 => None,
            ms => Some(self.clock.unix_ms().saturating_add(ms)),
        }
    }

    /// Sends nothing until then: an earlier process got a `Retry-After`.
    pub fn silence_until(&self, unix_ms: u64) {
        let ms = unix_ms.saturating_sub(self.clock.unix_ms());
        let ms = ms.saturating_add(CLOCKS_APART_MS);
        self.budget.silence(ms, self.clock.monotonic_ms());
    }
}

impl<C: Clock + 'static> Budget for LocalBudget<C> {
    fn take(&self, claim: Claim) -> BoxFuture<'static, Result<Box<dyn Permit>, u64>> {
        let taken = self.budget.take(&claim, self.clock.monotonic_ms());
        let clock = Arc::clone(&self.clock);
        let permit = taken.map(|taken| Box::new(LocalPermit { taken, clock }) as Box<dyn Permit>);
        ready(permit).boxed()
    }

    fn pace_ms(&self, watched: u64) -> u64 {
        self.budget.pace_ms(watched, self.clock.monotonic_ms())
    }
}

struct LocalPermit<C> {
    taken: Taken,
    clock: Arc<C>,
}

impl<C: Clock> Permit for LocalPermit<C> {
    fn answered(self: Box<Self>, response: &ApiResponse) {
        let now = Now {
            unix_ms: self.clock.unix_ms(),
            now: self.clock.monotonic_ms(),
        };
        self.taken.answered(response, now);
    }

    fn not_sent(self: Box<Self>) {
        self.taken.not_sent();
    }
}
