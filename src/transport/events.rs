//! How JavaScript's events reach a waiting task: through one JavaScript function for the whole module.
//!
//! Each handler is that function with the number of a mailbox bound to it. A closure for each wait, as in
//! `JsFuture` and gloo-timers, would cost a call a fifth of its CPU time: two objects and their finalizers per wait.

use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Waker};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the npm package brings in place of the globals, to be able to clean up if the module traps: see
    /// `pkg/lib/host.js`.
    #[derive(Clone)]
    pub(crate) type Host;

    #[wasm_bindgen(method, getter)]
    fn dispatch(this: &Host) -> Function;
    type Bindable;
    #[wasm_bindgen(method)]
    fn bind(this: &Bindable, this_arg: &JsValue, slot: u32, tag: u32, event: u32) -> Function;
}

/// What can happen while a task waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Event {
    /// The promise was fulfilled.
    Fulfilled,
    /// The promise was rejected.
    Rejected,
    /// The timer ran out.
    Timeout,
    /// The caller's signal was aborted.
    Abort,
    /// The page was hidden or shown.
    Visibility,
    /// The network is back.
    Online,
}

/// The function that all handlers are made of.
struct Bridge {
    dispatch: Function,
    host: Option<Host>,
}

thread_local! {
    static BRIDGE: Cell<Option<Bridge>> = const { Cell::new(None) };
    /// The mailboxes in use, by their numbers.
    static MAILBOXES: Cell<Vec<Option<Rc<Inner>>>> = const { Cell::new(Vec::new()) };
    /// Distinguishes the handlers of a mailbox or wait from those of an earlier one with the same number.
    static NEXT_TAG: Cell<u32> = const { Cell::new(0) };
}

/// Uses a host in place of the globals from now on.
#[cfg(realtimekit_npm)]
pub(crate) fn install(host: Host) {
    let dispatch = host.dispatch();
    BRIDGE.set(Some(Bridge {
        dispatch,
        host: Some(host),
    }));
}

/// Delivers an event to a mailbox. Late events of finished tasks are ignored.
pub(crate) fn deliver(slot: u32, tag: u32, event: u32, value: JsValue) {
    let inner = mailboxes(|all| all.get(slot as usize).cloned().flatten());
    if let Some(inner) = inner
        && (tag == inner.id || tag == inner.wait.get())
    {
        inner.post(event, value);
    }
}

fn dispatch() -> Function {
    let bridge = BRIDGE.take().unwrap_or_else(|| Bridge {
        dispatch: Closure::<dyn Fn(u32, u32, u32, JsValue)>::new(deliver)
            .into_js_value()
            .unchecked_into(),
        host: None,
    });
    let dispatch = bridge.dispatch.clone();
    BRIDGE.set(Some(bridge));
    dispatch
}

/// The installed host, if there is one.
pub(crate) fn host() -> Option<Host> {
    let bridge = BRIDGE.take();
    let host = bridge.as_ref().and_then(|bridge| bridge.host.clone());
    BRIDGE.set(bridge);
    host
}

/// Changes the list of mailboxes. (Taken out and put back: a cell needs no check of borrows.)
fn mailboxes<T>(change: impl FnOnce(&mut Vec<Option<Rc<Inner>>>) -> T) -> T {
    let mut all = MAILBOXES.take();
    let result = change(&mut all);
    MAILBOXES.set(all);
    result
}

fn next_tag() -> u32 {
    let tag = NEXT_TAG.get().wrapping_add(1);
    NEXT_TAG.set(tag);
    tag
}

/// Where the events of one task arrive.
pub(crate) struct Mailbox {
    slot: u32,
    inner: Rc<Inner>,
}

struct Inner {
    /// The tag of its timers and listeners.
    id: u32,
    /// The tag of the promise that is waited for.
    wait: Cell<u32>,
    /// The handlers of that promise, which successive promises share.
    handlers: RefCell<Option<(Function, Function)>>,
    /// What has happened: a bit for each event.
    events: Cell<u32>,
    settled: Cell<Option<Result<JsValue, JsValue>>>,
    waker: Cell<Option<Waker>>,
}

impl Inner {
    fn post(&self, event: u32, value: JsValue) {
        if event == Event::Fulfilled as u32 {
            self.settled.set(Some(Ok(value)));
        } else if event == Event::Rejected as u32 {
            self.settled.set(Some(Err(value)));
        } else {
            self.events.set(self.events.get() | 1 << event);
        }
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Mailbox {
    /// An empty mailbox.
    pub(crate) fn new() -> Self {
        let inner = Rc::new(Inner {
            id: next_tag(),
            wait: Cell::new(next_tag()),
            handlers: RefCell::new(None),
            events: Cell::new(0),
            settled: Cell::new(None),
            waker: Cell::new(None),
        });
        let slot = mailboxes(|all| {
            let free = all.iter().position(Option::is_none);
            let slot = free.unwrap_or(all.len());
            match all.get_mut(slot) {
                Some(place) => *place = Some(inner.clone()),
                None => all.push(Some(inner.clone())),
            }
            slot as u32
        });
        Self { slot, inner }
    }

    fn bind(&self, tag: u32, event: Event) -> Function {
        let dispatch = dispatch();
        let bindable: &Bindable = dispatch.unchecked_ref();
        bindable.bind(&JsValue::UNDEFINED, self.slot, tag, event as u32)
    }

    /// A function that delivers the event here.
    pub(crate) fn handler(&self, event: Event) -> Function {
        self.bind(self.inner.id, event)
    }

    /// The two functions that a promise settles this mailbox by.
    pub(crate) fn settlers(&self) -> (Function, Function) {
        let mut handlers = self.inner.handlers.borrow_mut();
        let bind = |event| self.bind(self.inner.wait.get(), event);
        handlers
            .get_or_insert_with(|| (bind(Event::Fulfilled), bind(Event::Rejected)))
            .clone()
    }

    /// Records an event that happened before anything listened.
    pub(crate) fn post(&self, event: Event) {
        self.inner.post(event as u32, JsValue::UNDEFINED);
    }

    /// Settles the promise from here.
    pub(crate) fn reject(&self, cause: JsValue) {
        self.inner.settled.set(Some(Err(cause)));
    }

    /// How the promise settled, if it has.
    pub(crate) fn take_settled(&self) -> Option<Result<JsValue, JsValue>> {
        self.inner.settled.take()
    }

    /// Gives up the promise that is waited for: it may settle at any later time.
    pub(crate) fn abandon(&self) {
        self.inner.wait.set(next_tag());
        self.inner.handlers.replace(None);
        self.inner.settled.set(None);
    }

    /// Whether the event has happened.
    pub(crate) fn has(&self, event: Event) -> bool {
        self.inner.events.get() & 1 << event as u32 != 0
    }

    /// Whether the event has happened; forgets it.
    pub(crate) fn take(&self, event: Event) -> bool {
        let has = self.has(event);
        let mask = !(1 << event as u32);
        self.inner.events.set(self.inner.events.get() & mask);
        has
    }

    /// Wakes the task at the next event.
    pub(crate) fn wake_at_next(&self, context: &Context<'_>) {
        self.inner.waker.set(Some(context.waker().clone()));
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        mailboxes(|all| {
            if let Some(place) = all.get_mut(self.slot as usize) {
                *place = None;
            }
        });
    }
}
