//! What the npm package brings: its error classes, and the objects that its callers see.

use crate::transport::events;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// See `pkg/lib/host.js`.
    #[derive(Clone)]
    pub(super) type PackageHost;

    /// A promise, and the functions that settle it.
    pub(super) type Deferred;

    #[wasm_bindgen(method, getter)]
    pub(super) fn promise(this: &Deferred) -> JsValue;
    #[wasm_bindgen(method)]
    pub(super) fn resolve(this: &Deferred, value: &JsValue);
    #[wasm_bindgen(method)]
    pub(super) fn reject(this: &Deferred, error: &JsValue);

    /// Creates a promise.
    #[wasm_bindgen(method)]
    pub(super) fn deferred(this: &PackageHost) -> Deferred;

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
pub fn install(host: &JsValue) {
    events::install(host.clone().unchecked_into());
}

/// Delivers an event that a task waits for. The arguments are those that the module bound to its handlers.
#[wasm_bindgen]
pub fn deliver(slot: u32, tag: u32, event: u32, value: JsValue) {
    events::deliver(slot, tag, event, value);
}

/// What was installed.
pub(super) fn host() -> PackageHost {
    // JavaScript installs it before anything else. Without it, using it throws.
    let host = events::host().map_or(JsValue::UNDEFINED, JsValue::from);
    host.unchecked_into()
}

/// A JavaScript array.
pub(super) fn array(values: impl Iterator<Item = JsValue>) -> JsValue {
    let array = js_sys::Array::new();
    values.for_each(|value| {
        array.push(&value);
    });
    array.into()
}
