//! Where events come from besides promises: timers and listeners. Both are taken down when they are dropped.

use super::events::{Event, Host, Mailbox, host};
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(method, js_name = setTimeout)]
    fn set_timeout(this: &Host, handler: &Function, ms: i32) -> JsValue;
    #[wasm_bindgen(method, js_name = clearTimeout)]
    fn clear_timeout(this: &Host, timer: &JsValue);
    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn add_event_listener(
        this: &Host,
        target: &JsValue,
        event: &str,
        handler: &Function,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    fn remove_event_listener(
        this: &Host,
        target: &JsValue,
        event: &str,
        handler: &Function,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    fn global_set_timeout(handler: &Function, ms: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn global_clear_timeout(timer: &JsValue);
}

/// The longest time that `setTimeout` can wait: it takes 31 bits, and fires at once beyond that.
const MAX_TIMER_MS: u32 = i32::MAX as u32;

/// A timer that is cleared when dropped.
pub(crate) struct Timer(JsValue);

impl Timer {
    /// Delivers [`Event::Timeout`] after that time, in milliseconds.
    pub(crate) fn start(mailbox: &Mailbox, ms: u32) -> Self {
        mailbox.take(Event::Timeout);
        let handler = mailbox.handler(Event::Timeout);
        let ms = ms.min(MAX_TIMER_MS) as i32;
        Self(match host() {
            Some(host) => host.set_timeout(&handler, ms),
            None => global_set_timeout(&handler, ms),
        })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        match host() {
            Some(host) => host.clear_timeout(&self.0),
            None => global_clear_timeout(&self.0),
        }
    }
}

/// A listener that is removed when dropped.
pub(crate) struct Listener {
    target: JsValue,
    name: &'static str,
    handler: Function,
}

impl Listener {
    /// Delivers the event whenever `target` fires one of that name. Fails if `target` has no events.
    pub(crate) fn add(
        mailbox: &Mailbox,
        target: &JsValue,
        name: &'static str,
        event: Event,
    ) -> Result<Self, JsValue> {
        let handler = mailbox.handler(event);
        match host() {
            Some(host) => host.add_event_listener(target, name, &handler)?,
            None => target
                .unchecked_ref::<EventTarget>()
                .add_event_listener_with_callback(name, &handler)?,
        }
        Ok(Self {
            target: target.clone(),
            name,
            handler,
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let Self {
            target,
            name,
            handler,
        } = self;
        // The caller's signal may be anything.
        let _ = match host() {
            Some(host) => host.remove_event_listener(target, name, handler),
            None => target
                .unchecked_ref::<EventTarget>()
                .remove_event_listener_with_callback(name, handler),
        };
    }
}
