//! The system's clock.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::platform::Clock;

/// The system's clock; monotonic time counts from its start.
pub struct SystemClock(Instant);

impl SystemClock {
    /// Starts it.
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn unix_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| since.as_millis().try_into().unwrap_or(u64::MAX))
    }

    fn monotonic_ms(&self) -> u64 {
        self.0.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
    }
}
