//! What the npm package imports: conversions to and from JavaScript, and nothing else.
//!
//! `pkg/lib/` reads a caller's objects into what is taken here, and `pkg/lib/host.js` makes the
//! objects that a caller gets. All that a call is judged by lies between them.

use crate::awaiting::{self, Head, Held};
use crate::base_url;
use crate::call::{self, Prepared};
use crate::error::{Error, InvalidArgument};
use crate::header::{Headers, Token};
use crate::hints::RateLimit;
use crate::id::Segment;
use crate::operation::{Operation, Payload};
use crate::paging::{self, Page};
use crate::request::{Base, Parts, Query};
use crate::texts::{self, Given, Texts};
use crate::transport::{self, Answer, Content};
use crate::validation::{self, JsonKind};
use crate::watch::pace::{self, Looked};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../lib/host.js")]
extern "C" {
    /// What a field of a body is, in a number: see `JsonKind::told`.
    fn shape(fields: &JsValue, name: &str) -> i32;

    /// Ends a call with an answer: 0 its body is unread, 1 it is what was read last, 2 there is none.
    fn answered(call: u32, attempts: u32, content: u32);

    /// Limits as a caller gets them; what is not known is NaN.
    fn limits(policy: &str, remaining: f64, reset: f64, retry_after: f64) -> JsValue;

    /// An argument that was refused, as an error of its class.
    fn invalid(argument: &str, message: &str) -> JsValue;

    /// Ends a call with an error of the class of its kind, in that class's own words; a refusal in
    /// the server's, and of the class of its status.
    fn failed(
        call: u32,
        kind: u32,
        status: u16,
        message: &str,
        attempts: u32,
        maybe_applied: bool,
        detail: &JsValue,
        limits: &JsValue,
    );
}

// What the kinds of errors are in `pkg/lib/errors.js`.
const REFUSED: u32 = 0;
const CONNECTION: u32 = 1;
const TIMED_OUT: u32 = 2;
const ABORTED: u32 = 3;

thread_local! {
    /// What the calls share of the client whose calls are made now.
    static CLIENT: RefCell<Option<Base>> = const { RefCell::new(None) };
}

/// Says which client the next calls are of, until another is said: by its base URL (protocol; user
/// and password; query and fragment; the whole), its token, and names and values of its headers by
/// turns; and whether its `fetch` is the caller's own, which may add a token. Gives what is wrong
/// with it, if anything is. (`pkg/lib/client.js` has looked whether the URL may be used in a browser.)
#[wasm_bindgen]
pub fn client(texts: &str, own_fetch: bool) -> JsValue {
    let client = read_client(Texts::new(texts), own_fetch);
    told(client.map(|client| CLIENT.with_borrow_mut(|last| *last = Some(client))))
}

/// Makes a call of that number, by the operation, the IDs of its path, the `Idempotency-Key`, the
/// query, and names and values of headers by turns; `fields` are those of its body, if it has one.
/// Gives what is wrong with it, if anything is.
///
/// With `late` it reads the body of an answer that was left unread, after so many retries as are
/// given. The head that JavaScript holds is to be told next.
#[wasm_bindgen]
pub fn call(
    number: u32,
    texts: &str,
    fields: &JsValue,
    abortable: bool,
    late: bool,
    timeout_ms: f64,
    retries: f64,
) -> JsValue {
    let held = Held {
        call: number,
        abortable,
        late,
    };
    // Beyond 32 bits they saturate.
    let (timeout_ms, retries) = (timeout_ms as u32, retries as u32);
    told(read(Texts::new(texts), fields, timeout_ms, retries, held).map(perform))
}

/// All of them: one future in the wasm, not one of each.
fn perform(call: Prepared) {
    let number = call.held.call;
    awaiting::begin(number, async move {
        match transport::perform(&call).await {
            Ok(Answer {
                content, attempts, ..
            }) => {
                let content = match content {
                    Content::Unread => 0,
                    Content::Data(_) => 1,
                    Content::Nothing => 2,
                };
                answered(number, attempts, content);
            }
            Err(error) => fail(number, &error),
        }
    });
}

