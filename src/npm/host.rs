//! What the npm package brings: its error classes, and the objects that its callers see.

use crate::transport::{events, host as environment};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// See `pkg/lib/host.js`.
    pub(super) type PackageHost;

    /// Creates the promise of a task.
    #[wasm_bindgen(method)]
    pub(super) fn promise(this: &PackageHost, task: usize) -> JsValue;

    /// Settles the promise of a task.
    #[wasm_bindgen(method)]
    pub(super) fn settle(this: &PackageHost, task: usize, is_ok: bool, value: &JsValue);

    /// Creates an error of the class of that name.
    #[wasm_bindgen(method)]
    pub(super) fn error(
        this: &PackageHost,
        class: &str,
        message: &str,
        attempts: u32,
        maybe_applied: bool,
        detail: &JsValue,
        status: u16,
        response: &JsValue,
        limits: &JsValue,
    ) -> JsValue;

    /// Creates an `InvalidArgumentError`.
    #[wasm_bindgen(method, js_name = invalidArgument)]
    pub(super) fn invalid_argument(this: &PackageHost, argument: &str, reason: &str) -> JsValue;

    /// Creates `{ rateLimit, retryAfter }`. Unknown numbers are NaN.
    #[wasm_bindgen(method)]
    pub(super) fn limits(
        this: &PackageHost,
        policy: &str,
        remaining: f64,
        reset: f64,
        retry_after: f64,
    ) -> JsValue;

    /// Creates a `CallResult`.
    #[wasm_bindgen(method)]
    pub(super) fn result(
        this: &PackageHost,
        data: &JsValue,
        response: &JsValue,
        attempts: u32,
        maybe_applied: bool,
        is_read: bool,
    ) -> JsValue;

    /// Creates a snapshot. Unknown numbers are NaN, and `error` is undefined after success.
    #[wasm_bindgen(method)]
    pub(super) fn snapshot(
        this: &PackageHost,
        at: f64,
        age: f64,
        next_at: f64,
        session: &JsValue,
        lists: &JsValue,
        error: &JsValue,
        since: f64,
        failures: u32,
        limits: &JsValue,
        actions: &JsValue,
        moderators: &JsValue,
    ) -> JsValue;

    /// Creates a participant of a snapshot.
    #[wasm_bindgen(method)]
    pub(super) fn participant(
        this: &PackageHost,
        key: &str,
        present: bool,
        peers: &JsValue,
    ) -> JsValue;
}

/// Starts the module with what the package brings. To be called first, once.
#[wasm_bindgen]
pub fn install(host: JsValue) {
    environment::install(host);
}

/// Delivers an event that a task waits for. The arguments are those that the module bound to its handlers.
#[wasm_bindgen]
pub fn deliver(slot: u32, tag: u32, event: u32, value: JsValue) {
    events::deliver(slot, tag, event, value);
}

/// What was installed. (JavaScript installs it first; without it, its functions throw.)
pub(super) fn host() -> &'static PackageHost {
    environment::host().unchecked_ref()
}

/// A JavaScript array.
pub(super) fn array(values: impl Iterator<Item = JsValue>) -> JsValue {
    let array = js_sys::Array::new();
    values.for_each(|value| {
        array.push(&value);
    });
    array.into()
}
