//! The policy of attempts, pure: after one has failed, is the request sent again, when, and may
//! the server have carried it out?

use crate::hints::RetryHints;
use crate::operation::Idempotency;

/// The first wait of our own choosing; each further one is twice as long.
const FIRST_WAIT_MS: f64 = 500.0;
/// The longest wait of our own choosing.
const LONGEST_WAIT_MS: f64 = 8_000.0;
/// The longest wait we let a server ask for: the API's limits reset within five minutes.
pub(crate) const LONGEST_ASKED_WAIT_MS: f64 = 300_000.0;
/// By how much of itself a wait of our own choosing is shortened at most, so that clients that
/// failed together do not come back together.
const JITTER: f64 = 0.25;

/// How an attempt failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failed {
    /// The caller's signal was aborted.
    Aborted,
    /// It took longer than its timeout.
    TimedOut,
    /// The connection failed; `sent` is false if it is certain that nothing was sent.
    Lost {
        /// Whether the server may have got the request.
        sent: bool,
    },
    /// The server carried it out, but its answer did not arrive whole.
    CutOff,
    /// The server answered with a status that says no.
    Status(u16, RetryHints),
}

/// Whether the server may have carried out the request of an attempt that failed so.
pub(crate) fn may_have_acted(failed: &Failed) -> bool {
    match failed {
        Failed::Aborted | Failed::TimedOut | Failed::CutOff => true,
        Failed::Lost { sent } => *sent,
        // Other statuses are the API's own refusals, made before it acts; 303 and a redirect
        // that a browser hides (0) say nothing of what was done.
        Failed::Status(status, _) => matches!(status, 0 | 303 | 408 | 409 | 500..),
    }
}

/// Whether the request is sent again after an attempt that failed so, if attempts are left.
pub(crate) fn again(idempotency: Idempotency, failed: &Failed) -> bool {
    match failed {
        Failed::Aborted => false,
        Failed::TimedOut | Failed::Lost { .. } | Failed::CutOff => {
            idempotency != Idempotency::NonIdempotent
        }
        Failed::Status(status, hints) => hints.should_retry.unwrap_or(match idempotency {
            // Only this is certain not to have been carried out.
            Idempotency::NonIdempotent => *status == 429,
            Idempotency::Safe | Idempotency::Idempotent => {
                matches!(status, 408 | 409 | 429 | 500..)
            }
        }),
    }
}

/// How long to wait before the next attempt, in milliseconds: as long as the server asks, else
/// longer with each of the `failures` so far. `random` is in 0..1.
pub(crate) fn wait_ms(failures: u32, failed: &Failed, random: f64) -> u32 {
    let asked = match failed {
        Failed::Status(_, hints) => hints.wait_ms,
        _ => None,
    };
    let wait = match asked {
        Some(wait) => wait.min(LONGEST_ASKED_WAIT_MS),
        None => {
            let doublings = failures.saturating_sub(1).min(16);
            let wait = FIRST_WAIT_MS * f64::from(1u32 << doublings);
            wait.min(LONGEST_WAIT_MS) * (1.0 - JITTER * random)
        }
    };
    wait as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Idempotency; 3] = [
        Idempotency::Safe,
        Idempotency::Idempotent,
        Idempotency::NonIdempotent,
    ];

    fn status(status: u16) -> Failed {
        Failed::Status(status, RetryHints::default())
    }

    fn told(code: u16, should_retry: bool) -> Failed {
        let hints = RetryHints {
            should_retry: Some(should_retry),
            wait_ms: None,
        };
        Failed::Status(code, hints)
    }

    #[test]
    fn once_is_sent_again_only_where_it_was_surely_refused() {
        for failed in [
            Failed::TimedOut,
            Failed::Lost { sent: true },
            Failed::Lost { sent: false },
            Failed::CutOff,
            status(408),
            status(409),
            status(500),
            status(502),
            status(503),
            status(599),
        ] {
            assert!(!again(Idempotency::NonIdempotent, &failed), "{failed:?}");
            assert!(again(Idempotency::Idempotent, &failed), "{failed:?}");
            assert!(again(Idempotency::Safe, &failed), "{failed:?}");
        }
        for idempotency in ALL {
            assert!(again(idempotency, &status(429)));
        }
    }

    #[test]
    fn the_servers_word_outranks_the_status() {
        for idempotency in ALL {
            assert!(again(idempotency, &told(500, true)));
            assert!(again(idempotency, &told(400, true)));
            assert!(!again(idempotency, &told(429, false)));
            assert!(!again(idempotency, &told(500, false)));
        }
    }

    #[test]
    fn refusals_and_aborts_are_final() {
        for idempotency in ALL {
            for code in [0, 301, 303, 307, 400, 401, 403, 404, 405, 410, 422, 451] {
                assert!(!again(idempotency, &status(code)), "{code}");
            }
            assert!(!again(idempotency, &Failed::Aborted));
        }
    }

    #[test]
    fn the_server_may_have_acted_unless_it_surely_did_not() {
        for failed in [
            Failed::Aborted,
            Failed::TimedOut,
            Failed::CutOff,
            Failed::Lost { sent: true },
            status(408),
            status(409),
            status(500),
            status(504),
            status(303),
            status(0),
        ] {
            assert!(may_have_acted(&failed), "{failed:?}");
        }
        for failed in [
            Failed::Lost { sent: false },
            status(400),
            status(401),
            status(404),
            status(307),
            status(429),
        ] {
            assert!(!may_have_acted(&failed), "{failed:?}");
        }
    }

    #[test]
    fn waits_double_up_to_a_limit_less_their_jitter() {
        let waits: Vec<_> = (1..=7)
            .map(|failures| wait_ms(failures, &Failed::TimedOut, 0.0))
            .collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(wait_ms(1, &Failed::TimedOut, 1.0), 375);
        assert_eq!(wait_ms(u32::MAX, &Failed::TimedOut, 0.0), 8000);
    }

    #[test]
    fn what_the_server_asks_is_obeyed_up_to_a_limit() {
        let asked = |wait_ms| {
            let hints = RetryHints {
                should_retry: None,
                wait_ms: Some(wait_ms),
            };
            Failed::Status(429, hints)
        };
        assert_eq!(wait_ms(1, &asked(0.0), 0.5), 0);
        assert_eq!(wait_ms(3, &asked(30_000.0), 0.5), 30_000);
        assert_eq!(wait_ms(1, &asked(1e20), 0.5), 300_000);
        assert_eq!(wait_ms(1, &asked(f64::INFINITY), 0.5), 300_000);
    }
}
