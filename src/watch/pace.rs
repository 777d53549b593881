//! How long a watch waits before it looks again, pure: for Rust's watch and for the package's.

use crate::retry::LONGEST_ASKED_WAIT_MS;

/// By how much of itself a wait of our own choosing after a failure is longer or shorter at most,
/// so that watches that failed together do not come back together.
const JITTER: f64 = 0.2;
/// The longest wait of our own choosing after a failure, and the shortest of a page that nobody
/// sees.
const HALF_A_MINUTE_MS: f64 = 30_000.0;
/// The longest wait for the sake of what is left of a limit.
const LONGEST_SPARING_MS: f64 = 60_000.0;
/// Of what is left of a limit a watch takes one part of so many: its owner acts, too.
const PARTS: f64 = 2.0;

/// What is known when a look has ended. Of what is not known the numbers are NaN.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Looked {
    /// How long a watch waits that nothing keeps from looking.
    pub(crate) interval_ms: f64,
    /// How many looks have failed one after the other.
    pub(crate) failures: u32,
    /// After how many seconds the server wants to be asked again.
    pub(crate) retry_after: f64,
    /// How many requests the look took.
    pub(crate) requests: f64,
    /// How many requests are left, by the look's newest answer.
    pub(crate) remaining: f64,
    /// Seconds until there are more.
    pub(crate) reset: f64,
}

/// How long to wait, in milliseconds, counted from the end of the look. `hidden`: nobody sees the
/// page. `random` is in 0..1.
pub(crate) fn wait_ms(looked: &Looked, hidden: bool, random: f64) -> f64 {
    let asked = looked.retry_after * 1000.0;
    let own = if looked.failures == 0 || asked >= 0.0 {
        looked.interval_ms
    } else {
        let times = f64::from(1_u32 << looked.failures.min(16));
        let longer = (looked.interval_ms * times).min(HALF_A_MINUTE_MS);
        longer * (1.0 + JITTER * (2.0 * random - 1.0))
    };
    // Of a number and NaN, `max` gives the number.
    own.max(looked.interval_ms)
        .max(at_most(LONGEST_ASKED_WAIT_MS, asked))
        .max(sparing_ms(looked))
        .max(if hidden { HALF_A_MINUTE_MS } else { 0.0 })
}

/// How long to wait for others to have their share of what is left; NaN if that is not known.
fn sparing_ms(looked: &Looked) -> f64 {
    let reset = looked.reset * 1000.0;
    // Another look would end in a refusal half-way, and would have taken what others need.
    if looked.remaining < looked.requests {
        return at_most(LONGEST_ASKED_WAIT_MS, reset);
    }
    let shared = reset * looked.requests * PARTS / looked.remaining;
    at_most(LONGEST_SPARING_MS, shared)
}

/// (NaN stays NaN, of which `min` would make a number.)
fn at_most(most: f64, value: f64) -> f64 {
    if value > most { most } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALM: Looked = Looked {
        interval_ms: 2000.0,
        failures: 0,
        retry_after: f64::NAN,
        requests: 2.0,
        remaining: f64::NAN,
        reset: f64::NAN,
    };

    /// After `n` failures in a row.
    fn failed(n: u32) -> Looked {
        Looked {
            failures: n,
            ..CALM
        }
    }

    fn limited(remaining: f64, reset: f64, requests: f64) -> Looked {
        Looked {
            remaining,
            reset,
            requests,
            ..CALM
        }
    }

    fn seen(looked: &Looked) -> f64 {
        wait_ms(looked, false, 0.5)
    }

    #[test]
    fn a_good_look_is_followed_by_the_interval() {
        assert_eq!(seen(&CALM), 2000.0);
        assert_eq!(wait_ms(&CALM, false, 0.0), 2000.0);
    }

    #[test]
    fn failures_double_the_wait_up_to_half_a_minute() {
        let waits: Vec<_> = (1..=6).map(|n| seen(&failed(n))).collect();
        assert_eq!(
            waits,
            [4000.0, 8000.0, 16_000.0, 30_000.0, 30_000.0, 30_000.0]
        );
        assert_eq!(seen(&failed(u32::MAX)), 30_000.0);
        let slow = Looked {
            interval_ms: 45_000.0,
            ..failed(3)
        };
        assert_eq!(seen(&slow), 45_000.0);
    }

    #[test]
    fn waits_after_failures_differ_by_a_fifth() {
        assert_eq!(wait_ms(&failed(2), false, 0.0), 6400.0);
        assert_eq!(wait_ms(&failed(2), false, 1.0), 9600.0);
        let short = Looked {
            interval_ms: 30_000.0,
            ..failed(1)
        };
        assert_eq!(wait_ms(&short, false, 0.0), 30_000.0);
    }

    #[test]
    fn what_the_server_asks_is_kept_exactly() {
        for (seconds, ms) in [
            (17.0, 17_000.0),
            (120.0, 120_000.0),
            (1e9, 300_000.0),
            (0.0, 2000.0),
        ] {
            let asked = Looked {
                retry_after: seconds,
                ..failed(3)
            };
            assert_eq!(wait_ms(&asked, false, 0.9), ms, "{seconds}");
        }
    }

    #[test]
    fn half_of_what_is_left_is_left_to_others() {
        // 2 requests of 100 left in 300 s: 50 for us, so 25 looks in 300 s.
        assert_eq!(seen(&limited(100.0, 300.0, 2.0)), 12_000.0);
        assert_eq!(seen(&limited(1198.0, 300.0, 2.0)), 2000.0);
        assert_eq!(seen(&limited(1149.0, 300.0, 51.0)).round(), 26_632.0);
        assert_eq!(seen(&limited(5.0, 300.0, 2.0)), 60_000.0);
        assert_eq!(seen(&limited(3.0, 30.0, 2.0)), 40_000.0);
    }

    #[test]
    fn where_nothing_is_left_there_is_no_look_before_there_is_more() {
        assert_eq!(seen(&limited(0.0, 250.0, 2.0)), 250_000.0);
        assert_eq!(seen(&limited(1.0, 250.0, 2.0)), 250_000.0);
        assert_eq!(seen(&limited(0.0, 80_000.0, 2.0)), 300_000.0);
        assert_eq!(seen(&limited(0.0, 1.0, 2.0)), 2000.0);
    }

    #[test]
    fn nobody_is_shown_anything_new_more_often_than_half_a_minute() {
        assert_eq!(wait_ms(&CALM, true, 0.5), 30_000.0);
        assert_eq!(wait_ms(&failed(1), true, 0.5), 30_000.0);
        assert_eq!(wait_ms(&limited(0.0, 250.0, 2.0), true, 0.5), 250_000.0);
    }
}
