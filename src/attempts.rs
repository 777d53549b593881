//! The attempts of one call: send, and on failure decide, wait and send again.
//!
//! What is decided is in [`crate::retry`]; how a request is sent is the [`Wire`]'s. Between them
//! this file keeps count, and remembers whether the server may have acted.

use crate::operation::Repeat;
use crate::retry::{self, Failed};

/// What sends a request. The browser's is in `transport`; tests have their own.
pub(crate) trait Wire {
    /// An answer whose status says yes, read to its end.
    type Answer;
    /// An answer whose status says no, of which only the head has been read.
    type Refusal;
    /// What a failed connection left behind.
    type Cause;

    /// Sends the request once.
    async fn attempt(&self) -> Result<Self::Answer, Miss<Self::Refusal, Self::Cause>>;

    /// Waits. `false` if the caller aborted meanwhile.
    async fn wait(&self, ms: u32) -> bool;

    /// Whether the caller has aborted.
    fn aborted(&self) -> bool;

    /// A number in 0..1.
    fn random(&self) -> f64;
}

/// An attempt that failed: how, and what there is to show for it.
pub(crate) struct Miss<Refusal, Cause> {
    /// How it failed.
    pub(crate) failed: Failed,
    /// What came with it.
    pub(crate) left: Left<Refusal, Cause>,
}

/// What a failed attempt left.
pub(crate) enum Left<Refusal, Cause> {
    /// Nothing.
    Nothing,
    /// The answer that says no.
    Refusal(Refusal),
    /// Why the connection failed.
    Cause(Cause),
}

/// What is known of a call's attempts when it has failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// How many requests were sent.
    pub attempts: u32,
    /// Whether the server may have carried out what was asked.
    pub maybe_applied: bool,
}

/// Sends until there is an answer or a failure that is final.
pub(crate) async fn run<W: Wire>(
    wire: &W,
    repeat: Repeat,
    max_retries: u32,
) -> Result<(W::Answer, u32), (Miss<W::Refusal, W::Cause>, Trail)> {
    let mut trail = Trail::default();
    loop {
        if wire.aborted() {
            return Err((aborted(), trail));
        }
        trail.attempts += 1;
        let miss = match wire.attempt().await {
            Ok(answer) => return Ok((answer, trail.attempts)),
            Err(miss) => miss,
        };
        trail.maybe_applied |= repeat != Repeat::Read && retry::may_have_acted(&miss.failed);
        if trail.attempts > max_retries || !retry::again(repeat, &miss.failed) {
            return Err((miss, trail));
        }
        let wait = retry::wait_ms(trail.attempts, &miss.failed, wire.random());
        // What the refusal holds open is let go before the wait.
        drop(miss);
        if !wire.wait(wait).await {
            return Err((aborted(), trail));
        }
    }
}

fn aborted<Refusal, Cause>() -> Miss<Refusal, Cause> {
    Miss {
        failed: Failed::Aborted,
        left: Left::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hints::RetryHints;
    use std::cell::RefCell;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    /// A wire that fails as it is told, then answers; it notes the waits.
    struct Script {
        failures: RefCell<Vec<Failed>>,
        waits: RefCell<Vec<u32>>,
        abort_in_wait: bool,
        aborted: bool,
    }

    impl Script {
        fn new(failures: impl IntoIterator<Item = Failed>) -> Self {
            let mut failures: Vec<_> = failures.into_iter().collect();
            failures.reverse();
            Self {
                failures: RefCell::new(failures),
                waits: RefCell::default(),
                abort_in_wait: false,
                aborted: false,
            }
        }

        fn run(&self, repeat: Repeat, max_retries: u32) -> Result<u32, (Failed, Trail)> {
            let mut run = pin!(run(self, repeat, max_retries));
            match run.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(Ok(((), attempts))) => Ok(attempts),
                Poll::Ready(Err((miss, trail))) => Err((miss.failed, trail)),
                Poll::Pending => panic!("a script never waits"),
            }
        }
    }

    impl Wire for Script {
        type Answer = ();
        type Refusal = ();
        type Cause = ();

        async fn attempt(&self) -> Result<(), Miss<(), ()>> {
            match self.failures.borrow_mut().pop() {
                None => Ok(()),
                Some(failed) => Err(Miss {
                    failed,
                    left: Left::Nothing,
                }),
            }
        }

        async fn wait(&self, ms: u32) -> bool {
            self.waits.borrow_mut().push(ms);
            !self.abort_in_wait
        }

        fn aborted(&self) -> bool {
            self.aborted
        }

        fn random(&self) -> f64 {
            0.0
        }
    }

    fn status(code: u16) -> Failed {
        Failed::Status(code, RetryHints::default())
    }

    fn trail(attempts: u32, maybe_applied: bool) -> Trail {
        Trail {
            attempts,
            maybe_applied,
        }
    }

    #[test]
    fn a_read_is_tried_until_it_works() {
        let script = Script::new([Failed::TimedOut, status(503)]);
        assert_eq!(script.run(Repeat::Read, 2), Ok(3));
        assert_eq!(*script.waits.borrow(), [500, 1000]);
    }

    #[test]
    fn a_read_never_applies_anything() {
        let script = Script::new([status(500), status(500), status(500)]);
        assert_eq!(
            script.run(Repeat::Read, 2),
            Err((status(500), trail(3, false)))
        );
    }

    #[test]
    fn once_is_not_sent_again_after_it_may_have_worked() {
        for failed in [Failed::TimedOut, Failed::Lost { sent: true }, status(500)] {
            let script = Script::new([failed.clone()]);
            assert_eq!(script.run(Repeat::Once, 5), Err((failed, trail(1, true))));
        }
    }

    #[test]
    fn once_is_sent_again_after_a_sure_refusal() {
        let script = Script::new([status(429), status(429)]);
        assert_eq!(script.run(Repeat::Once, 2), Ok(3));
        let script = Script::new([status(429), status(404)]);
        assert_eq!(
            script.run(Repeat::Once, 2),
            Err((status(404), trail(2, false)))
        );
    }

    #[test]
    fn a_refusal_after_a_doubt_keeps_the_doubt() {
        let script = Script::new([Failed::Lost { sent: true }, status(404)]);
        assert_eq!(
            script.run(Repeat::Idempotent, 2),
            Err((status(404), trail(2, true)))
        );
        let script = Script::new([status(429), status(404)]);
        assert_eq!(
            script.run(Repeat::Idempotent, 2),
            Err((status(404), trail(2, false)))
        );
    }

    #[test]
    fn an_abort_ends_it_before_and_between_attempts() {
        let mut script = Script::new([]);
        script.aborted = true;
        assert_eq!(
            script.run(Repeat::Idempotent, 2),
            Err((Failed::Aborted, trail(0, false)))
        );
        let mut script = Script::new([status(429)]);
        script.abort_in_wait = true;
        assert_eq!(
            script.run(Repeat::Idempotent, 2),
            Err((Failed::Aborted, trail(1, false)))
        );
        let mut script = Script::new([status(500)]);
        script.abort_in_wait = true;
        assert_eq!(
            script.run(Repeat::Idempotent, 2),
            Err((Failed::Aborted, trail(1, true)))
        );
    }

    #[test]
    fn no_retries_means_one_attempt() {
        let script = Script::new([status(500)]);
        assert_eq!(
            script.run(Repeat::Read, 0),
            Err((status(500), trail(1, false)))
        );
    }
}
