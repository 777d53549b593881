//! What the npm package imports: conversions to and from JavaScript, and nothing else.
//!
//! `pkg/lib/` reads a caller's objects into what is taken here, and `pkg/lib/host.js` makes the
//! objects that a caller gets. All that a call is judged by lies between them.

use crate::awaiting;
use crate::base_url;
use crate::call::{self, Options, Prepared};
use crate::error::{Error, Invalid};
use crate::header::Token;
use crate::hints::RateLimit;
use crate::id::{self, Segment};
use crate::operation::{Operation, Sends};
use crate::paging::{self, Page};
use crate::params::{self, Shape};
use crate::request::{Base, Parts};
use crate::transport::{self, Answer};
use crate::watch::pace::{self, Looked};
use js_sys::{Array, Function, JsString};
use wasm_bindgen::prelude::*;
use web_sys::Response;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = encodeURIComponent, catch)]
    fn encode_uri_component(text: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(raw_module = "../lib/host.js")]
extern "C" {
    /// What a field of a body is, in a number: see `Shape::told`.
    fn shape(fields: &JsValue, name: &str) -> i32;

    /// Ends a call with an answer, whose body has been read or not.
    fn answer(call: u32, response: &Response, attempts: u32, read: bool, data: &JsValue);

    /// Ends a call with an error.
    fn fail(call: u32, error: &JsValue);

    /// Limits as a caller gets them; what is not known is NaN.
    fn limits(policy: &str, remaining: f64, reset: f64, retry_after: f64) -> JsValue;

    /// An argument that was refused, as an error of its class.
    fn invalid(argument: &str, message: &str) -> JsValue;

    /// A call that failed, as an error of the class of its `kind`, or of the status of its response
    /// if it has one.
    #[wasm_bindgen(catch)]
    fn failed(
        kind: &str,
        status: u16,
        message: &str,
        attempts: u32,
        maybe_applied: bool,
        detail: &JsValue,
        response: &JsValue,
        limits: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

/// Checks a base URL, which in a page may be relative to it; gives it in full.
/// `pkg/lib/client.js` has looked whether it may be used in a browser.
#[wasm_bindgen(js_name = baseURL)]
pub fn base_url(url: &JsValue, page: &JsValue) -> Result<JsValue, JsValue> {
    let text = url.as_string().unwrap_or_default();
    match base_url::check(&text, page) {
        Ok(href) => Ok(href.into()),
        Err(invalid) => Err(refusal(invalid)),
    }
}

/// Makes a call of that number. Its arguments come in one list, in the order in which [`read`] takes
/// them: one value across the boundary, and no glue for each.
#[wasm_bindgen]
pub fn call(number: u32, given: &Array) -> Result<(), JsValue> {
    perform(number, read(Given(given, 0)).map_err(refusal)?);
    Ok(())
}

/// Reads the body of an answer that a call left unread: its operation, its timeout, its signal,
/// the `Response`, and how many requests it took.
#[wasm_bindgen(js_name = readLate)]
pub fn read_late(number: u32, given: &Array) -> Result<(), JsValue> {
    let mut given = Given(given, 0);
    let operation = operation(&mut given).map_err(refusal)?;
    let options = Options {
        timeout_ms: given.number(),
        max_retries: 0,
        signal: given.object(),
    };
    let response = given.next().unchecked_into();
    perform(
        number,
        Prepared::late(operation, response, given.number(), options),
    );
    Ok(())
}

/// Both: one future in the wasm, not one of each.
fn perform(number: u32, mut call: Prepared) {
    call.number = number;
    awaiting::begin(number, async move {
        match transport::perform(&call).await {
            Ok(Answer {
                data,
                response,
                attempts,
            }) => {
                let read = data.is_some();
                let data = data.unwrap_or(JsValue::UNDEFINED);
                answer(number, &response, attempts, read, &data);
            }
            Err(error) => fail(number, &failure(&error)),
        }
    });
}

fn operation(given: &mut Given<'_>) -> Result<&'static Operation, Invalid> {
    let name = given.text().unwrap_or_default();
    Operation::by_name(&name).ok_or(Invalid::new("operation", "is not in the table"))
}

/// Reads and checks the arguments of a call; the order is that of `pkg/lib/client.js`.
fn read(mut given: Given<'_>) -> Result<Prepared, Invalid> {
    let operation = operation(&mut given)?;
    let token = match given.text() {
        Some(token) if !token.is_empty() => Some(Token::new(&token)?),
        _ => None,
    };
    let fetch: Option<Function> = given.object();
    let mut parts = Parts::default();
    let ids = given.list();
    for (at, name) in operation.path_ids().enumerate() {
        parts.ids.push(segment(name, &ids.get(at as u32))?);
    }
    let query = given.list();
    let mut pairs = Given(&query, 0);
    while let Some(name) = pairs.text() {
        parts.query.push(&name, &pairs.text().unwrap_or_default());
    }
    let fields = given.next();
    let body = given.object();
    if let Sends::Body(rules) = operation.sends {
        params::check(rules, |name| Shape::told(shape(&fields, name)))?;
    }
    parts.idempotency_key = given.text();
    let options = Options {
        timeout_ms: given.number(),
        max_retries: given.number(),
        signal: given.object(),
    };
    let base_url = given.text().unwrap_or_default();
    // Names and values by turns; a value that is no text leaves its header out.
    let headers = given.list();
    let mut pairs = Given(&headers, 0);
    while let Some(name) = pairs.text() {
        parts.headers.change(&name, pairs.text().as_deref())?;
    }
    let base = Base {
        url: base_url,
        token,
        token_optional: fetch.is_some(),
    };
    Prepared::new(&base, fetch, operation, parts, body, options)
}

/// A list, taken from its beginning.
struct Given<'a>(&'a Array, u32);

impl Given<'_> {
    fn next(&mut self) -> JsValue {
        let value = self.0.get(self.1);
        self.1 += 1;
        value
    }

    fn text(&mut self) -> Option<String> {
        self.next().as_string()
    }

    /// A number of milliseconds or times. Beyond 32 bits it saturates.
    fn number(&mut self) -> u32 {
        self.next().as_f64().unwrap_or_default() as u32
    }

    fn list(&mut self) -> Array {
        self.next().unchecked_into()
    }

    /// What is there if it is not `undefined`.
    fn object<T: JsCast>(&mut self) -> Option<T> {
        let value = self.next();
        (!value.is_undefined()).then(|| value.unchecked_into())
    }
}

/// What an answer's headers say of limits: `{ rateLimit, retryAfter }`.
#[wasm_bindgen(js_name = limits)]
pub fn limits_of(response: &Response) -> JsValue {
    let (limit, retry_after) = transport::limits(response);
    told_limits(limit.as_ref(), retry_after)
}

/// The number of the page to ask for after `page_no`, of whose `entries` so many were `fresh`;
/// NaN if that was all. What is not known is NaN, too.
#[wasm_bindgen(js_name = pageAfter)]
pub fn page_after(
    page_no: f64,
    entries: u32,
    fresh: u32,
    was_stale: bool,
    total: f64,
    end: f64,
) -> f64 {
    let page = Page {
        entries: entries as usize,
        fresh: fresh as usize,
        paging: Some((total, end)),
    };
    paging::after(page_no, was_stale, &page).unwrap_or(f64::NAN)
}

/// How long a watch waits when a look has ended, in milliseconds; what is not known is NaN.
#[wasm_bindgen(js_name = watchWait)]
#[expect(
    clippy::too_many_arguments,
    reason = "numbers cross for less than a list of them"
)]
pub fn watch_wait(
    interval_ms: f64,
    failures: u32,
    retry_after: f64,
    requests: f64,
    remaining: f64,
    reset: f64,
    random: f64,
    hidden: bool,
) -> f64 {
    let looked = Looked {
        interval_ms,
        failures,
        retry_after,
        requests,
        remaining,
        reset,
    };
    pace::wait_ms(&looked, hidden, random)
}