fn read_client(mut texts: Texts<'_>, own_fetch: bool) -> Result<Base, InvalidArgument> {
    let mut part = || texts.text().unwrap_or_default();
    let url = base_url::judge(part(), part(), part(), part().to_owned())?;
    let token = match texts.text() {
        Some(token) if !token.is_empty() => Some(Token::new(token)?),
        _ => None,
    };
    let mut headers = Headers::new();
    read_headers(&mut texts, &mut headers)?;
    Ok(Base::new(url, token.as_ref(), own_fetch, &headers))
}

/// Names and values by turns; a value that is no text leaves its header out.
fn read_headers(texts: &mut Texts<'_>, headers: &mut Headers) -> Result<(), InvalidArgument> {
    while let Some(name) = texts.text() {
        headers.change(name, texts.text())?;
    }
    Ok(())
}

/// Reads and checks the arguments of a call.
fn read(
    mut texts: Texts<'_>,
    fields: &JsValue,
    timeout_ms: u32,
    retries: u32,
    held: Held,
) -> Result<Prepared, InvalidArgument> {
    let unknown = InvalidArgument::new("operation", "is of no table or no client");
    let operation = texts.text().and_then(Operation::by_name).ok_or(unknown)?;
    if held.late {
        return Ok(Prepared::late(operation, timeout_ms, retries, held));
    }
    let mut parts = Parts::default();
    for name in operation.path_ids() {
        parts.ids.push(segment(name, texts.given())?);
    }
    parts.idempotency_key = texts.text().map(str::to_owned);
    parts.query = Query::escaped(texts.text().unwrap_or_default());
    if let Payload::Body(rules) = operation.payload {
        validation::validate(rules, |name| JsonKind::told(shape(fields, name)))?;
        parts.body = true;
    }
    read_headers(&mut texts, &mut parts.headers)?;
    CLIENT.with_borrow(|client| {
        let base = client.as_ref().ok_or(unknown)?;
        Prepared::new(base, operation, parts, timeout_ms, retries, held)
    })
}

/// An ID that came from JavaScript.
fn segment(name: &'static str, id: Given<'_>) -> Result<Segment, InvalidArgument> {
    let reason = match id {
        Given::Text(id) if texts::is_broken(id) => "must not hold half a character",
        Given::Text(id) => return Segment::new(name, id),
        Given::Nothing if name == call::ACCOUNT => call::NO_ACCOUNT,
        _ => "must be a string",
    };
    Err(InvalidArgument::new(name, reason))
}

/// What an answer's headers say of limits: `{ rateLimit, retryAfter }`. The answer is that which
/// JavaScript holds under this number.
#[wasm_bindgen(js_name = limits)]
pub fn limits_of(call: u32) -> JsValue {
    let (limit, retry_after) = transport::limits(&Head::of(call));
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

fn told_limits(limit: Option<&RateLimit>, retry_after: Option<f64>) -> JsValue {
    let seconds = retry_after.unwrap_or(f64::NAN);
    match limit {
        Some(limit) => limits(&limit.policy, limit.remaining, limit.reset, seconds),
        None => limits("", f64::NAN, f64::NAN, seconds),
    }
}

/// `undefined`, or what was refused.
fn told(done: Result<(), InvalidArgument>) -> JsValue {
    match done {
        Ok(()) => JsValue::UNDEFINED,
        Err(refused) => refusal(refused),
    }
}

fn refusal(refused: InvalidArgument) -> JsValue {
    invalid(refused.argument(), &refused.message())
}

fn fail(call: u32, error: &Error) {
    let (mut status, mut message, mut limits) = (0, "", JsValue::UNDEFINED);
    let (kind, detail) = match error {
        Error::Aborted(_) => (ABORTED, &JsValue::UNDEFINED),
        Error::TimedOut(_) => (TIMED_OUT, &JsValue::UNDEFINED),
        Error::Connection { cause, .. } => (CONNECTION, cause),
        Error::Refused(refused) => {
            (status, message) = (refused.status, &refused.message);
            limits = told_limits(refused.rate_limit.as_ref(), refused.retry_after);
            (REFUSED, &refused.body)
        }
        // Of Rust's callers alone.
        Error::InvalidArgument(_) | Error::Unreadable { .. } => (CONNECTION, &JsValue::UNDEFINED),
    };
    let trail = error.trail();
    failed(
        call,
        kind,
        status,
        message,
        trail.attempts,
        trail.maybe_applied,
        detail,
        &limits,
    );
}

impl JsonKind {
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
