//! Counts the attempts of one call, and remembers whether the server may have acted.

use super::retry::{self, AttemptError};
use crate::operation::Idempotency;

/// What is known about the attempts of a call.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct AttemptInfo {
    /// How many requests were sent.
    pub attempts: u32,
    /// Whether the server may have carried out the call.
    pub maybe_applied: bool,
}

/// The attempts of one call.
pub(crate) struct Attempts {
    idempotency: Idempotency,
    max_attempts: u32,
    /// What is known about them so far.
    pub(crate) info: AttemptInfo,
}

impl Attempts {
    /// For a call of this idempotency.
    pub(crate) fn new(idempotency: Idempotency, max_retries: u32) -> Self {
        Self {
            idempotency,
            max_attempts: max_retries.saturating_add(1),
            info: AttemptInfo::default(),
        }
    }

    /// The server answers a repeat with the first response.
    pub(crate) fn repeats_are_harmless(&mut self) {
        if self.idempotency == Idempotency::NonIdempotent {
            self.idempotency = Idempotency::Idempotent;
        }
    }

    /// Counts another attempt.
    pub(crate) fn start(&mut self) {
        self.info.attempts += 1;
    }

    /// Records a failed attempt. Returns how many milliseconds to wait before the next one, or `None` if there is
    /// none. `random` is in 0..1.
    pub(crate) fn next_backoff(&mut self, failed: &AttemptError, random: f64) -> Option<u32> {
        let AttemptInfo { attempts, .. } = self.info;
        self.info.maybe_applied |=
            self.idempotency != Idempotency::Safe && retry::may_have_side_effects(failed);
        let retries = attempts < self.max_attempts && retry::should_retry(self.idempotency, failed);
        retries.then(|| retry::backoff_ms(attempts, failed, random))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::retry_after::RetryHints;

    /// Attempts that fail one after the other. Returns the waits between them, and what is known after the last.
    fn run(
        idempotency: Idempotency,
        max_retries: u32,
        failures: impl IntoIterator<Item = AttemptError>,
    ) -> (Vec<u32>, Option<AttemptInfo>) {
        let mut attempts = Attempts::new(idempotency, max_retries);
        let mut waits = Vec::new();
        for failed in failures {
            attempts.start();
            match attempts.next_backoff(&failed, 0.0) {
                Some(wait) => waits.push(wait),
                None => return (waits, Some(attempts.info)),
            }
        }
        (waits, None)
    }

    fn status(code: u16) -> AttemptError {
        AttemptError::Status(code, RetryHints::default())
    }

    fn info(attempts: u32, maybe_applied: bool) -> Option<AttemptInfo> {
        Some(AttemptInfo {
            attempts,
            maybe_applied,
        })
    }

    #[test]
    fn a_read_is_tried_until_it_works() {
        let failures = [AttemptError::TimedOut, status(503)];
        assert_eq!(run(Idempotency::Safe, 2, failures), (vec![500, 1000], None));
    }

    #[test]
    fn a_read_never_applies_anything() {
        let failures = [status(500), status(500), status(500)];
        let (_, known) = run(Idempotency::Safe, 2, failures);
        assert_eq!(known, info(3, false));
    }

    #[test]
    fn a_poll_is_not_repeated_if_it_may_have_been_created() {
        for failed in [
            AttemptError::TimedOut,
            AttemptError::Lost { sent: true },
            status(500),
        ] {
            assert_eq!(
                run(Idempotency::NonIdempotent, 5, [failed]),
                (Vec::new(), info(1, true))
            );
        }
    }

    #[test]
    fn a_poll_is_repeated_after_a_certain_refusal() {
        let (waits, known) = run(Idempotency::NonIdempotent, 2, [status(429), status(429)]);
        assert_eq!((waits.len(), known), (2, None));
        let (_, known) = run(Idempotency::NonIdempotent, 2, [status(429), status(404)]);
        assert_eq!(known, info(2, false));
    }

    #[test]
    fn a_poll_is_repeated_if_the_server_knows_repeats() {
        let mut attempts = Attempts::new(Idempotency::NonIdempotent, 1);
        attempts.repeats_are_harmless();
        attempts.start();
        assert!(
            attempts
                .next_backoff(&AttemptError::TimedOut, 0.0)
                .is_some()
        );
        attempts.start();
        assert_eq!(attempts.next_backoff(&status(500), 0.0), None);
        assert_eq!(Some(attempts.info), info(2, true));
        let mut read = Attempts::new(Idempotency::Safe, 0);
        read.repeats_are_harmless();
        read.start();
        assert_eq!(read.next_backoff(&status(500), 0.0), None);
        assert_eq!(Some(read.info), info(1, false));
    }

    #[test]
    fn an_error_after_a_doubtful_attempt_keeps_the_doubt() {
        let (_, known) = run(
            Idempotency::Idempotent,
            2,
            [AttemptError::Lost { sent: true }, status(404)],
        );
        assert_eq!(known, info(2, true));
        let (_, known) = run(Idempotency::Idempotent, 2, [status(429), status(404)]);
        assert_eq!(known, info(2, false));
    }

    #[test]
    fn an_abort_is_final_and_doubtful() {
        assert_eq!(
            run(Idempotency::Idempotent, 2, [AttemptError::Aborted]),
            (Vec::new(), info(1, true))
        );
        assert_eq!(
            run(Idempotency::Safe, 2, [AttemptError::Aborted]),
            (Vec::new(), info(1, false))
        );
    }

    #[test]
    fn no_retries_means_one_attempt() {
        assert_eq!(
            run(Idempotency::Safe, 0, [status(500)]),
            (Vec::new(), info(1, false))
        );
        let mut most = Attempts::new(Idempotency::Safe, u32::MAX);
        most.start();
        assert_eq!(most.next_backoff(&status(500), 0.0), Some(500));
    }
}
