//! The wait of a watch for its next look, which what happens to the page may shorten.

use super::pace::{self, Looked};
use crate::js;
use crate::listener::Listener;
use crate::stop::LONGEST_TIMER_MS;
use gloo_timers::callback::Timeout;
use js_sys::{Date, Math};
use std::cell::{Cell, RefCell};
use std::future;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, EventTarget};

/// How long to wait for the next look.
pub(super) struct Pause {
    looked: Looked,
    ended: f64,
    random: f64,
    /// When the next look will be, as it was told.
    pub(super) next_at: f64,
}

/// What was heard during a wait.
#[derive(Default)]
struct Bell {
    over: Cell<bool>,
    online: Cell<bool>,
    rung: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Bell {
    fn ring(&self) {
        self.rung.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    async fn heard(&self) {
        future::poll_fn(|context| {
            if self.rung.take() {
                return Poll::Ready(());
            }
            self.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

impl Pause {
    /// After a look that ended now.
    pub(super) fn new(looked: Looked) -> Self {
        let mut pause = Self {
            looked,
            ended: Date::now(),
            random: Math::random(),
            next_at: 0.0,
        };
        pause.next_at = pause.due();
        pause
    }

    fn due(&self) -> f64 {
        let hidden = js::get(&document(), "visibilityState") == "hidden";
        self.ended + pace::wait_ms(&self.looked, hidden, self.random)
    }

    /// Waits. The page that is shown again, or has its network again, is not kept waiting as one
    /// that was not; and whoever has aborted is not at all.
    pub(super) async fn pass(mut self, signal: Option<&AbortSignal>) {
        let bell = Rc::new(Bell::default());
        let ear = |target: &JsValue, event, hear: fn(&Bell)| {
            let bell = bell.clone();
            let heard = move || {
                hear(&bell);
                bell.ring();
            };
            // Where there are no events, the timer alone ends the wait.
            Listener::new(target.unchecked_ref::<EventTarget>(), event, heard).ok()
        };
        let _ears = [
            ear(&document(), "visibilitychange", |_| {}),
            ear(&js_sys::global(), "online", |bell| bell.online.set(true)),
            signal.and_then(|signal| ear(signal, "abort", |bell| bell.over.set(true))),
        ];
        let longest = self.next_at - self.ended;
        let mut next_at = self.next_at;
        while !bell.over.get() {
            if bell.online.take() {
                self.looked.failures = 0;
            }
            // It may come earlier than was told, and not later.
            next_at = next_at.min(self.due());
            // A clock may be set back.
            let left = (next_at - Date::now()).min(longest);
            if left <= 0.0 {
                return;
            }
            let ms = (left.ceil() as u32).min(LONGEST_TIMER_MS);
            let timed = bell.clone();
            let _timer = Timeout::new(ms, move || {
                timed.over.set(true);
                timed.ring();
            });
            bell.heard().await;
        }
    }
}

fn document() -> JsValue {
    js::get(&js_sys::global(), "document")
}
