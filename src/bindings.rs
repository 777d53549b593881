//! What the npm package imports: conversions to and from JavaScript, and nothing else.
//!
//! `pkg/lib/` gives these the official SDK's classes. An error leaves here as a plain object,
//! which becomes an instance of its class there.

use crate::base_url;
use crate::call::{self, Arguments, Options, Settings};
use crate::error::{Error, Invalid};
use crate::header::{HeaderChanges, Token};
use crate::hints::RateLimit;
use crate::id::Segment;
use crate::js;
use crate::operation::Operation;
use crate::paging::{Page, Pager};
use crate::request::Base;
use crate::transport::{self, Wants};
use crate::unread;
use js_sys::{Array, Function, Object, Promise, Set};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{AbortSignal, Response};

/// A client's settings, checked.
#[wasm_bindgen]
pub struct Core(Rc<Settings>);

#[wasm_bindgen]
impl Core {
    /// Checks the settings of a client.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &JsValue) -> Result<Core, JsValue> {
        match read_settings(settings) {
            Ok(settings) => Ok(Self(Rc::new(settings))),
            Err(invalid) => Err(thrown(invalid.into())),
        }
    }

    /// Makes a call. Its promise gives `[response, data]`, or if only the `Response` is wanted
    /// `[response, undefined, unread]`.
    pub fn call(
        &self,
        operation: &str,
        ids: Array,
        params: JsValue,
        options: JsValue,
        wants: Wants,
    ) -> Promise {
        // Checked now: what the caller does to its arguments later changes nothing.
        let checked = self.check(operation, &ids, &params, &options);
        // Cloned before the promise, which may outlive this object.
        let settings = self.0.clone();
        future_to_promise(async move {
            let (arguments, options) = checked.map_err(|invalid| thrown(invalid.into()))?;
            let performed = call::perform(&settings, &arguments, &options, Some(&wants)).await;
            let (answer, attempts) = performed.map_err(thrown)?;
            let response = answer.response;
            let answered = match answer.data {
                Some(data) => Array::of2(&response, &data),
                None => {
                    let body = Clone::clone(&response);
                    let late = unread::Unread::new(&settings, &arguments, &options, body, attempts);
                    let late = Unread(Rc::new(late)).into();
                    Array::of3(&response, &JsValue::UNDEFINED, &late)
                }
            };
            Ok(answered.into())
        })
    }

    fn check(
        &self,
        operation: &str,
        ids: &Array,
        params: &JsValue,
        options: &JsValue,
    ) -> Result<(Arguments, Options), Invalid> {
        let operation = Operation::by_name(operation)
            .ok_or(Invalid::new("operation", "is not in the table"))?;
        let options = read_options(options)?;
        let segments = operation
            .path_ids()
            .skip(1)
            .zip(ids.iter())
            .map(|(name, id)| call::segment(name, &id))
            .collect::<Result<Vec<Segment>, Invalid>>()?;
        let arguments = Arguments::check(&self.0, operation, segments, params, &options)?;
        Ok((arguments, options))
    }
}

/// The body of a `Response` that was handed over unread.
#[wasm_bindgen]
pub struct Unread(Rc<unread::Unread>);

#[wasm_bindgen]
impl Unread {
    /// Reads it after all.
    pub fn read(&self) -> Promise {
        let unread = self.0.clone();
        future_to_promise(async move { unread.read().await.map_err(thrown) })
    }
}

/// What an answer's headers say of limits: `{ rateLimit, retryAfter }`.
#[wasm_bindgen]
pub fn limits(response: &Response) -> Object {
    let (limit, seconds) = transport::limits(response);
    let limits = Object::new();
    set_limits(&limits, limit.as_ref(), seconds);
    limits
}

/// The pages of a session's participants, followed one by one.
#[wasm_bindgen]
pub struct Pages {
    pager: Pager,
    seen: Set,
    next: Option<f64>,
}

#[wasm_bindgen]
impl Pages {
    /// Starts at the page asked for by `page_no`, or without one.
    #[wasm_bindgen(constructor)]
    pub fn new(page_no: JsValue) -> Pages {
        Self {
            pager: Pager::new(page_no.as_f64()),
            seen: Set::new(&JsValue::UNDEFINED),
            next: None,
        }
    }

    /// Takes a page; gives those of its participants who were on none before.
    pub fn take(&mut self, body: &JsValue) -> Array {
        let data = js::get(body, "data");
        let all = Array::new();
        let mut entries = 0;
        if let Some(participants) = js::get(&data, "participants").dyn_ref::<Array>() {
            for participant in participants.iter() {
                entries += 1;
                let id = js::get(&participant, "id");
                if !id.is_string() || !self.seen.has(&id) {
                    self.seen.add(&id);
                    all.push(&participant);
                }
            }
        }
        let paging = js::get(&data, "paging");
        let number = |name| js::get(&paging, name).as_f64();
        self.next = self.pager.after(Page {
            entries,
            fresh: all.length() as usize,
            paging: number("total_count").zip(number("end_offset")),
        });
        all
    }

    /// The number of the page to ask for next; `undefined` after the last.
    #[wasm_bindgen(getter)]
    pub fn next(&self) -> Option<f64> {
        self.next
    }
}

