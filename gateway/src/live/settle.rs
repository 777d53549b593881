//! The end of a read: what the watchers learn of it, and when the next one is due.

use super::feed::{Feed, Learned};
use super::log::Encoded;
use super::reading::{ReadFailure, Reading};
use super::schedule::{Outcome, Pace, Schedule, Spacing};

/// A moment at the end of a read.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Milliseconds since 1970.
    pub unix_ms: u64,
    /// Monotonic milliseconds.
    pub now: u64,
    /// From 0 to 1, to spread the waits after failures.
    pub random: f64,
}

/// Gives the result of a read to the feed and the schedule; its data is from `data_at`.
pub fn settle<M: Encoded>(
    feed: &mut Feed<M>,
    schedule: &mut Schedule,
    read: Result<Reading, ReadFailure>,
    data_at: u64,
    at: Moment,
    (pace, spacing): (Pace, Spacing),
) {
    let failure = match read {
        Ok(reading) => match feed.read(at.unix_ms, data_at, reading) {
            Learned::Stale => ReadFailure::NoBudget(spacing.sustained_ms.max(pace.interval_ms)),
            learned => {
                let change = learned == Learned::Change;
                return schedule.end(at.now, Outcome::Good { change }, pace, at.random);
            }
        },
        Err(failure) => failure,
    };
    let outcome = match &failure {
        ReadFailure::Failed(_) => Outcome::Failed,
        ReadFailure::Limited(wait) | ReadFailure::NoBudget(wait) => Outcome::Wait(*wait),
    };
    schedule.end(at.now, outcome, pace, at.random);
    let due = schedule.next(at.now, pace, spacing);
    let next_at = at.unix_ms.saturating_add(due.saturating_sub(at.now));
    feed.failed(at.unix_ms, next_at, &failure);
}
