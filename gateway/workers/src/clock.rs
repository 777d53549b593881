//! The clock of Workers: `Date.now()`, which stands still between two events.

use std::sync::atomic::{AtomicU64, Ordering};

use realtimekit_gateway::platform::Clock;

/// The latest time that any part of the isolate has seen.
static LATEST: AtomicU64 = AtomicU64::new(0);

/// The isolate's clock.
pub(crate) struct WorkerClock;

impl Clock for WorkerClock {
    fn unix_ms(&self) -> u64 {
        // Far below 2^53.
        js_sys::Date::now() as u64
    }

    /// The wall clock, kept from running backwards: it still counts when an object has slept.
    fn monotonic_ms(&self) -> u64 {
        let now = self.unix_ms();
        LATEST.fetch_max(now, Ordering::Relaxed).max(now)
    }
}
