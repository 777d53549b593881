//! What stops a call of the npm package, and what it waits for: `pkg/lib/awaiting.js` listens to
//! both, and tells how each wait ended.
//!
//! It does what `src/stop.rs` does for Rust's callers, whose app has no file of ours beside its
//! wasm. Here a call is a number, known on both sides; it is driven by [`settled`] alone, without
//! wakers, closures and promises of its own for each wait, which would cost a call more than all
//! else it does here.

use crate::answer::Body;
use crate::call::Prepared;
use crate::transport::{Lost, Why};
use js_sys::{Function, JsString};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Response};

#[wasm_bindgen(raw_module = "../lib/host.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn listen(call: u32, signal: &AbortSignal) -> Result<(), JsValue>;
    fn aborted(call: u32) -> bool;
    fn attempt(call: u32, ms: u32, own: bool);
    fn pause(call: u32, ms: u32);
    fn request(
        call: u32,
        url: &str,
        options: &str,
        body: Option<&JsString>,
        fetch: Option<&Function>,
    );
    fn read(call: u32, response: &Response, how: u32);
    fn wanted(call: u32) -> u32;
    #[wasm_bindgen(js_name = letGo)]
    fn let_go(call: u32);
    #[wasm_bindgen(js_name = handOver)]
    fn hand_over(call: u32);
}

type Ended = Result<JsValue, Lost>;
type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// The calls under way, by their numbers, which `pkg/lib/awaiting.js` gives.
    static CALLS: RefCell<Vec<Option<Task>>> = const { RefCell::new(Vec::new()) };
    /// How the wait ended of the call that goes on now.
    static ENDED: Cell<Option<Ended>> = const { Cell::new(None) };
}

fn calls<T>(change: impl FnOnce(&mut Vec<Option<Task>>) -> T) -> T {
    CALLS.with(|calls| change(&mut calls.borrow_mut()))
}

/// Begins a call.
pub(crate) fn begin(call: u32, task: impl Future<Output = ()> + 'static) {
    go_on(call, Box::pin(task));
}

/// Hears how a call's wait ended.
#[wasm_bindgen]
pub fn settled(call: u32, how: u32, value: JsValue) {
    let task = calls(|calls| calls.get_mut(call as usize).and_then(Option::take));
    if let Some(task) = task {
        ENDED.set(Some(match how {
            0 => Ok(value),
            1 => Err(Lost::Rejected(value)),
            2 => Err(Lost::Stopped(Why::Aborted)),
            _ => Err(Lost::Stopped(Why::TimedOut)),
        }));
        go_on(call, task);
    }
}

/// A call goes on to its next wait or its end. (It is not in the list meanwhile: a caller's `fetch`
/// may make another.)
fn go_on(call: u32, mut task: Task) {
    let pending = task
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_pending();
    if pending {
        calls(|calls| {
            while calls.len() <= call as usize {
                calls.push(None);
            }
            if let Some(place) = calls.get_mut(call as usize) {
                *place = Some(task);
            }
        });
    }
}

/// A wait of a call, of which there is one at a time.
pub(crate) struct Race;

impl Future for Race {
    type Output = Ended;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Ended> {
        ENDED.take().map_or(Poll::Pending, Poll::Ready)
    }
}

/// What stops one call.
pub(crate) struct Stop<'a> {
    call: &'a Prepared,
}

impl<'a> Stop<'a> {
    /// What stops a call that the caller may abort by its signal. Fails if that is no signal.
    pub(crate) fn new(call: &'a Prepared) -> Result<Self, JsValue> {
        if let Some(signal) = &call.signal {
            listen(call.number, signal)?;
        }
        Ok(Self { call })
    }

    /// Whether the caller has aborted.
    pub(crate) fn aborted(&self) -> bool {
        self.call.signal.is_some() && aborted(self.call.number)
    }

    /// What is wanted of an answer: its data, its `Response`.
    pub(crate) fn wanted(&self) -> (bool, bool) {
        let wanted = wanted(self.call.number);
        (wanted & 1 != 0, wanted & 2 != 0)
    }

    /// Starts an attempt, which has its time.
    pub(crate) fn attempt(&self) -> Attempt {
        let call = self.call;
        // A `fetch` of the caller's may warn of many that listen to one signal.
        let own = call.signal.is_some() || call.fetch.is_some();
        attempt(call.number, call.timeout_ms, own);
        Attempt(Some(self.call.number))
    }

    /// Waits, unless the caller aborts meanwhile.
    pub(crate) fn wait(&self, ms: u32) -> Race {
        pause(self.call.number, ms);
        Race
    }

    /// Sends the request once; gives the head of the answer.
    pub(crate) fn send(&self, _: &Attempt, url: &str) -> Race {
        let call = self.call;
        let (body, fetch) = (call.body.as_ref(), call.fetch.as_ref());
        request(call.number, url, &call.request.init(), body, fetch);
        Race
    }

    /// Reads the body of an answer, or of a copy of it.
    pub(crate) fn read(&self, response: &Response, body: Body, copy: bool) -> Race {
        let how = match body {
            Body::Empty => 0,
            Body::Text => 1,
            Body::Json => 2,
        };
        read(self.call.number, response, how + 4 * u32::from(copy));
        Race
    }

    /// Lets the caller's signal go on to abort a body that the caller reads.
    pub(crate) fn hand_over(&self, attempt: &mut Attempt) {
        hand_over(self.call.number);
        attempt.done();
    }
}

/// An attempt under way: its timer runs, and when it is dropped before it is [done](Self::done),
/// its connection is let go.
pub(crate) struct Attempt(Option<u32>);

impl Attempt {
    /// Its answer has been read.
    pub(crate) fn done(&mut self) {
        self.0 = None;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some(call) = self.0 {
            let_go(call);
        }
    }
}
