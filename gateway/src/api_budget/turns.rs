//! Turns to read, where many meetings share the account's budget: each reads as often as the others.

use std::collections::HashMap;

use super::ApiBudget;

/// How long a meeting's turns count after its last read, in milliseconds.
const COUNTED_MS: u64 = 30_000;

/// How many reads a turn has of a meeting that has not repeated any yet: the pages of a list, for example.
const FIRST_READS: u64 = 8;

/// How much too early a turn may begin, in milliseconds: a page would ask again only after two seconds. More
/// than that, and a window's reads would be used up long before its end.
const EARLY_MS: u64 = 100;

/// The turns of all meetings.
#[derive(Default)]
pub struct Turns(HashMap<String, Turn>);

struct Turn {
    /// How many requests the meeting repeats; 0 if none yet.
    requests: u64,
    /// When it began, by the schedule, and how many requests it has had.
    began: u64,
    used: u64,
    /// When the meeting last asked.
    asked: u64,
}

/// A turn in which a meeting may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MayRead {
    /// The turn's beginning, if it is a new one.
    begins: Option<u64>,
}

impl Turns {
    /// Whether a meeting that repeats so many requests may read at `now`, in a new turn or in the one it has.
    ///
    /// # Errors
    ///
    /// If not: how long it must wait for its next turn, in milliseconds.
    pub fn check(
        &mut self,
        budget: &ApiBudget,
        meeting: &str,
        requests: u64,
        fresh_ms: u64,
        now: u64,
    ) -> Result<MayRead, u64> {
        self.0
            .retain(|_, turn| now.saturating_sub(turn.asked) < COUNTED_MS);
        let others = self.0.iter().filter(|(name, _)| *name != meeting);
        let others: u64 = others.map(|(_, turn)| turn.requests.max(1)).sum();
        let all = others.saturating_add(requests.max(1));
        let turn = self.0.entry(meeting.to_owned()).or_insert(Turn {
            requests,
            began: now,
            used: 0,
            asked: now,
        });
        (turn.requests, turn.asked) = (requests, now);
        let elapsed = now.saturating_sub(turn.began);
        let most = match requests {
            0 => FIRST_READS,
            requests => requests,
        };
        match budget.turn_ms(all, elapsed, fresh_ms, now) {
            wait if wait <= EARLY_MS && budget.has_reads(now) => Ok(MayRead {
                // A turn that begins early makes the next one no earlier.
                begins: Some(now.saturating_add(wait)),
            }),
            _ if turn.used < most => Ok(MayRead { begins: None }),
            wait => Err(wait),
        }
    }

    /// A meeting got a read of its turn.
    pub fn note(&mut self, meeting: &str, may: MayRead) {
        if let Some(turn) = self.0.get_mut(meeting) {
            if let Some(begins) = may.begins {
                (turn.began, turn.used) = (begins, 0);
            }
            turn.used += 1;
        }
    }
}

#[cfg(test)]
mod tests;
