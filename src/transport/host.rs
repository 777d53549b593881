//! What the engine takes from its JavaScript environment: promises, timers and listeners, which deliver events.
//!
//! The npm package brings its own, to be able to clean up if the module traps (`pkg/lib/host.js`); for Rust callers it
//! is made of the globals.

use js_sys::{Function, JsString};
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Response};

#[wasm_bindgen]
extern "C" {
    /// The environment. `slot`, `tag` and `event` are what it calls `events::deliver` with.
    pub(crate) type Host;

    /// Calls `fetch`, the caller's or the global one; returns its promise. `init` is JSON, which becomes new objects each time,
    /// because what instruments `fetch` writes into them. The controller may abort it.
    #[wasm_bindgen(method, catch)]
    pub(super) fn fetch(
        this: &Host,
        own: Option<&Function>,
        url: &str,
        init: &str,
        body: Option<&JsString>,
        controller: Option<&AbortController>,
    ) -> Result<JsValue, JsValue>;

    /// Delivers what becomes of a promise, which may be any value.
    #[wasm_bindgen(method, catch, js_name = awaitPromise)]
    pub(super) fn await_promise(
        this: &Host,
        promise: &JsValue,
        slot: u32,
        tag: u32,
        fulfilled: u32,
        rejected: u32,
    ) -> Result<(), JsValue>;

    /// Delivers an event after that time, in milliseconds. Returns what [`end`](Self::end) takes.
    #[wasm_bindgen(method, js_name = startTimer)]
    pub(super) fn start_timer(this: &Host, ms: i32, slot: u32, tag: u32, event: u32) -> JsValue;

    /// Stops a timer, or removes a listener.
    #[wasm_bindgen(method)]
    pub(super) fn end(this: &Host, source: &JsValue);

    /// Delivers an event whenever `target` fires one of that name. Returns what [`end`](Self::end) takes.
    #[wasm_bindgen(method, catch)]
    pub(super) fn listen(
        this: &Host,
        target: &JsValue,
        name: &str,
        slot: u32,
        tag: u32,
        event: u32,
    ) -> Result<JsValue, JsValue>;

    /// Creates what aborts an attempt, if `fetch` takes its signal.
    #[wasm_bindgen(method, js_name = abortController)]
    pub(super) fn abort_controller(this: &Host) -> Option<AbortController>;

    /// Lets the caller's signal abort a body that the caller reads. Returns the response to hand to the caller. (Only the
    /// npm package's callers read bodies.)
    #[wasm_bindgen(method, js_name = handOver)]
    pub(super) fn hand_over(
        this: &Host,
        response: &Response,
        signal: &AbortSignal,
        controller: &AbortController,
    ) -> Response;

    /// Opens a WebSocket of this class to the `watch` beside an `active-session`, with a grant. Delivers each message, and at
    /// the end a number.
    #[wasm_bindgen(method, catch)]
    pub(super) fn connect(
        this: &Host,
        class: &JsValue,
        url: &str,
        token: &str,
        slot: u32,
        tag: u32,
        event: u32,
    ) -> Result<JsValue, JsValue>;

    /// Sends a new grant, if the socket is open.
    #[wasm_bindgen(method, js_name = sendGrant)]
    pub(super) fn send_grant(this: &Host, socket: &JsValue, token: &str);

    /// Closes a socket, which delivers nothing more.
    #[wasm_bindgen(method)]
    pub(super) fn disconnect(this: &Host, socket: &JsValue);
}

thread_local! {
    /// Kept for ever, like its functions: a reference costs no crossing, as a copy of the handle would.
    static HOST: Cell<Option<&'static Host>> = const { Cell::new(None) };
}

/// Uses this environment from now on.
pub(crate) fn install(host: JsValue) -> &'static Host {
    let host: &Host = Box::leak(Box::new(host.unchecked_into()));
    HOST.set(Some(host));
    host
}

/// The environment of this thread. Every way into the engine installs one first.
pub(crate) fn host() -> &'static Host {
    HOST.get().unwrap_or_else(|| install(JsValue::UNDEFINED))
}
