//! What stops a call: the caller's signal, and the timeout of an attempt.
//!
//! Neither is left to `fetch`: a `fetch` of the caller's own may ignore its signal, and a
//! browser's says nothing while a body trickles. So every wait of a call is a race against its
//! [`Stop`].

use crate::js;
use gloo_timers::callback::Timeout;
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
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
struct State {
    why: Cell<Option<Why>>,
    waiting: RefCell<Option<Waker>>,
    controller: RefCell<Option<AbortController>>,
}

impl State {
    fn stop(&self, why: Why) {
        if self.why.get() == Some(Why::Aborted) {
            return;
        }
        self.why.set(Some(why));
        let controller = self.controller.take();
        if let Some(controller) = controller {
            // With no reason of the caller's: `fetch` then rejects with an `Error` of its own.
            controller.abort();
        }
        let waiting = self.waiting.take();
        if let Some(waiting) = waiting {
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
    pub(crate) fn attempt(&self, ms: u32) -> Result<Attempt, JsValue> {
        let controller = AbortController::new()?;
        *self.state.controller.borrow_mut() = Some(controller.clone());
        Ok(Attempt {
            _timer: self.timer(ms),
            controller: Some(controller),
        })
    }

    fn timer(&self, ms: u32) -> Timeout {
        if !self.aborted() {
            self.state.why.set(None);
        }
        let state = self.state.clone();
        Timeout::new(ms.min(LONGEST_TIMER_MS), move || state.stop(Why::TimedOut))
    }

    /// Waits; `false` if the caller aborted meanwhile.
    pub(crate) async fn wait(&self, ms: u32) -> bool {
        let _timer = self.timer(ms);
        let _ = self.race(pending::<()>()).await;
        !self.aborted()
    }

    /// What `future` gives, unless it is stopped first.
    pub(crate) async fn race<F: Future>(&self, future: F) -> Result<F::Output, Why> {
        let mut future = pin!(future);
        poll_fn(|context| {
            // First: an aborted `fetch` rejects, and that is not what happened.
            if let Some(why) = self.state.why.get() {
                return Poll::Ready(Err(why));
            }
            match future.as_mut().poll(context) {
                Poll::Ready(output) => Poll::Ready(Ok(output)),
                Poll::Pending => {
                    *self.state.waiting.borrow_mut() = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Lets the caller's signal go on to abort a body that the caller reads. What listens is
    /// JavaScript's own, so it keeps nothing of ours.
    pub(crate) fn hand_over(&self, attempt: &mut Attempt) {
        if let (Some(listener), Some(controller)) = (&self.listener, attempt.controller.take()) {
            // Bound with no reason, else the event would be it.
            if let Ok(abort) = js::get(&controller, "abort").dyn_into::<Function>() {
                let abort = abort.bind1(&controller, &JsValue::UNDEFINED);
                let _ = listener
                    .signal
                    .add_event_listener_with_callback("abort", abort.unchecked_ref());
            }
        }
        attempt.controller = None;
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
