//! What stops a call: the caller's signal, and the timeout of an attempt.
//!
//! Neither is left to `fetch`: a `fetch` of the caller's own may ignore its signal, and a
//! browser's says nothing while a body trickles. So every wait of a call is a race against its
//! [`Stop`].

use crate::js;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

/// The longest time `setTimeout` can wait: it takes 31 bits, and at once beyond that.
const LONGEST_TIMER_MS: u32 = i32::MAX as u32;

/// Why a wait was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The caller's signal was aborted.
    Aborted,
    /// The timer ran out.
    TimedOut,
}

/// What stops one call.
pub(crate) struct Stop {
    state: Rc<State>,
    listener: Option<Listener>,
}

#[derive(Default)]
pub(crate) struct State {
    why: Cell<Option<Why>>,
    waiting: Cell<Option<Waker>>,
    controller: Cell<Option<AbortController>>,
}

impl State {
    fn stop(&self, why: Why) {
        if self.why.get() == Some(Why::Aborted) {
            return;
        }
        self.why.set(Some(why));
        if let Some(controller) = self.controller.take() {
            // With no reason of the caller's: `fetch` then rejects with an `Error` of its own.
            controller.abort();
        }
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
    }
}

/// The ear on the caller's signal, which may outlive thousands of calls: it is taken off again.
struct Listener {
    signal: AbortSignal,
    closure: Closure<dyn FnMut()>,
}

impl Listener {
    fn function(&self) -> &Function {
        self.closure.as_ref().unchecked_ref()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .signal
            .remove_event_listener_with_callback("abort", self.function());
    }
}

impl Stop {
    /// What stops a call that the caller may abort by `signal`. Fails if that is no signal.
    pub(crate) fn new(signal: Option<&AbortSignal>) -> Result<Self, JsValue> {
        let state = Rc::new(State::default());
        let listener = match signal {
            None => None,
            Some(signal) => {
                let heard = state.clone();
                let listener = Listener {
                    signal: signal.clone(),
                    closure: Closure::new(move || heard.stop(Why::Aborted)),
                };
                signal.add_event_listener_with_callback("abort", listener.function())?;
                if js::get(signal, "aborted").is_truthy() {
                    state.stop(Why::Aborted);
                }
                Some(listener)
            }
        };
        Ok(Self { state, listener })
    }

    /// Whether the caller has aborted.
    pub(crate) fn aborted(&self) -> bool {
        self.state.why.get() == Some(Why::Aborted)
    }

    /// Starts an attempt, which ends after `ms` milliseconds.
    pub(crate) fn attempt(&self, ms: u32) -> Attempt {
        // Where there is none, `fetch` goes on unheeded when an attempt ends.
        let controller = AbortController::new().ok();
        self.state.controller.set(controller.clone());
        Attempt {
            _timer: self.timer(ms),
            controller,
        }
    }

    fn timer(&self, ms: u32) -> Timeout {
        if !self.aborted() {
            self.state.why.set(None);
        }
        let state = self.state.clone();
        Timeout::new(ms.min(LONGEST_TIMER_MS), move || state.stop(Why::TimedOut))
    }

    /// Waits, unless the caller aborts meanwhile.
    pub(crate) async fn wait(&self, ms: u32) {
        let _timer = self.timer(ms);
        let _ = Race {
            state: &self.state,
            promise: None,
        }
        .await;
    }

    /// What `promise` gives, or whatever a caller's `fetch` calls a promise, unless it is stopped
    /// first.
    pub(crate) fn race(&self, promise: &JsValue) -> Race<'_> {
        Race {
            state: &self.state,
            promise: Some(Promise::resolve(promise).into()),
        }
    }

    /// Lets the caller's signal go on to abort a body that the caller reads. What listens is
    /// JavaScript's own, so it keeps nothing of ours.
    pub(crate) fn hand_over(&self, attempt: &mut Attempt) {
        if let Some(controller) = attempt.controller.take()
            && let Some(listener) = &self.listener
        {
            // Bound with no reason, else the event would be it.
            if let Ok(abort) = js::get(&controller, "abort").dyn_into::<Function>() {
                let abort = abort.bind1(&controller, &JsValue::UNDEFINED);
                let _ = listener
                    .signal
                    .add_event_listener_with_callback("abort", abort.unchecked_ref());
            }
        }
    }
}

/// Why there is nothing to show for a wait.
pub(crate) enum Lost {
    /// It was stopped.
    Stopped(Why),
    /// The promise was rejected.
    Rejected(JsValue),
}

/// A promise against what stops a call. Every wait of a call is one of these, so that there is
/// one copy of it in the wasm.
pub(crate) struct Race<'a> {
    state: &'a State,
    /// `None`: only a stop ends it.
    promise: Option<JsFuture>,
}

impl Future for Race<'_> {
    type Output = Result<JsValue, Lost>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // First: an aborted `fetch` rejects, and that is not what happened.
        if let Some(why) = self.state.why.get() {
            return Poll::Ready(Err(Lost::Stopped(why)));
        }
        if let Some(promise) = &mut self.promise
            && let Poll::Ready(settled) = Pin::new(promise).poll(context)
        {
            return Poll::Ready(settled.map_err(Lost::Rejected));
        }
        self.state.waiting.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

/// An attempt under way: its timer runs, and when it is dropped before it is [done](Self::done),
/// its connection is let go.
pub(crate) struct Attempt {
    _timer: Timeout,
    controller: Option<AbortController>,
}

impl Attempt {
    /// The signal for `fetch`.
    pub(crate) fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    /// Its answer has been read.
    pub(crate) fn done(&mut self) {
        self.controller = None;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}
