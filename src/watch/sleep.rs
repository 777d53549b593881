//! The wait between two polls, which a page that is shown again or back online may shorten.

use super::interval::{self, PollOutcome};
use crate::js;
use crate::transport::events::{Event, Mailbox};
use crate::transport::sources::Source;
use js_sys::{Date, Math};
use std::task::{Context, Poll};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// The wait between two polls.
pub(crate) struct Sleep {
    outcome: PollOutcome,
    started: f64,
    random: f64,
    /// When the next poll is due, in milliseconds since 1970.
    pub(crate) next_at: f64,
    /// What may end it, once it has begun.
    waiting: Option<Waiting>,
}

/// Where the events arrive that may end a wait.
struct Waiting {
    mailbox: Mailbox,
    _listeners: [Option<Source>; 3],
    timer: Option<Source>,
}

impl Sleep {
    /// The wait after a poll that ended now.
    pub(crate) fn new(outcome: PollOutcome) -> Self {
        let mut sleep = Self {
            outcome,
            started: Date::now(),
            random: Math::random(),
            next_at: f64::INFINITY,
            waiting: None,
        };
        sleep.reckon();
        sleep
    }

    /// Whatever happens meanwhile, it never waits longer than announced.
    fn reckon(&mut self) {
        let hidden = js::get(&document(), "visibilityState") == "hidden";
        let wait = interval::wait_ms(&self.outcome, hidden, self.random);
        self.next_at = self.next_at.min(self.started + wait);
    }

    /// Whether it has begun.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// Waits. An abort ends it at once.
    pub(crate) fn poll(&mut self, signal: Option<&AbortSignal>, context: &Context<'_>) -> Poll<()> {
        let mut waiting = match self.waiting.take() {
            Some(waiting) => waiting,
            None => Waiting::new(signal),
        };
        let mailbox = &waiting.mailbox;
        if mailbox.has(Event::Abort) || mailbox.has(Event::Timeout) {
            return Poll::Ready(());
        }
        if mailbox.take(Event::Online) {
            self.outcome.failures = 0;
        }
        self.reckon();
        // A clock may be set back.
        let left = (self.next_at - Date::now()).min(self.next_at - self.started);
        if left <= 0.0 {
            return Poll::Ready(());
        }
        mailbox.wake_at_next(context);
        waiting.timer = Some(Source::timer(mailbox, left.ceil() as u32));
        self.waiting = Some(waiting);
        Poll::Pending
    }
}

impl Waiting {
    fn new(signal: Option<&AbortSignal>) -> Self {
        let mailbox = Mailbox::new();
        // Where there are no such events, the timer alone ends the wait.
        let listen =
            |target: &JsValue, name, event| Source::listener(&mailbox, target, name, event).ok();
        Self {
            _listeners: [
                listen(&document(), "visibilitychange", Event::Visibility),
                listen(&js::global("globalThis"), "online", Event::Online),
                signal.and_then(|signal| listen(signal, "abort", Event::Abort)),
            ],
            mailbox,
            timer: None,
        }
    }
}

fn document() -> JsValue {
    js::global("document")
}
