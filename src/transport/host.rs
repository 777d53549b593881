//! What the engine takes from its JavaScript environment: promises, timers and listeners, which deliver events.
//!
//! The npm package brings its own, to be able to clean up if the module traps (`pkg/lib/host.js`); for Rust callers it
//! is made of the globals.

use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Response};

#[wasm_bindgen]
extern "C" {
    /// The environment. `slot`, `tag` and `event` are what it calls `events::deliver` with.
    #[derive(Clone)]
    pub(crate) type Host;

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
    static HOST: Cell<JsValue> = const { Cell::new(JsValue::UNDEFINED) };
}

/// Uses this environment from now on.
pub(crate) fn install(host: JsValue) {
    HOST.set(host);
}

/// The environment of this thread. Every way into the engine installs one first.
#[inline(never)]
pub(crate) fn host() -> Host {
    let host = HOST.replace(JsValue::UNDEFINED);
    HOST.set(host.clone());
    host.unchecked_into()
}
