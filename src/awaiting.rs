//! What a call of the npm package waits for. JavaScript awaits it, and keeps what came of it
//! (`pkg/lib/call.js`); here it is told.
//!
//! A call is a number on both sides; it is driven by [`headed`] and [`settled`] alone, without
//! wakers, closures and promises of its own for each wait, which would cost a call more than all
//! else it does here. So would each value that crosses: the answer's head comes as two numbers and
//! a text, and its `Response`, its body, what the caller gave, stay where they are.

use crate::answer::{self, Body};
use crate::call::Prepared;
use crate::header::Headers;
use crate::operation::Method;
use crate::request::Request;
use crate::transport::{Lost, Why};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../lib/host.js")]
extern "C" {
    fn aborted(call: u32) -> bool;
    fn attempt(call: u32, ms: u32);
    fn pause(call: u32, ms: u32);
    /// Without options, they are those of the request before it, of whatever call.
    fn request(call: u32, url: &str, options: Option<&str>);
    fn read(call: u32, how: u32);
    /// What a wait gave.
    fn value(call: u32) -> JsValue;
    /// A header of the answer.
    fn header(call: u32, name: &str) -> Option<String>;
    #[wasm_bindgen(js_name = letGo)]
    fn let_go(call: u32);
    #[wasm_bindgen(js_name = handOver)]
    fn hand_over(call: u32);
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// The calls under way, by their numbers, which `pkg/lib/call.js` gives.
    static CALLS: RefCell<Vec<Option<Task>>> = const { RefCell::new(Vec::new()) };
    /// How the wait ended of the call that goes on now.
    static ENDED: Cell<Option<Result<Head, Lost>>> = const { Cell::new(None) };
    /// What the options were made of of the request that was sent last. The next one's are nearly
    /// always the same, and need not cross.
    static LAST: RefCell<Option<(Method, Rc<Headers>)>> = const { RefCell::new(None) };
}

/// What JavaScript holds of a call, by its number.
pub(crate) struct Held {
    /// Its number.
    pub(crate) call: u32,
    /// Whether there is a signal that may abort it.
    pub(crate) abortable: bool,
    /// Whether its answer is there already: it was left to the caller unread, and is wanted read
    /// after all.
    pub(crate) late: bool,
}

/// The head of an answer.
pub(crate) struct Head {
    call: u32,
    status: f64,
    wanted: u32,
    is_json: bool,
}

/// What a wait gave, which is with JavaScript, as all else of an answer.
pub(crate) type Data = Head;

impl Head {
    /// That of the answer which JavaScript holds for a call.
    pub(crate) fn of(call: u32) -> Self {
        Self {
            call,
            status: 0.0,
            wanted: 0,
            is_json: false,
        }
    }

    /// The status; 0 where there is none.
    pub(crate) fn status(&self) -> u16 {
        self.status as u16
    }

    /// Whether it is a redirect that a browser hides.
    pub(crate) fn is_hidden_redirect(&self) -> bool {
        self.status < 0.0
    }

    /// Whether its body is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// A header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        header(self.call, name)
    }

    /// What was wanted of the answer when it came: its data, its `Response`.
    pub(crate) fn wanted(&self) -> (bool, bool) {
        (self.wanted & 1 != 0, self.wanted & 2 != 0)
    }

    /// What a wait gave.
    pub(crate) fn value(&self) -> JsValue {
        value(self.call)
    }
}

fn calls<T>(change: impl FnOnce(&mut Vec<Option<Task>>) -> T) -> T {
    CALLS.with(|calls| change(&mut calls.borrow_mut()))
}

/// Begins a call.
pub(crate) fn begin(call: u32, task: impl Future<Output = ()> + 'static) {
    go_on(call, Box::pin(task));
}

/// Hears of the head of an answer: its status, -1 for a redirect that a browser hides; what is
/// wanted of it, 1 its data, 2 its `Response`; what its body is.
#[wasm_bindgen]
pub fn headed(call: u32, status: f64, wanted: u32, media_type: &str) {
    let head = Head {
        call,
        status,
        wanted,
        is_json: answer::is_json(media_type),
    };
    ended(call, Ok(head));
}

/// Hears how any other wait of a call ended.
#[wasm_bindgen]
pub fn settled(call: u32, how: u32) {
    let how = match how {
        0 => Ok(Head::of(call)),
        1 => Err(Lost::Rejected(value(call))),
        2 => Err(Lost::Stopped(Why::Aborted)),
        _ => Err(Lost::Stopped(Why::TimedOut)),
    };
    ended(call, how);
}

fn ended(call: u32, how: Result<Head, Lost>) {
    let task = calls(|calls| calls.get_mut(call as usize).and_then(Option::take));
    if let Some(task) = task {
        ENDED.with(|ended| ended.set(Some(how)));
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
    type Output = Result<Head, Lost>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        ENDED.take().map_or(Poll::Pending, Poll::Ready)
    }
}

/// What stops one call.
pub(crate) struct Stop<'a> {
    call: &'a Prepared,
}

impl<'a> Stop<'a> {
    /// What stops a call that the caller may abort by its signal, to which JavaScript listens.
    pub(crate) fn new(call: &'a Prepared) -> Result<Self, JsValue> {
        Ok(Self { call })
    }

    /// Whether the caller has aborted. Of an answer that is there nothing is undone by that: the
    /// wait for its body tells of it.
    pub(crate) fn aborted(&self) -> bool {
        self.call.held.abortable && !self.call.held.late && aborted(self.call.held.call)
    }

    /// Starts an attempt, which has its time.
    pub(crate) fn attempt(&self) -> Attempt {
        attempt(self.call.held.call, self.call.timeout_ms);
        Attempt(Some(self.call.held.call))
    }

    /// Waits, unless the caller aborts meanwhile.
    pub(crate) fn wait(&self, ms: u32) -> Race {
        pause(self.call.held.call, ms);
        Race
    }

    /// Payload the request once; gives the head of the answer, also of one that is there.
    pub(crate) fn send(&self, _: &Attempt, url: &str) -> Race {
        if !self.call.held.late {
            let Request {
                operation, headers, ..
            } = &self.call.request;
            let known = LAST.with_borrow(|last| match last {
                Some((method, known)) if *method == operation.method => Rc::ptr_eq(known, headers),
                _ => false,
            });
            let options = (!known).then(|| {
                let made = (operation.method, headers.clone());
                LAST.with_borrow_mut(|last| *last = Some(made));
                self.call.request.options()
            });
            request(self.call.held.call, url, options.as_deref());
        }
        Race
    }

    /// Reads the body of an answer, or of a copy of it.
    pub(crate) fn read(&self, _: &Head, body: Body, copy: bool) -> Race {
        let how = match body {
            Body::Empty => 0,
            Body::Text => 1,
            Body::Json => 2,
        };
        read(self.call.held.call, how + 4 * u32::from(copy));
        Race
    }

    /// Lets the caller's signal go on to abort a body that the caller reads.
    pub(crate) fn hand_over(&self, attempt: &mut Attempt) {
        hand_over(self.call.held.call);
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
