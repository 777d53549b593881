//! What `pkg/lib/` hands to the exports.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::transport::prepared::Wanted;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the calls of one client share. The same object stands for the same client. */
export interface ClientSettings {
  apiToken: string | null;
  accountId: string | null;
  baseURL: string;
  /** Milliseconds. */
  timeout: number;
  maxRetries: number;
  /** Names and values by turns; `null` removes a header. */
  headers: (string | null)[];
  fetch?: Function;
  /** Whether a request may go out without a token. */
  tokenOptional: boolean;
}

/** The options of one call. What is missing is the client's. */
export interface CallOptions {
  account?: unknown;
  headers: (string | null)[];
  /** The query, escaped, with its question mark. */
  query?: string;
  /** Milliseconds. */
  timeout?: number;
  maxRetries?: number;
  signal?: AbortSignal;
  idempotencyKey?: string;
  /** Read when the head of the response arrives. */
  wanted?: { wantsData: boolean; wantsResponse: boolean };
}

/** A successful response. */
export interface CallResult {
  /** The body, as `Response.json()` returned it, if `isRead`. */
  data: unknown;
  response: Response;
  /** How many requests were sent. */
  attempts: number;
  /** Whether the call changes anything. */
  maybeApplied: boolean;
  /** Whether the body was read. If not, only the `Response` was wanted. */
  isRead: boolean;
}

/** The options of a watch. */
export interface WatchOptions {
  account?: unknown;
  /** Milliseconds. */
  interval: number;
  perPage: number;
  /** Milliseconds. */
  timeout?: number;
  signal: AbortSignal;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// What the calls of one client share.
    #[wasm_bindgen(typescript_type = "ClientSettings")]
    #[derive(Clone)]
    pub type ClientSettings;

    #[wasm_bindgen(method, getter, js_name = apiToken)]
    pub(super) fn api_token(this: &ClientSettings) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = accountId)]
    pub(super) fn account_id(this: &ClientSettings) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = baseURL)]
    pub(super) fn base_url(this: &ClientSettings) -> String;
    #[wasm_bindgen(method, getter)]
    pub(super) fn timeout(this: &ClientSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = maxRetries)]
    pub(super) fn max_retries(this: &ClientSettings) -> f64;
    #[wasm_bindgen(method, getter)]
    pub(super) fn headers(this: &ClientSettings) -> Array;
    #[wasm_bindgen(method, getter)]
    pub(super) fn fetch(this: &ClientSettings) -> Option<Function>;
    #[wasm_bindgen(method, getter, js_name = tokenOptional)]
    pub(super) fn token_optional(this: &ClientSettings) -> bool;

    /// The options of one call.
    #[wasm_bindgen(typescript_type = "CallOptions")]
    #[derive(Clone)]
    pub type CallOptions;

    #[wasm_bindgen(method, getter)]
    pub(super) fn account(this: &CallOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(super) fn headers(this: &CallOptions) -> Array;
    #[wasm_bindgen(method, getter)]
    pub(super) fn query(this: &CallOptions) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn timeout(this: &CallOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = maxRetries)]
    pub(super) fn max_retries(this: &CallOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn signal(this: &CallOptions) -> Option<AbortSignal>;
    #[wasm_bindgen(method, getter, js_name = idempotencyKey)]
    pub(super) fn idempotency_key(this: &CallOptions) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn wanted(this: &CallOptions) -> Option<Wanted>;

    /// The options of a watch.
    #[wasm_bindgen(typescript_type = "WatchOptions")]
    pub type WatchOptions;

    #[wasm_bindgen(method, getter)]
    pub(super) fn account(this: &WatchOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(super) fn interval(this: &WatchOptions) -> f64;
    #[wasm_bindgen(method, getter, js_name = perPage)]
    pub(super) fn per_page(this: &WatchOptions) -> f64;
    #[wasm_bindgen(method, getter)]
    pub(super) fn timeout(this: &WatchOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn signal(this: &WatchOptions) -> AbortSignal;

    /// A promise of a [`CallResult`](TYPES).
    #[wasm_bindgen(typescript_type = "Promise<CallResult>")]
    pub type ResultPromise;

    /// Takes the body of a page; returns its new entries and the number of the next page.
    #[wasm_bindgen(
        extends = Function,
        typescript_type = "(body: unknown) => [entries: any[], pageNo: number | undefined]"
    )]
    pub type PageFunction;

    /// Returns the next snapshot at each call.
    #[wasm_bindgen(
        extends = Function,
        typescript_type = "(client: ClientSettings) => Promise<any>"
    )]
    pub type NextFunction;
}
