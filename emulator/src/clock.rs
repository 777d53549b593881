//! Simulated time. The world reads only this clock. It can stand still (`--speed 0`), run at any
//! speed, and be moved forward.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A point in simulated time, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

/// The earliest and the latest moment with a four-digit year.
const RANGE: (i64, i64) = (0, 253_370_764_800_000);

impl Moment {
    /// The moment at this many milliseconds since 1970, clamped to `RANGE`.
    pub(crate) fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(RANGE.0, RANGE.1))
    }

    /// This moment plus milliseconds, which may be negative.
    pub(crate) fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// The milliseconds from `earlier` to this moment.
    pub(crate) fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The API's format: `2022-01-12T14:21:34.398Z`.
    pub(crate) fn iso(self) -> String {
        Timestamp::from_millisecond(self.0)
            .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
            .unwrap_or_default()
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.iso())
    }
}

/// The clock of the simulated world.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    start: Moment,
    speed: f64,
    pushed_millis: i64,
}

impl Clock {
    /// A clock that starts at `start` and runs `speed` times as fast as real time.
    pub(crate) fn new(start: Moment, speed: f64) -> Self {
        Self {
            start,
            speed,
            pushed_millis: 0,
        }
    }

    /// The simulated time after `elapsed` of real time.
    pub(crate) fn read(&self, elapsed: Duration) -> Moment {
        // `as` saturates, and the moment is clamped.
        let run = (elapsed.as_secs_f64() * 1000.0 * self.speed) as i64;
        self.start
            .plus_millis(run.saturating_add(self.pushed_millis))
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&mut self, seconds: f64) {
        self.pushed_millis = self
            .pushed_millis
            .saturating_add((seconds.max(0.0) * 1000.0) as i64);
    }

    /// Simulated seconds per real second.
    pub(crate) fn speed(&self) -> f64 {
        self.speed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Moment {
        Moment::from_millis(millis)
    }

    #[test]
    fn is_written_with_three_decimals() {
        assert_eq!(at(1_641_997_294_398).iso(), "2022-01-12T14:21:34.398Z");
        assert_eq!(at(1_641_997_294_000).iso(), "2022-01-12T14:21:34.000Z");
    }

    #[test]
    fn a_frozen_clock_moves_only_when_pushed() {
        let mut clock = Clock::new(at(1000), 0.0);
        assert_eq!(clock.read(Duration::from_secs(99)), at(1000));
        clock.advance(1.5);
        assert_eq!(clock.read(Duration::from_secs(99)), at(2500));
        clock.advance(-5.0);
        assert_eq!(clock.read(Duration::ZERO), at(2500));
    }

    #[test]
    fn speed_multiplies_real_time() {
        let clock = Clock::new(at(0), 60.0);
        assert_eq!(clock.read(Duration::from_secs(60)), at(3_600_000));
    }

    #[test]
    fn no_length_of_time_overflows() {
        let mut clock = Clock::new(at(0), 3600.0);
        clock.advance(f64::MAX);
        clock.advance(f64::MAX);
        assert_eq!(clock.read(Duration::MAX).iso(), "9999-01-01T00:00:00.000Z");
        assert_eq!(at(i64::MIN).millis_since(at(i64::MAX)), -RANGE.1);
    }
}
