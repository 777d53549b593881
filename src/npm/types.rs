//! What `pkg/lib/` hands to the exports.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the calls of one client share. The same array stands for the same client. */
export type ClientSettings = [
  accountId: string | null,
  apiToken: string | null,
  baseURL: string,
  /** Milliseconds. */
  timeout: number,
  maxRetries: number,
  fetch: Function | undefined,
  /** Whether a request may go out without a token. */
  tokenOptional: boolean,
  /** Names and values by turns; `null` removes a header. */
  ...headers: (string | null)[],
];

/** The options of one call. What is missing is the client's. */
export type CallOptions = [
  /** Read when the head of the response arrives. */
  wanted?: { wantsData: boolean; wantsResponse: boolean },
  /** The query, escaped, with its question mark. */
  query?: string,
  /** Milliseconds. */
  timeout?: number,
  maxRetries?: number,
  signal?: AbortSignal,
  idempotencyKey?: string,
  /** Names and values by turns; `null` removes a header. */
  ...headers: (string | null)[],
];

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
export type WatchOptions = [
  accountId: string | undefined,
  /** Milliseconds. */
  interval: number,
  perPage: number,
  /** Milliseconds. */
  timeout: number | undefined,
  signal: AbortSignal,
  /** The class of WebSockets; without one the watch only polls. */
  WebSocket: Function | undefined,
];
"#;

/// The order of `ClientSettings`.
#[derive(Clone, Copy)]
pub(super) enum Setting {
    AccountId,
    ApiToken,
    BaseUrl,
    Timeout,
    MaxRetries,
    Fetch,
    TokenOptional,
    Headers,
}

/// The order of `CallOptions`.
#[derive(Clone, Copy)]
pub(super) enum CallOption {
    Wanted,
    Query,
    Timeout,
    MaxRetries,
    Signal,
    IdempotencyKey,
    Headers,
}

/// The order of `WatchOptions`.
#[derive(Clone, Copy)]
pub(super) enum WatchOption {
    AccountId,
    Interval,
    PerPage,
    Timeout,
    Signal,
    WebSocket,
}

#[wasm_bindgen]
extern "C" {
    /// A list that `pkg/lib/` has made. At each place is what the types above say, so nothing is checked here.
    #[wasm_bindgen(extends = Array)]
    #[derive(Clone, PartialEq)]
    pub type List;

    /// A text, if it is given.
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn text(this: &List, at: u32) -> Option<String>;

    #[wasm_bindgen(method, structural, indexing_getter)]
    fn number_or_nan(this: &List, at: u32) -> f64;

    /// What the calls of one client share.
    #[wasm_bindgen(extends = List, extends = Array, typescript_type = "ClientSettings")]
    #[derive(PartialEq)]
    pub type ClientSettings;

    /// The options of one call.
    #[wasm_bindgen(extends = List, extends = Array, typescript_type = "CallOptions")]
    pub type CallOptions;

    /// The options of a watch.
    #[wasm_bindgen(extends = List, extends = Array, typescript_type = "WatchOptions")]
    #[derive(Clone)]
    pub type WatchOptions;

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

impl List {
    /// A number, if it is given. Larger numbers saturate.
    pub(super) fn number(&self, at: u32) -> Option<u32> {
        let number = self.number_or_nan(at);
        (!number.is_nan()).then_some(number as u32)
    }

    /// Any other value, if it is given.
    pub(super) fn value<T: JsCast>(&self, at: u32) -> Option<T> {
        let value = self.get(at);
        (!value.is_undefined()).then(|| value.unchecked_into())
    }
}
