//! What stops a call: the caller's signal, and the timeout of an attempt.
//!
//! Neither is left to `fetch`: one that an app puts in its place may ignore its signal, and a
//! browser's says nothing while a body trickles. So every wait of a call is a race against its
//! [`Stop`]. (In the npm package `src/awaiting.rs` stands in its place.)
//!
//! gloo-net wraps the answers and their headers. It does not make the call itself: its `send`
//! panics when `fetch` rejects with something that is no `Error`, or answers with a `Response` of
//! another realm, and both happen (a test's mock, a `vm` context, an instrumented page).

use crate::answer::{Body, is_json};
use crate::call::Prepared;
use crate::js;
use crate::listener::Listener;
use crate::transport::{Lost, Why};
use gloo_timers::callback::Timeout;
use js_sys::{Function, JsString, Promise};
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Headers, RequestInit, Response};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;

    /// A `Response`, or what stands in its place in an instrumented page, and may lack anything.
    type Answered;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn status(this: &Answered) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn headers(this: &Answered) -> Result<JsValue, JsValue>;
}

/// The longest time `setTimeout` can wait: it takes 31 bits, and at once beyond that.
pub(crate) const LONGEST_TIMER_MS: u32 = i32::MAX as u32;

/// What of a call is JavaScript's.
pub(crate) struct Held {
    pub(crate) body: Option<JsString>,
    /// What aborts it.
    pub(crate) signal: Option<AbortSignal>,
}

/// The head of an answer.
pub(crate) struct Head(pub(crate) Response);

impl Head {
    /// The status; 0 where there is none, as of a redirect that a browser hides.
    pub(crate) fn status(&self) -> u16 {
        let status = self.0.unchecked_ref::<Answered>().status();
        let status = status.ok().and_then(|status| status.as_f64());
        status.unwrap_or(0.0) as u16
    }

    /// Whether it is a redirect that a browser hides.
    pub(crate) fn is_hidden_redirect(&self) -> bool {
        self.status() == 0 && js::get(&self.0, "type") == "opaqueredirect"
    }

    /// Whether its body is JSON.
    pub(crate) fn is_json(&self) -> bool {
        is_json(&self.header("content-type").unwrap_or_default())
    }

    /// Its headers.
    pub(crate) fn headers(&self) -> Headers {
        let headers = self.0.unchecked_ref::<Answered>().headers();
        headers.unwrap_or(JsValue::UNDEFINED).unchecked_into()
    }

    /// A header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers().get(name).ok().flatten()
    }

    /// What is wanted of the answer: its data, its `Response`.
    pub(crate) fn wanted(&self) -> (bool, bool) {
        (true, false)
    }
}

/// What a body was read as.
pub(crate) struct Data(JsValue);

impl Data {
    /// The value.
    pub(crate) fn value(&self) -> JsValue {
        self.0.clone()
    }
}

/// What stops one call.
pub(crate) struct Stop<'a> {
    call: &'a Prepared,
    state: Rc<State>,
    /// The ear on the caller's signal.
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

impl<'a> Stop<'a> {
    /// What stops a call that the caller may abort by its signal. Fails if that is no signal.
    pub(crate) fn new(call: &'a Prepared) -> Result<Self, JsValue> {
        let state = Rc::new(State::default());
        let listener = match &call.held.signal {
            None => None,
            Some(signal) => {
                let heard = state.clone();
                let listener = Listener::new(signal, "abort", move || heard.stop(Why::Aborted))?;
                if js::get(signal, "aborted").is_truthy() {
                    state.stop(Why::Aborted);
                }
                Some(listener)
            }
        };
        Ok(Self {
            call,
            state,
            listener,
        })
    }

    /// Whether the caller has aborted.
    pub(crate) fn aborted(&self) -> bool {
        self.state.why.get() == Some(Why::Aborted)
    }

    /// Starts an attempt, which has its time.
    pub(crate) fn attempt(&self) -> Attempt {
        // Where there is none, `fetch` goes on unheeded when an attempt ends.
        let controller = AbortController::new().ok();
        self.state.controller.set(controller.clone());
        Attempt {
            _timer: self.timer(self.call.timeout_ms),
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

    /// Payload the request once; gives the head of the answer.
    pub(crate) async fn send(&self, attempt: &Attempt, url: &str) -> Result<Head, Lost> {
        let call = self.call;
        // Read from JSON, it is made in one call into JavaScript.
        let init: RequestInit = js::parse_json(&call.request.options().into()).unchecked_into();
        if let Some(body) = &call.held.body {
            init.set_body(body);
        }
        init.set_signal(attempt.signal().as_ref());
        let answer = self.race(global_fetch(url, &init)).await?;
        if !answer.is_object() {
            let error = js_sys::TypeError::new("fetch answered with no Response");
            return Err(Lost::Rejected(error.into()));
        }
        Ok(Head(answer.unchecked_into()))
    }

    /// Reads the body of an answer, or of a copy of it.
    pub(crate) async fn read(&self, head: &Head, body: Body, copy: bool) -> Result<Data, Lost> {
        let read = |response: &Response| match body {
            Body::Empty => Ok(JsValue::NULL),
            Body::Text => response.text().map(JsValue::from),
            Body::Json => response.json().map(JsValue::from),
        };
        let body = match copy {
            false => read(&head.0),
            true => head.0.clone().and_then(|copy| read(&copy)),
        };
        self.race(body).await.map(Data)
    }

    /// What a promise gives, unless it is stopped first.
    fn race(&self, promise: Result<JsValue, JsValue>) -> Race<'_> {
        let promise = match promise {
            Ok(promise) => Promise::resolve(&promise),
            Err(thrown) => Promise::reject(&thrown),
        };
        Race {
            state: &self.state,
            promise: Some(promise.into()),
        }
    }

    /// Lets the caller's signal go on to abort a body that the caller reads. What listens is
    /// JavaScript's own, so it keeps nothing of ours.
    pub(crate) fn hand_over(&self, attempt: &mut Attempt) {
        if let Some(controller) = attempt.controller.take()
            && let Some(signal) = self.listener.as_ref().and(self.call.held.signal.as_ref())
        {
            // Bound with no reason, else the event would be it.
            if let Ok(abort) = js::get(&controller, "abort").dyn_into::<Function>() {
                let abort = abort.bind1(&controller, &JsValue::UNDEFINED);
                let _ = signal.add_event_listener_with_callback("abort", abort.unchecked_ref());
            }
        }
    }
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
    fn signal(&self) -> Option<AbortSignal> {
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
