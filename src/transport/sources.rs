//! Where events come from besides promises: timers, listeners and sockets. All are taken down when they are dropped.

use super::events::{Address, Event, Mailbox};
use super::host::host;
use wasm_bindgen::JsValue;

/// The longest time that `setTimeout` can wait: it takes 31 bits, and fires at once beyond that.
const MAX_TIMER_MS: u32 = i32::MAX as u32;

/// A timer or a listener, which is taken down when dropped.
pub(crate) struct Source(JsValue);

impl Source {
    /// Delivers [`Event::Timeout`] after that time, in milliseconds.
    pub(crate) fn timer(mailbox: &Mailbox, ms: u32) -> Self {
        mailbox.take(Event::Timeout);
        let ms = ms.min(MAX_TIMER_MS) as i32;
        let Address { slot, tag } = mailbox.address();
        Self(host().start_timer(ms, slot, tag, Event::Timeout as u32))
    }

    /// Delivers the event whenever `target` fires one of that name. Fails if `target` has no events.
    pub(crate) fn listener(
        mailbox: &Mailbox,
        target: &JsValue,
        name: &str,
        event: Event,
    ) -> Result<Self, JsValue> {
        let Address { slot, tag } = mailbox.address();
        let source = host().listen(target, name, slot, tag, event as u32)?;
        Ok(Self(source))
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        host().end(&self.0);
    }
}

/// A WebSocket that is closed when dropped.
pub(crate) struct Socket(JsValue);

impl Socket {
    /// Connects with a grant to the `watch` beside this URL of an `active-session`. Delivers [`Event::Socket`] for each message and at the end.
    pub(crate) fn open(
        mailbox: &Mailbox,
        class: &JsValue,
        url: &str,
        token: &str,
    ) -> Result<Self, JsValue> {
        let Address { slot, tag } = mailbox.address();
        let event = Event::Socket as u32;
        let socket = host().connect(class, url, token, slot, tag, event)?;
        Ok(Self(socket))
    }

    /// Sends a new grant, if it is open.
    pub(crate) fn send_grant(&self, token: &str) {
        host().send_grant(&self.0, token);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        host().disconnect(&self.0);
    }
}
