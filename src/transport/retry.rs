//! The retry policy, pure: whether a failed attempt is repeated, when, and whether the server may have acted.

use super::retry_after::RetryHints;
use crate::operation::Idempotency;

/// The first wait of our own choosing. Each further one is twice as long.
const FIRST_WAIT_MS: f64 = 500.0;
/// The longest wait of our own choosing.
const MAX_WAIT_MS: f64 = 8_000.0;
/// The longest `Retry-After` that is honoured: the API's limits reset within five minutes.
pub(crate) const MAX_RETRY_AFTER_MS: f64 = 300_000.0;
/// The largest share by which jitter shortens a wait, so that clients that failed together do not retry together.
const JITTER: f64 = 0.25;

/// How an attempt failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AttemptError {
    /// The caller's signal was aborted.
    Aborted,
    /// It took longer than its timeout.
    TimedOut,
    /// The connection failed. `sent` is false if it is certain that nothing was sent.
    Lost {
        /// Whether the server may have received the request.
        sent: bool,
    },
    /// The server carried it out, but the response did not arrive whole.
    CutOff,
    /// The response has an error status.
    Status(u16, RetryHints),
}

/// Whether the server may have carried out the request of an attempt that failed so.
pub(crate) fn may_have_side_effects(failed: &AttemptError) -> bool {
    match failed {
        AttemptError::Aborted | AttemptError::TimedOut | AttemptError::CutOff => true,
        AttemptError::Lost { sent } => *sent,
        // Other statuses are refusals made before the API acts. 303 and a redirect that a browser hides (0) say
        // nothing about the mutation.
        AttemptError::Status(status, _) => matches!(status, 0 | 303 | 408 | 409 | 500..),
    }
}

/// Whether a failed attempt is repeated, if retries are left.
pub(crate) fn should_retry(idempotency: Idempotency, failed: &AttemptError) -> bool {
    match failed {
        AttemptError::Aborted => false,
        AttemptError::TimedOut | AttemptError::Lost { .. } | AttemptError::CutOff => {
            idempotency != Idempotency::NonIdempotent
        }
        AttemptError::Status(status, hints) => hints.should_retry.unwrap_or(match idempotency {
            // The only status after which it is certain that nothing was done.
            Idempotency::NonIdempotent => *status == 429,
            Idempotency::Safe | Idempotency::Idempotent => {
                matches!(status, 408 | 409 | 429 | 500..)
            }
        }),
    }
}

/// How long to wait before the next attempt, in milliseconds: as long as the server asks, else longer after each of
/// the `failures` so far. `random` is in 0..1.
pub(crate) fn backoff_ms(failures: u32, failed: &AttemptError, random: f64) -> u32 {
    let retry_after = match failed {
        AttemptError::Status(_, hints) => hints.wait_ms,
        _ => None,
    };
    let wait = match retry_after {
        Some(wait) => wait.min(MAX_RETRY_AFTER_MS),
        None => {
            let doublings = failures.saturating_sub(1).min(16);
            let wait = FIRST_WAIT_MS * f64::from(1u32 << doublings);
            wait.min(MAX_WAIT_MS) * (1.0 - JITTER * random)
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

    fn status(status: u16) -> AttemptError {
        AttemptError::Status(status, RetryHints::default())
    }

    fn with_hint(code: u16, should_retry: bool) -> AttemptError {
        let hints = RetryHints {
            should_retry: Some(should_retry),
            wait_ms: None,
        };
        AttemptError::Status(code, hints)
    }

    #[test]
    fn a_poll_is_repeated_only_after_a_certain_refusal() {
        for failed in [
            AttemptError::TimedOut,
            AttemptError::Lost { sent: true },
            AttemptError::Lost { sent: false },
            AttemptError::CutOff,
            status(408),
            status(409),
            status(500),
            status(502),
            status(503),
            status(599),
        ] {
            assert!(
                !should_retry(Idempotency::NonIdempotent, &failed),
                "{failed:?}"
            );
            assert!(should_retry(Idempotency::Idempotent, &failed), "{failed:?}");
            assert!(should_retry(Idempotency::Safe, &failed), "{failed:?}");
        }
        for idempotency in ALL {
            assert!(should_retry(idempotency, &status(429)));
        }
    }

    #[test]
    fn x_should_retry_takes_precedence() {
        for idempotency in ALL {
            assert!(should_retry(idempotency, &with_hint(500, true)));
            assert!(should_retry(idempotency, &with_hint(400, true)));
            assert!(!should_retry(idempotency, &with_hint(429, false)));
            assert!(!should_retry(idempotency, &with_hint(500, false)));
        }
    }

    #[test]
    fn refusals_and_aborts_are_final() {
        for idempotency in ALL {
            for code in [0, 301, 303, 307, 400, 401, 403, 404, 405, 410, 422, 451] {
                assert!(!should_retry(idempotency, &status(code)), "{code}");
            }
            assert!(!should_retry(idempotency, &AttemptError::Aborted));
        }
    }

    #[test]
    fn the_server_may_have_side_effects_unless_it_surely_did_not() {
        for failed in [
            AttemptError::Aborted,
            AttemptError::TimedOut,
            AttemptError::CutOff,
            AttemptError::Lost { sent: true },
            status(408),
            status(409),
            status(500),
            status(504),
            status(303),
            status(0),
        ] {
            assert!(may_have_side_effects(&failed), "{failed:?}");
        }
        for failed in [
            AttemptError::Lost { sent: false },
            status(400),
            status(401),
            status(404),
            status(307),
            status(429),
        ] {
            assert!(!may_have_side_effects(&failed), "{failed:?}");
        }
    }

    #[test]
    fn waits_double_up_to_a_limit_minus_jitter() {
        let waits: Vec<_> = (1..=7)
            .map(|failures| backoff_ms(failures, &AttemptError::TimedOut, 0.0))
            .collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(backoff_ms(1, &AttemptError::TimedOut, 1.0), 375);
        assert_eq!(backoff_ms(u32::MAX, &AttemptError::TimedOut, 0.0), 8000);
    }

    #[test]
    fn retry_after_is_honoured_up_to_a_limit() {
        let after = |wait_ms| {
            let hints = RetryHints {
                should_retry: None,
                wait_ms: Some(wait_ms),
            };
            AttemptError::Status(429, hints)
        };
        assert_eq!(backoff_ms(1, &after(0.0), 0.5), 0);
        assert_eq!(backoff_ms(3, &after(30_000.0), 0.5), 30_000);
        assert_eq!(backoff_ms(1, &after(1e20), 0.5), 300_000);
        assert_eq!(backoff_ms(1, &after(f64::INFINITY), 0.5), 300_000);
    }
}
