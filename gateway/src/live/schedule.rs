//! When a watched meeting is read next, pure.
//!
//! At the interval; at once after a hint (one of our mutations, or a webhook); later when reads fail, or
//! when the budget is low; rarely in a quiet meeting with webhooks. Times are in monotonic milliseconds.

/// How close reads that follow hints may be, while there is room for a burst: at least so many
/// milliseconds, and more with many sockets, which each change must reach.
const BURST_GAP_MS: u64 = 100;

/// So many sockets make the gap a millisecond longer.
const SOCKETS_PER_MS: u64 = 100;

/// The longest gap.
const LONGEST_GAP_MS: u64 = 500;

/// How many such reads may come at once; one more for each that the budget would allow.
const BURST: u64 = 20;

/// How long after a hint a meeting is read at the usual interval: the API may be late.
const AFTER_HINT_MS: u64 = 10_000;

/// How long a meeting is read at the usual interval after a change without a webhook: webhooks may be
/// lost.
const DISTRUST_MS: u64 = 600_000;

/// The longest wait after a failure.
const LONGEST_MS: u64 = 30_000;

/// The operator's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How often a meeting is read.
    pub interval_ms: u64,
    /// How often a quiet one is read, if webhooks are configured.
    pub quiet_ms: Option<u64>,
}

impl Pace {
    /// How often a meeting is read while nothing happens.
    pub fn idle_ms(self) -> u64 {
        self.quiet_ms.unwrap_or_default().max(self.interval_ms)
    }
}

/// How close reads of a meeting may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spacing {
    /// For the budget to last, in milliseconds.
    pub sustained_ms: u64,
    /// In a burst, in milliseconds.
    gap_ms: u64,
}

impl Spacing {
    /// For a meeting with so many sockets.
    pub fn new(sustained_ms: u64, sockets: usize) -> Self {
        let more = sockets as u64 / SOCKETS_PER_MS;
        Self {
            sustained_ms,
            gap_ms: BURST_GAP_MS.saturating_add(more).min(LONGEST_GAP_MS),
        }
    }
}

/// The schedule of one meeting.
#[derive(Debug)]
pub struct Schedule {
    /// When the last read began and when it ended.
    began: Option<u64>,
    ended: u64,
    /// The last hint that no read has covered.
    hint: Option<u64>,
    /// The last hint, and the last change that no hint announced.
    hinted: Option<u64>,
    unannounced: Option<u64>,
    failures: u32,
    /// No read before these times: after failures, and because of a limit.
    backoff_until: u64,
    limited_until: u64,
    /// Room for reads that follow hints, and when it was counted.
    burst: u64,
    burst_at: u64,
}

/// Why a meeting is read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A moderator has acted.
    Action,
    /// A webhook names the meeting: so webhooks arrive.
    Webhook,
    /// A watcher asks for it, also after a failure.
    Request,
}

/// What a read has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Good data, without a change or with one.
    Good {
        /// Whether something has changed.
        change: bool,
    },
    /// A failure.
    Failed,
    /// A wait of so many milliseconds.
    Wait(u64),
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            began: None,
            ended: 0,
            hint: None,
            hinted: None,
            unannounced: None,
            failures: 0,
            backoff_until: 0,
            limited_until: 0,
            burst: BURST,
            burst_at: 0,
        }
    }
}

impl Schedule {
    /// The schedule of a meeting that was last read at a time, before the platform forgot the rest.
    pub fn after_read(at: u64) -> Self {
        Self {
            began: Some(at),
            ended: at.max(1),
            ..Self::default()
        }
    }

    /// The meeting should be read at once.
    pub fn hint(&mut self, now: u64, hint: Hint) {
        self.hint = Some(now);
        match hint {
            Hint::Action => self.hinted = Some(now),
            Hint::Webhook => (self.hinted, self.unannounced) = (Some(now), None),
            Hint::Request => self.backoff_until = 0,
        }
    }

    /// A read begins; says whether a hint is its reason.
    pub fn begin(&mut self, now: u64, spacing: Spacing) -> bool {
        self.refill(now, spacing);
        let hinted = self.hint.take().is_some();
        if hinted {
            self.burst = self.burst.saturating_sub(1);
        }
        self.began = Some(now);
        hinted
    }

    /// A read has ended; `random` is from 0 to 1.
    pub fn end(&mut self, now: u64, outcome: Outcome, pace: Pace, random: f64) {
        let announced = self.hinted.is_some_and(|hinted| {
            let before = self.began.unwrap_or_default();
            before.saturating_sub(hinted) < AFTER_HINT_MS
        });
        let is_first = self.ended == 0;
        self.ended = now.max(1);
        match outcome {
            Outcome::Good { change } => {
                self.failures = 0;
                if change && !announced && !is_first {
                    self.unannounced = Some(now);
                }
            }
            Outcome::Failed => {
                self.failures = self.failures.saturating_add(1);
                self.backoff_until = now.saturating_add(backoff(self.failures, pace, random));
            }
            Outcome::Wait(ms) => self.limited_until = now.saturating_add(ms),
        }
    }

    /// When the next read is due.
    pub fn next(&mut self, now: u64, pace: Pace, spacing: Spacing) -> u64 {
        self.refill(now, spacing);
        let Spacing {
            sustained_ms,
            gap_ms,
        } = spacing;
        let not_before = self.backoff_until.max(self.limited_until);
        let Some(began) = self.began else {
            return now.max(not_before);
        };
        let regular = began.saturating_add(self.interval(now, pace).max(sustained_ms));
        let due = match self.hint {
            None => regular,
            Some(_) => {
                let gap = match self.burst {
                    0 => sustained_ms.max(gap_ms),
                    _ => gap_ms,
                };
                regular.min(began.saturating_add(gap))
            }
        };
        due.max(not_before)
    }

    fn interval(&self, now: u64, pace: Pace) -> u64 {
        let within = |at: Option<u64>, ms: u64| at.is_some_and(|at| now.saturating_sub(at) < ms);
        let is_quiet =
            !within(self.hinted, AFTER_HINT_MS) && !within(self.unannounced, DISTRUST_MS);
        match pace.quiet_ms {
            Some(_) if is_quiet && self.failures == 0 => pace.idle_ms(),
            _ => pace.interval_ms,
        }
    }

    fn refill(&mut self, now: u64, spacing: Spacing) {
        let every = spacing.sustained_ms.max(spacing.gap_ms);
        let more = now.saturating_sub(self.burst_at) / every;
        self.burst = self.burst.saturating_add(more).min(BURST);
        self.burst_at += more * every;
    }
}

/// How long to wait after so many failures: twice as long each time, each a fifth longer or shorter.
fn backoff(failures: u32, pace: Pace, random: f64) -> u64 {
    let times = 1_u64 << failures.min(16);
    let longest = LONGEST_MS.max(pace.interval_ms);
    let wait = pace.interval_ms.saturating_mul(times).min(longest);
    let share = 0.8 + 0.4 * random.clamp(0.0, 1.0);
    // At most 36 s.
    (wait as f64 * share) as u64
}

#[cfg(test)]
#[path = "schedule/tests.rs"]
mod tests;
