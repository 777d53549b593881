//! How long a watch waits before it polls again, pure.

use crate::transport::retry::MAX_RETRY_AFTER_MS;

/// The largest share by which a wait after a failure is longer or shorter, so that watches that failed together do not
/// poll together.
const JITTER: f64 = 0.2;
/// The longest wait of our own choosing after a failure, and the shortest of a hidden page.
const HALF_A_MINUTE_MS: f64 = 30_000.0;
/// The longest wait that leaves others their share of a rate limit.
const MAX_SHARING_MS: f64 = 60_000.0;
/// A watch uses one of so many parts of what is left of a rate limit: its owner acts, too.
const PARTS: f64 = 2.0;

/// What is known after a poll. Unknown numbers are NaN.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PollOutcome {
    /// The interval of the watch, in milliseconds.
    pub(crate) interval_ms: f64,
    /// How many polls have failed in a row.
    pub(crate) failures: u32,
    /// The last `Retry-After`, in seconds.
    pub(crate) retry_after: f64,
    /// How many requests the poll took.
    pub(crate) requests: f64,
    /// How many requests are left, according to the last response.
    pub(crate) remaining: f64,
    /// Seconds until the limit resets.
    pub(crate) reset: f64,
}

impl PollOutcome {
    /// Only a wait.
    pub(crate) fn pause(ms: f64) -> Self {
        Self {
            interval_ms: ms,
            failures: 0,
            retry_after: f64::NAN,
            requests: 0.0,
            remaining: f64::NAN,
            reset: f64::NAN,
        }
    }
}

/// How long to wait, in milliseconds from the end of the poll. `hidden`: the page is not visible. `random` is in 0..1.
pub(crate) fn wait_ms(outcome: &PollOutcome, hidden: bool, random: f64) -> f64 {
    let retry_after = outcome.retry_after * 1000.0;
    let own = if outcome.failures == 0 || retry_after >= 0.0 {
        outcome.interval_ms
    } else {
        let times = f64::from(1_u32 << outcome.failures.min(16));
        let longer = (outcome.interval_ms * times).min(HALF_A_MINUTE_MS);
        longer * (1.0 + JITTER * (2.0 * random - 1.0))
    };
    // `max` of a number and NaN is the number.
    own.max(outcome.interval_ms)
        .max(at_most(MAX_RETRY_AFTER_MS, retry_after))
        .max(sharing_ms(outcome))
        .max(if hidden { HALF_A_MINUTE_MS } else { 0.0 })
}

/// How long to wait to leave others their share of the rate limit; NaN if it is not known.
fn sharing_ms(outcome: &PollOutcome) -> f64 {
    let reset = outcome.reset * 1000.0;
    // Another poll would fail half-way and use up what others need.
    if outcome.remaining < outcome.requests {
        return at_most(MAX_RETRY_AFTER_MS, reset);
    }
    let shared = reset * outcome.requests * PARTS / outcome.remaining;
    at_most(MAX_SHARING_MS, shared)
}

/// (NaN stays NaN; `min` would return the number.)
fn at_most(most: f64, value: f64) -> f64 {
    if value > most { most } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALM: PollOutcome = PollOutcome {
        interval_ms: 2000.0,
        failures: 0,
        retry_after: f64::NAN,
        requests: 2.0,
        remaining: f64::NAN,
        reset: f64::NAN,
    };

    /// After `n` failures in a row.
    fn failed(n: u32) -> PollOutcome {
        PollOutcome {
            failures: n,
            ..CALM
        }
    }

    fn limited(remaining: f64, reset: f64, requests: f64) -> PollOutcome {
        PollOutcome {
            remaining,
            reset,
            requests,
            ..CALM
        }
    }

    fn visible(outcome: &PollOutcome) -> f64 {
        wait_ms(outcome, false, 0.5)
    }

    #[test]
    fn after_success_it_waits_for_the_interval() {
        assert_eq!(visible(&CALM), 2000.0);
        assert_eq!(wait_ms(&CALM, false, 0.0), 2000.0);
    }

    #[test]
    fn failures_double_the_wait_up_to_half_a_minute() {
        let waits: Vec<_> = (1..=6).map(|n| visible(&failed(n))).collect();
        assert_eq!(
            waits,
            [4000.0, 8000.0, 16_000.0, 30_000.0, 30_000.0, 30_000.0]
        );
        assert_eq!(visible(&failed(u32::MAX)), 30_000.0);
        let slow = PollOutcome {
            interval_ms: 45_000.0,
            ..failed(3)
        };
        assert_eq!(visible(&slow), 45_000.0);
    }

    #[test]
    fn waits_after_failures_differ_by_a_fifth() {
        assert_eq!(wait_ms(&failed(2), false, 0.0), 6400.0);
        assert_eq!(wait_ms(&failed(2), false, 1.0), 9600.0);
        let short = PollOutcome {
            interval_ms: 30_000.0,
            ..failed(1)
        };
        assert_eq!(wait_ms(&short, false, 0.0), 30_000.0);
    }

    #[test]
    fn retry_after_is_honoured() {
        for (seconds, ms) in [
            (17.0, 17_000.0),
            (120.0, 120_000.0),
            (1e9, 300_000.0),
            (0.0, 2000.0),
        ] {
            let outcome = PollOutcome {
                retry_after: seconds,
                ..failed(3)
            };
            assert_eq!(wait_ms(&outcome, false, 0.9), ms, "{seconds}");
        }
    }

    #[test]
    fn half_of_the_rate_limit_is_left_to_others() {
        // 2 requests of 100 left in 300 s: 50 for us, so 25 polls in 300 s.
        assert_eq!(visible(&limited(100.0, 300.0, 2.0)), 12_000.0);
        assert_eq!(visible(&limited(1198.0, 300.0, 2.0)), 2000.0);
        assert_eq!(visible(&limited(1149.0, 300.0, 51.0)).round(), 26_632.0);
        assert_eq!(visible(&limited(5.0, 300.0, 2.0)), 60_000.0);
        assert_eq!(visible(&limited(3.0, 30.0, 2.0)), 40_000.0);
    }

    #[test]
    fn without_requests_left_it_waits_for_the_reset() {
        assert_eq!(visible(&limited(0.0, 250.0, 2.0)), 250_000.0);
        assert_eq!(visible(&limited(1.0, 250.0, 2.0)), 250_000.0);
        assert_eq!(visible(&limited(0.0, 80_000.0, 2.0)), 300_000.0);
        assert_eq!(visible(&limited(0.0, 1.0, 2.0)), 2000.0);
    }

    #[test]
    fn a_hidden_page_polls_twice_a_minute_at_most() {
        assert_eq!(wait_ms(&CALM, true, 0.5), 30_000.0);
        assert_eq!(wait_ms(&failed(1), true, 0.5), 30_000.0);
        assert_eq!(wait_ms(&limited(0.0, 250.0, 2.0), true, 0.5), 250_000.0);
    }
}