/// An ID that came from JavaScript.
fn segment(name: &'static str, id: &JsValue) -> Result<Segment, Invalid> {
    let reason = match id.dyn_ref::<JsString>() {
        None if name == call::ACCOUNT && (id.is_undefined() || id.is_null()) => call::NO_ACCOUNT,
        None => "must be a string",
        Some(text) if text.length() as usize > id::MAX_ID_LENGTH => "is too long for an ID",
        Some(text) => match whole_text(text) {
            None => "must not hold half a character",
            Some(id) => return Segment::new(name, &id),
        },
    };
    Err(Invalid::new(name, reason))
}

/// The text; `None` if it holds half a character (a lone surrogate), which has no UTF-8 and would
/// come out as another string.
fn whole_text(text: &JsString) -> Option<String> {
    let read = String::from(text);
    // Half a character is read as U+FFFD, which may as well have been meant.
    let odd = read
        .as_bytes()
        .windows(3)
        .any(|c| c == "\u{fffd}".as_bytes());
    if odd && encode_uri_component(text).is_err() {
        return None;
    }
    Some(read)
}

fn told_limits(limit: Option<&RateLimit>, retry_after: Option<f64>) -> JsValue {
    let seconds = retry_after.unwrap_or(f64::NAN);
    match limit {
        Some(limit) => limits(&limit.policy, limit.remaining, limit.reset, seconds),
        None => limits("", f64::NAN, f64::NAN, seconds),
    }
}

fn refusal(refused: Invalid) -> JsValue {
    invalid(refused.argument(), &refused.message())
}

fn failure(error: &Error) -> JsValue {
    let (mut response, mut limits) = (&JsValue::UNDEFINED, JsValue::UNDEFINED);
    let (kind, detail) = match error {
        Error::Invalid(invalid) => return refusal(*invalid),
        Error::Aborted(_) => ("aborted", &JsValue::UNDEFINED),
        Error::TimedOut(_) => ("timeout", &JsValue::UNDEFINED),
        Error::Connection { cause, .. } => ("connection", cause),
        Error::Unreadable { body, .. } => ("connection", body),
        Error::Refused(refused) => {
            response = &refused.response;
            limits = told_limits(refused.rate_limit.as_ref(), refused.retry_after);
            ("status", &refused.body)
        }
    };
    let trail = error.trail();
    failed(
        kind,
        error.status().unwrap_or_default(),
        &error.message(),
        trail.attempts,
        trail.maybe_applied,
        detail,
        response,
        &limits,
    )
    // What a caller's own `Response` threw, when its headers were read.
    .unwrap_or_else(|thrown| thrown)
}

impl Shape {
    /// What `shape` of `pkg/lib/host.js` told: of a list, twice its length and one more if all of
    /// its items are texts.
    fn told(number: i32) -> Self {
        match number {
            -4 => Self::Absent,
            -3 => Self::Bool,
            -2 => Self::Text,
            -1 => Self::Other,
            list => Self::List {
                length: list as u32 / 2,
                texts: list % 2 == 1,
            },
        }
    }
}
