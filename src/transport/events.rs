//! How JavaScript's events reach a waiting task: through one function for the whole module, with an address bound to it.

use std::cell::Cell;
use std::rc::Rc;
use std::task::{Context, Waker};
use wasm_bindgen::JsValue;

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
    /// A socket has a message, a text, or has ended, with its code.
    Socket,
}

thread_local! {
    /// The mailboxes in use, by their numbers.
    static MAILBOXES: Cell<Vec<Option<Rc<Inner>>>> = const { Cell::new(Vec::new()) };
    /// Distinguishes the handlers of a mailbox or wait from those of an earlier one with the same number.
    static NEXT_TAG: Cell<u32> = const { Cell::new(0) };
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

/// How many messages a socket may bring while nothing reads them.
const MAX_UNREAD: usize = 1024;
/// The code of a connection that is lost without one of the protocol's.
pub(crate) const SOCKET_LOST: f64 = 1006.0;

/// Where an event is delivered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address {
    pub(crate) slot: u32,
    pub(crate) tag: u32,
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
    /// What has happened: a bit for each event.
    events: Cell<u32>,
    settled: Cell<Option<Result<JsValue, JsValue>>>,
    /// What a socket has brought and nothing has read.
    messages: Cell<Vec<JsValue>>,
    waker: Cell<Option<Waker>>,
}

impl Inner {
    fn post(&self, event: u32, value: JsValue) {
        if event == Event::Fulfilled as u32 {
            self.settled.set(Some(Ok(value)));
        } else if event == Event::Rejected as u32 {
            self.settled.set(Some(Err(value)));
        } else if event == Event::Socket as u32 {
            let mut messages = self.messages.take();
            if messages.len() >= MAX_UNREAD {
                // They are lost, and the connection is to be made again.
                messages = vec![JsValue::from_f64(SOCKET_LOST)];
            }
            messages.push(value);
            self.messages.set(messages);
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
            events: Cell::new(0),
            settled: Cell::new(None),
            messages: Cell::default(),
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

    /// The address of timers and listeners.
    pub(crate) fn address(&self) -> Address {
        Address {
            slot: self.slot,
            tag: self.inner.id,
        }
    }

    /// The address of the promise that is waited for.
    pub(crate) fn promise_address(&self) -> Address {
        Address {
            slot: self.slot,
            tag: self.inner.wait.get(),
        }
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
        self.inner.settled.set(None);
    }

    /// The messages of the socket that were not taken yet.
    pub(crate) fn take_messages(&self) -> Vec<JsValue> {
        self.inner.messages.take()
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
