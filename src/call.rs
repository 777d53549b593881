//! One call, from its arguments to its answer or error.

use crate::answer;
use crate::attempts::{self, Left, Miss, Trail};
use crate::error::{Error, Invalid, Refused};
use crate::header::HeaderChanges;
use crate::id::Segment;
use crate::js;
use crate::operation::{Operation, Repeat, Sends};
use crate::params::{self, Shape};
use crate::request::{Base, Parts, Request};
use crate::retry::Failed;
use crate::stop::Stop;
use crate::transport::{self, Answer, Fetch, Refusal, Wants};
use crate::words;
use js_sys::{Array, Function, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

/// What all calls of a client share.
pub(crate) struct Settings {
    pub(crate) base: Base,
    /// The account of calls that name none.
    pub(crate) account: Option<String>,
    /// The query of every call, an object or `undefined`.
    pub(crate) query: JsValue,
    pub(crate) timeout_ms: u32,
    pub(crate) max_retries: u32,
    /// The caller's own `fetch`.
    pub(crate) fetch: Option<Function>,
}

/// What one call may set apart from the others.
pub(crate) struct Options {
    pub(crate) headers: HeaderChanges,
    /// Replaces the query that the parameters make.
    pub(crate) query: JsValue,
    pub(crate) timeout_ms: Option<u32>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) signal: Option<AbortSignal>,
    pub(crate) idempotency_key: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            headers: HeaderChanges::new(),
            query: JsValue::UNDEFINED,
            timeout_ms: None,
            max_retries: None,
            signal: None,
            idempotency_key: None,
        }
    }
}

/// The arguments of a call, checked.
pub(crate) struct Arguments {
    pub(crate) operation: &'static Operation,
    ids: Vec<Segment>,
    query: Vec<(String, String)>,
    body: Option<JsString>,
}

impl Arguments {
    /// Checks the arguments of a call: the IDs of its path but for the account, and its
    /// parameters, which hold that.
    pub(crate) fn check(
        settings: &Settings,
        operation: &'static Operation,
        ids: Vec<Segment>,
        params: &JsValue,
        options: &Options,
    ) -> Result<Self, Invalid> {
        if !params.is_undefined() && !params.is_null() && !js::is_record(params) {
            return Err(Invalid::new("params", "must be an object"));
        }
        // Read as it is: written as JSON, what is no string could become one.
        let account = js::read(params, "account_id")?;
        let fields = match operation.sends {
            // Its other fields go nowhere, so nobody need read them.
            Sends::Nothing => Object::new(),
            Sends::Query | Sends::Body(_) => {
                let fields = js::plain("params", params)?;
                let _ = Reflect::delete_property(&fields, &JsValue::from_str("account_id"));
                fields
            }
        };
        let mut path = Vec::with_capacity(ids.len() + 1);
        path.push(account_segment(settings, &account)?);
        path.extend(ids);
        let own_query = if options.query.is_undefined() && operation.sends == Sends::Query {
            fields.as_ref()
        } else {
            &options.query
        };
        let body = match operation.sends {
            Sends::Nothing | Sends::Query => None,
            Sends::Body(rules) => {
                params::check(rules, |name| shape(&js::get(&fields, name)))?;
                Some(js::to_json(&fields))
            }
        };
        Ok(Self {
            operation,
            ids: path,
            query: query_pairs(&settings.query, own_query)?,
            body,
        })
    }
}

/// Sends a call, and brings back its answer.
pub(crate) async fn perform(
    settings: &Settings,
    arguments: &Arguments,
    options: &Options,
    wants: Option<&Wants>,
) -> Result<(Answer, u32), Error> {
    let parts = Parts {
        ids: &arguments.ids,
        query: &arguments.query,
        headers: &options.headers,
        idempotency_key: options.idempotency_key.as_deref(),
        body: arguments.body.is_some(),
    };
    let request = Request::build(&settings.base, arguments.operation, &parts)?;
    let stop = Stop::new(options.signal.as_ref())
        .map_err(|_| Invalid::new("signal", "must be an AbortSignal"))?;
    let wire = Fetch {
        request: &request,
        body: arguments.body.as_ref(),
        fetch: settings.fetch.as_ref(),
        timeout_ms: options.timeout_ms.unwrap_or(settings.timeout_ms),
        stop,
        wants,
    };
    let max_retries = options.max_retries.unwrap_or(settings.max_retries);
    match attempts::run(&wire, arguments.operation.repeat, max_retries).await {
        Ok(answer) => Ok(answer),
        Err((miss, trail)) => Err(error(&wire, miss, trail).await),
    }
}

/// What is known once the server has said yes: what was to be done is done, whatever becomes of
/// the answer's body.
pub(crate) fn answered(operation: &Operation, attempts: u32) -> Trail {
    Trail {
        attempts,
        maybe_applied: operation.repeat != Repeat::Read,
    }
}