fn read_settings(settings: &JsValue) -> Result<Settings, Invalid> {
    let url = js::read(settings, "baseURL")?;
    let url = match given(&url) {
        None => base_url::DEFAULT.to_owned(),
        Some(url) => js::text(url).ok_or(Invalid::new("baseURL", "must be a string"))?,
    };
    let allow = js::read(settings, "dangerouslyAllowBrowser")?.is_truthy();
    let fetch = js::read(settings, "fetch")?;
    let fetch = match given(&fetch) {
        None => None,
        Some(fetch) => Some(
            fetch
                .dyn_ref::<Function>()
                .ok_or(Invalid::new("fetch", "must be a function"))?
                .clone(),
        ),
    };
    let query = js::read(settings, "defaultQuery")?;
    if given(&query).is_some_and(|query| !js::is_record(query)) {
        return Err(Invalid::new("defaultQuery", "must be an object"));
    }
    Ok(Settings {
        base: Base {
            url: base_url::check(&url, allow)?,
            token: match optional_text(settings, "apiToken")? {
                Some(token) if !token.is_empty() => Some(Token::new(&token)?),
                _ => None,
            },
            headers: header_changes("defaultHeaders", &js::read(settings, "defaultHeaders")?)?,
            token_optional: fetch.is_some(),
        },
        account: optional_text(settings, "accountId")?,
        query,
        timeout_ms: whole(settings, "timeout")?.unwrap_or(60_000),
        max_retries: whole(settings, "maxRetries")?.unwrap_or(2),
        fetch,
    })
}

fn read_options(options: &JsValue) -> Result<Options, Invalid> {
    if given(options).is_none() {
        return Ok(Options::default());
    }
    if !js::is_record(options) {
        return Err(Invalid::new("options", "must be an object"));
    }
    let query = js::read(options, "query")?;
    if given(&query).is_some_and(|query| !js::is_record(query)) {
        return Err(Invalid::new("query", "must be an object"));
    }
    let signal = js::read(options, "signal")?;
    if given(&signal).is_some_and(|signal| !signal.is_object()) {
        return Err(Invalid::new("signal", "must be an AbortSignal"));
    }
    Ok(Options {
        headers: header_changes("headers", &js::read(options, "headers")?)?,
        query,
        timeout_ms: whole(options, "timeout")?,
        max_retries: whole(options, "maxRetries")?,
        signal: given(&signal).map(|signal| signal.unchecked_ref::<AbortSignal>().clone()),
        idempotency_key: optional_text(options, "idempotencyKey")?,
    })
}

/// A value that is neither `undefined` nor `null`.
fn given(value: &JsValue) -> Option<&JsValue> {
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn optional_text(object: &JsValue, name: &'static str) -> Result<Option<String>, Invalid> {
    match given(&js::read(object, name)?) {
        None => Ok(None),
        Some(value) => js::text(value)
            .map(Some)
            .ok_or(Invalid::new(name, "must be a string")),
    }
}

/// A number of milliseconds or retries.
fn whole(object: &JsValue, name: &'static str) -> Result<Option<u32>, Invalid> {
    match given(&js::read(object, name)?).map(JsValue::as_f64) {
        None => Ok(None),
        Some(Some(number)) if number.fract() == 0.0 => match number >= 0.0 {
            // Beyond 49 days it saturates.
            true => Ok(Some(number as u32)),
            false => Err(Invalid::new(name, "must be a positive integer")),
        },
        Some(_) => Err(Invalid::new(name, "must be an integer")),
    }
}

/// What an object, a `Headers` or a list of pairs wants done to the headers.
fn header_changes(argument: &'static str, headers: &JsValue) -> Result<HeaderChanges, Invalid> {
    let mut changes = HeaderChanges::new();
    let Some(headers) = given(headers) else {
        return Ok(changes);
    };
    for pair in js::pairs(argument, headers)?.iter() {
        let invalid = || Invalid::new(argument, "must hold names and strings");
        // A pair may be anything that yields a name and a value.
        let pair = js::pairs(argument, &pair)?;
        let name = js::text(&pair.get(0)).ok_or_else(invalid)?;
        let value = pair.get(1);
        if value.is_undefined() {
            continue;
        }
        let value = match given(&value) {
            None => None,
            Some(value) if value.as_f64().is_some() || value.as_bool().is_some() => Some(
                String::from(js_sys::JSON::stringify(value).map_err(|_| invalid())?),
            ),
            Some(value) => Some(js::text(value).ok_or_else(invalid)?),
        };
        changes.change(&name, value.as_deref())?;
    }
    Ok(changes)
}

fn set_limits(object: &Object, limit: Option<&RateLimit>, retry_after: Option<f64>) {
    if let Some(limit) = limit {
        let told = Object::new();
        js::set(&told, "policy", &JsValue::from_str(&limit.policy));
        js::set(&told, "remaining", &limit.remaining.into());
        js::set(&told, "reset", &limit.reset.into());
        js::set(object, "rateLimit", &told);
    }
    if let Some(seconds) = retry_after {
        js::set(object, "retryAfter", &seconds.into());
    }
}

/// An error as the plain object that `pkg/lib/errors.js` makes an instance of.
fn thrown(error: Error) -> JsValue {
    let object = Object::new();
    let trail = error.trail();
    js::set(&object, "message", &JsValue::from_str(&error.message()));
    js::set(&object, "attempts", &trail.attempts.into());
    js::set(&object, "maybeApplied", &trail.maybe_applied.into());
    let kind = match &error {
        Error::Invalid(invalid) => {
            js::set(&object, "argument", &invalid.argument().into());
            "invalid"
        }
        Error::Aborted(_) => "aborted",
        Error::TimedOut(_) => "timeout",
        Error::Connection { cause, .. } => {
            js::set(&object, "cause", cause);
            "connection"
        }
        Error::Refused(refused) => {
            js::set(&object, "status", &refused.status.into());
            js::set(&object, "headers", &refused.headers);
            js::set(&object, "body", &refused.body);
            set_limits(&object, refused.rate_limit.as_ref(), refused.retry_after);
            "status"
        }
        Error::Unreadable { body, .. } => {
            js::set(&object, "cause", body);
            "connection"
        }
    };
    js::set(&object, "kind", &kind.into());
    object.into()
}
