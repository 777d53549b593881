//! The wait between two polls, which a page that is shown again or back online may shorten.

use super::interval::{self, PollOutcome};
use crate::js;
use crate::transport::events::{Event, Mailbox};
use crate::transport::sources::{Listener, Timer};
use js_sys::{Date, Math};
use std::future;
use std::task::Poll;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// The wait between two polls.
pub(crate) struct Sleep {
    outcome: PollOutcome,
    started: f64,
    random: f64,
    /// When the next poll is due, in milliseconds since 1970.
    pub(crate) next_at: f64,
}

impl Sleep {
    /// The wait after a poll that ended now.
    pub(crate) fn new(outcome: PollOutcome) -> Self {
        let mut sleep = Self {
            outcome,
            started: Date::now(),
            random: Math::random(),
            next_at: 0.0,
        };
        sleep.next_at = sleep.due();
        sleep
    }

    fn due(&self) -> f64 {
        let hidden = js::get(&document(), "visibilityState") == "hidden";
        self.started + interval::wait_ms(&self.outcome, hidden, self.random)
    }

    /// Waits. Whatever happens meanwhile, it never waits longer than announced. An abort ends it at once.
    pub(crate) async fn wait(mut self, signal: Option<&AbortSignal>) {
        let mailbox = Mailbox::new();
        // Where there are no such events, the timer alone ends the wait.
        let listen =
            |target: &JsValue, name, event| Listener::add(&mailbox, target, name, event).ok();
        let _listeners = [
            listen(&document(), "visibilitychange", Event::Visibility),
            listen(&js::global("globalThis"), "online", Event::Online),
            signal.and_then(|signal| listen(signal, "abort", Event::Abort)),
        ];
        let longest = self.next_at - self.started;
        let mut next_at = self.next_at;
        while !mailbox.has(Event::Abort) && !mailbox.has(Event::Timeout) {
            if mailbox.take(Event::Online) {
                self.outcome.failures = 0;
            }
            next_at = next_at.min(self.due());
            // A clock may be set back.
            let left = (next_at - Date::now()).min(longest);
            if left <= 0.0 {
                return;
            }
            let _timer = Timer::start(&mailbox, left.ceil() as u32);
            let mut is_first = true;
            future::poll_fn(|context| {
                if !std::mem::take(&mut is_first) {
                    return Poll::Ready(());
                }
                mailbox.wake_at_next(context);
                Poll::Pending
            })
            .await;
        }
    }
}

fn document() -> JsValue {
    js::global("document")
}
