//! The attempts of one call, counted: is it sent again, when, and may the server have acted?
//!
//! What is decided of one failure is in [`crate::retry`]; this file remembers what went before.
//! It sends nothing: `transport` does.

use crate::operation::Idempotency;
use crate::retry::{self, Failed};

/// What is known of a call's attempts when it has failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// How many requests were sent.
    pub attempts: u32,
    /// Whether the server may have carried out what was asked.
    pub maybe_applied: bool,
}

/// The attempts of one call.
pub(crate) struct Attempts {
    idempotency: Idempotency,
    most: u32,
    /// What is known of them so far.
    pub(crate) trail: Trail,
}

impl Attempts {
    /// Of a call that a idempotency of does `idempotency`, and that was sent so often `before`.
    pub(crate) fn new(idempotency: Idempotency, before: u32, max_retries: u32) -> Self {
        Self {
            idempotency,
            most: max_retries.saturating_add(1),
            trail: Trail {
                attempts: before,
                maybe_applied: false,
            },
        }
    }

    /// Another one is made.
    pub(crate) fn start(&mut self) {
        self.trail.attempts += 1;
    }

    /// How long to wait, in milliseconds, before the next one, now that one has failed so; `None`
    /// if that was the last. `random` is in 0..1.
    pub(crate) fn after(&mut self, failed: &Failed, random: f64) -> Option<u32> {
        let Trail { attempts, .. } = self.trail;
        self.trail.maybe_applied |=
            self.idempotency != Idempotency::Safe && retry::may_have_acted(failed);
        let again = attempts < self.most && retry::again(self.idempotency, failed);
        again.then(|| retry::wait_ms(attempts, failed, random))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hints::RetryHints;

    /// Attempts that fail so one after the other; returns the waits between them, and what is
    /// known when one was the last, if it was.
    fn run(
        idempotency: Idempotency,
        max_retries: u32,
        failures: impl IntoIterator<Item = Failed>,
    ) -> (Vec<u32>, Option<Trail>) {
        let mut attempts = Attempts::new(idempotency, 0, max_retries);
        let mut waits = Vec::new();
        for failed in failures {
            attempts.start();
            match attempts.after(&failed, 0.0) {
                Some(wait) => waits.push(wait),
                None => return (waits, Some(attempts.trail)),
            }
        }
        (waits, None)
    }

    fn status(code: u16) -> Failed {
        Failed::Status(code, RetryHints::default())
    }

    fn trail(attempts: u32, maybe_applied: bool) -> Option<Trail> {
        Some(Trail {
            attempts,
            maybe_applied,
        })
    }

    #[test]
    fn a_read_is_tried_until_it_works() {
        let failures = [Failed::TimedOut, status(503)];
        assert_eq!(run(Idempotency::Safe, 2, failures), (vec![500, 1000], None));
    }

    #[test]
    fn a_read_never_applies_anything() {
        let failures = [status(500), status(500), status(500)];
        let (_, known) = run(Idempotency::Safe, 2, failures);
        assert_eq!(known, trail(3, false));
    }

    #[test]
    fn once_is_not_sent_again_after_it_may_have_worked() {
        for failed in [Failed::TimedOut, Failed::Lost { sent: true }, status(500)] {
            assert_eq!(
                run(Idempotency::NonIdempotent, 5, [failed]),
                (Vec::new(), trail(1, true))
            );
        }
    }

    #[test]
    fn once_is_sent_again_after_a_sure_refusal() {
        let (waits, known) = run(Idempotency::NonIdempotent, 2, [status(429), status(429)]);
        assert_eq!((waits.len(), known), (2, None));
        let (_, known) = run(Idempotency::NonIdempotent, 2, [status(429), status(404)]);
        assert_eq!(known, trail(2, false));
    }

    #[test]
    fn a_refusal_after_a_doubt_keeps_the_doubt() {
        let (_, known) = run(
            Idempotency::Idempotent,
            2,
            [Failed::Lost { sent: true }, status(404)],
        );
        assert_eq!(known, trail(2, true));
        let (_, known) = run(Idempotency::Idempotent, 2, [status(429), status(404)]);
        assert_eq!(known, trail(2, false));
    }

    #[test]
    fn an_abort_is_the_end_and_a_doubt() {
        assert_eq!(
            run(Idempotency::Idempotent, 2, [Failed::Aborted]),
            (Vec::new(), trail(1, true))
        );
        assert_eq!(
            run(Idempotency::Safe, 2, [Failed::Aborted]),
            (Vec::new(), trail(1, false))
        );
    }

    #[test]
    fn no_retries_means_one_attempt() {
        assert_eq!(
            run(Idempotency::Safe, 0, [status(500)]),
            (Vec::new(), trail(1, false))
        );
        let mut most = Attempts::new(Idempotency::Safe, 0, u32::MAX);
        most.start();
        assert_eq!(most.after(&status(500), 0.0), Some(500));
    }

    #[test]
    fn what_went_before_counts() {
        let mut late = Attempts::new(Idempotency::NonIdempotent, 2, 2);
        late.start();
        assert_eq!(late.after(&Failed::CutOff, 0.0), None);
        assert_eq!(Some(late.trail), trail(3, true));
    }
}
