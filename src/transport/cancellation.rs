//! What ends a wait early: the caller's signal, and the timeout of an attempt.
//!
//! Neither is left to `fetch`: a custom one may ignore its signal, and a browser's is silent while a body trickles
//! in. So every wait of a call is a race against its [`Cancellation`].

use super::events::{Address, Event, Mailbox};
use super::host::host;
use super::retry::AttemptError;
use super::sources::Source;
use crate::js;
use crate::request::invalid_argument::InvalidArgument;
use std::task::{Context, Poll};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, AbortSignal, Response};

/// Why a wait ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AbortReason {
    /// The caller's signal was aborted.
    Aborted,
    /// The timeout ran out.
    TimedOut,
}

impl From<AbortReason> for AttemptError {
    fn from(reason: AbortReason) -> Self {
        match reason {
            AbortReason::Aborted => Self::Aborted,
            AbortReason::TimedOut => Self::TimedOut,
        }
    }
}

/// Why a promise gave no value.
pub(crate) enum FetchError {
    /// The wait ended early.
    Cancelled(AbortReason),
    /// The promise was rejected.
    Rejected(JsValue),
}

/// What may end the waits of one call.
pub(crate) struct Cancellation {
    mailbox: Mailbox,
    signal: Option<(AbortSignal, Source)>,
}

impl Cancellation {
    /// Listens to the caller's signal, if there is one.
    ///
    /// # Errors
    ///
    /// If it is not an `AbortSignal`.
    pub(crate) fn new(signal: Option<&AbortSignal>) -> Result<Self, InvalidArgument> {
        let mailbox = Mailbox::new();
        let signal = signal
            .map(|signal| {
                let listener = Source::listener(&mailbox, signal, "abort", Event::Abort)
                    .map_err(|_| InvalidArgument::new("signal", "must be an AbortSignal"))?;
                if js::get(signal, "aborted").is_truthy() {
                    mailbox.post(Event::Abort);
                }
                Ok((signal.clone(), listener))
            })
            .transpose()?;
        Ok(Self { mailbox, signal })
    }

    /// Whether the caller's signal was aborted.
    pub(crate) fn is_aborted(&self) -> bool {
        self.mailbox.has(Event::Abort)
    }

    fn reason(&self) -> Option<AbortReason> {
        if self.is_aborted() {
            Some(AbortReason::Aborted)
        } else if self.mailbox.has(Event::Timeout) {
            Some(AbortReason::TimedOut)
        } else {
            None
        }
    }

    /// Starts an attempt and its timeout.
    pub(crate) fn attempt(&self, timeout_ms: u32) -> Attempt {
        let mut attempt = self.pause(timeout_ms);
        // Without one, `fetch` goes on unobserved when an attempt ends early.
        attempt.controller = host().abort_controller();
        attempt
    }

    /// Starts a pause, which ends as an attempt that times out.
    pub(crate) fn pause(&self, ms: u32) -> Attempt {
        Attempt {
            _timer: Source::timer(&self.mailbox, ms),
            controller: None,
        }
    }

    /// Waits for a promise from now on, which a caller's `fetch` may have failed to return.
    pub(crate) fn wait_for(&self, promise: Result<JsValue, JsValue>) {
        let Address { slot, tag } = self.mailbox.promise_address();
        let (fulfilled, rejected) = (Event::Fulfilled as u32, Event::Rejected as u32);
        let waiting = promise
            .and_then(|promise| host().await_promise(&promise, slot, tag, fulfilled, rejected));
        if let Err(thrown) = waiting {
            self.mailbox.reject(thrown);
        }
    }

    /// What became of that promise, unless something ended the wait.
    pub(crate) fn poll(&self, context: &Context<'_>) -> Poll<Result<JsValue, FetchError>> {
        // Comes first: an aborted `fetch` rejects, and that is not what happened.
        if let Some(reason) = self.reason() {
            self.mailbox.abandon();
            return Poll::Ready(Err(FetchError::Cancelled(reason)));
        }
        if let Some(settled) = self.mailbox.take_settled() {
            return Poll::Ready(settled.map_err(FetchError::Rejected));
        }
        self.mailbox.wake_at_next(context);
        Poll::Pending
    }

    /// Lets the caller's signal abort a body that the caller reads. Returns the response for the caller.
    pub(crate) fn hand_over(&self, attempt: &mut Attempt, response: &Response) -> Response {
        match (&self.signal, attempt.controller.take()) {
            (Some((signal, _)), Some(controller)) => {
                host().hand_over(response, signal, &controller)
            }
            _ => Clone::clone(response),
        }
    }
}

/// An attempt under way: its timer runs. Dropped before it is [done](Self::done), it aborts its request.
pub(crate) struct Attempt {
    _timer: Source,
    /// For `fetch`.
    pub(crate) controller: Option<AbortController>,
}

impl Attempt {
    /// Its response has been read.
    pub(crate) fn done(&mut self) {
        self.controller = None;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            // With no reason of the caller's: `fetch` then rejects with an `Error`.
            controller.abort();
        }
    }
}