/// The error of a call whose last attempt failed so.
async fn error(wire: &Fetch<'_>, miss: Miss<Refusal, JsValue>, trail: Trail) -> Error {
    match (miss.failed, miss.left) {
        (Failed::Status(..), Left::Refusal(refusal)) => refused(wire, refusal, trail).await,
        (Failed::Aborted, _) => Error::Aborted(trail),
        (Failed::TimedOut, _) => Error::TimedOut(trail),
        (_, Left::Cause(cause)) => Error::Connection { cause, trail },
        _ => Error::Connection {
            cause: JsValue::UNDEFINED,
            trail,
        },
    }
}

async fn refused(wire: &Fetch<'_>, mut refusal: Refusal, trail: Trail) -> Error {
    let Some((body, text)) = wire.read(&mut refusal).await else {
        return Error::Aborted(trail);
    };
    let response = &refusal.response;
    let status = answer::status(response);
    if status == 0 && transport::is_hidden_redirect(response) {
        let cause = js_sys::TypeError::new(
            "The server redirects. A browser does not say where to, and the token goes only to \
             the base URL's origin.",
        );
        return Error::Connection {
            cause: cause.into(),
            trail,
        };
    }
    let message = if matches!(status, 301..=303 | 307 | 308) {
        words::message(
            status,
            &JsValue::UNDEFINED,
            &"redirect not followed: the token goes nowhere else".into(),
        )
    } else {
        words::message(status, &body, &text)
    };
    let message = wire.request.headers.redact(message);
    let (rate_limit, retry_after) = transport::limits(response);
    Error::Refused(Box::new(Refused {
        status,
        message,
        body,
        headers: answer::headers(response),
        rate_limit,
        retry_after,
        trail,
    }))
}

/// The account of a call: its own, else the client's.
fn account_segment(settings: &Settings, own: &JsValue) -> Result<Segment, Invalid> {
    const NAME: &str = "account_id";
    if !own.is_undefined() && !own.is_null() {
        return segment(NAME, own);
    }
    match &settings.account {
        Some(account) => Segment::new(NAME, account),
        None => Err(Invalid::new(
            NAME,
            "is missing: give it in params, or to the client as accountId",
        )),
    }
}

/// An ID that came from JavaScript.
pub(crate) fn segment(name: &'static str, id: &JsValue) -> Result<Segment, Invalid> {
    let length = id.dyn_ref::<JsString>().map(JsString::length);
    match length {
        None => Err(Invalid::new(name, "must be a string")),
        Some(length) if length as usize > crate::id::MAX_ID_LENGTH => {
            Err(Invalid::new(name, "is too long for an ID"))
        }
        Some(_) => match js::text(id) {
            None => Err(Invalid::new(name, "must not hold half a character")),
            Some(id) => Segment::new(name, &id),
        },
    }
}

/// As much of a field as its rule needs to know.
fn shape(value: &JsValue) -> Shape {
    if value.is_undefined() {
        Shape::Absent
    } else if value.as_bool().is_some() {
        Shape::Bool
    } else if value.is_string() {
        Shape::Text
    } else if let Some(list) = value.dyn_ref::<Array>() {
        Shape::List {
            length: list.length(),
            texts: list.iter().all(|item| {
                item.dyn_ref::<JsString>()
                    .is_some_and(|text| text.length() > 0)
            }),
        }
    } else {
        Shape::Other
    }
}

/// The names and values of a query: a list repeats its name, a field of an object is named
/// `object.field`.
fn query_pairs(defaults: &JsValue, own: &JsValue) -> Result<Vec<(String, String)>, Invalid> {
    const NAME: &str = "query";
    let mut pairs = Vec::new();
    let nothing = |value: &JsValue| value.is_undefined() || value.is_null();
    if nothing(defaults) && nothing(own) {
        return Ok(pairs);
    }
    let merged = js::plain(NAME, &js::merged(NAME, defaults, own)?.into())?;
    // A list of what is left, not calls within calls: an object may be deep.
    let mut left = vec![(String::new(), JsValue::from(merged))];
    while let Some((name, value)) = left.pop() {
        if let Some(list) = value.dyn_ref::<Array>() {
            let items: Vec<_> = list.iter().map(|item| (name.clone(), item)).collect();
            left.extend(items.into_iter().rev());
        } else if value.is_object() {
            let fields: Vec<_> = js::pairs(NAME, &value)?
                .iter()
                .map(|pair| {
                    let pair: Array = pair.unchecked_into();
                    let field = pair.get(0).as_string().unwrap_or_default();
                    let name = match name.is_empty() {
                        true => field,
                        false => [name.as_str(), ".", &field].concat(),
                    };
                    (name, pair.get(1))
                })
                .collect();
            left.extend(fields.into_iter().rev());
        } else {
            pairs.push((name, primitive(&value)));
        }
    }
    Ok(pairs)
}

/// A string, number, boolean or null of plain data, as it stands in a query.
fn primitive(value: &JsValue) -> String {
    if value.is_null() {
        return String::new();
    }
    value.as_string().unwrap_or_else(|| {
        js_sys::JSON::stringify(value)
            .map(String::from)
            .unwrap_or_default()
    })
}
