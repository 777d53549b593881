//! A call from JavaScript: its arguments are validated, then it is sent.

use super::errors;
use super::executor::promise;
use super::host::host;
use super::settings::{client, headers};
use super::types::{CallOptions, ClientSettings, ResultPromise};
use crate::api::inner::MISSING_ACCOUNT;
use crate::ascii::around;
use crate::operation::{Operation, Payload};
use crate::request::build::RequestParts;
use crate::request::id::Segment;
use crate::request::invalid_argument::InvalidArgument;
use crate::request::query::Query;
use crate::request::validation::{JsonKind, validate};
use crate::transport::perform::{Success, perform};
use crate::transport::prepared::{JsHandles, PreparedRequest};
use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // js-sys takes the text as a Rust string, which cannot hold half a surrogate pair.
    #[wasm_bindgen(js_name = encodeURIComponent, catch)]
    fn encode_uri_component(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// Sends a call of an operation, with the IDs of its path except the account.
pub(super) fn call(
    settings: &ClientSettings,
    operation: &'static Operation,
    ids: &[&JsValue],
    params: &JsValue,
    options: &CallOptions,
) -> ResultPromise {
    let call = prepare(settings, operation, ids, params, options);
    let promise = promise(Box::pin(async move {
        let call = call.map_err(errors::invalid_argument)?;
        let success = perform(&call).await;
        let Success { data, head, info } = success.map_err(|error| errors::error(&error))?;
        let is_read = data.is_some();
        let data = data.unwrap_or(JsValue::UNDEFINED);
        Ok(host().result(
            &data,
            head.response(),
            info.attempts,
            info.maybe_applied,
            is_read,
        ))
    }));
    promise.unchecked_into()
}

/// Validates the arguments of a call.
fn prepare(
    settings: &ClientSettings,
    operation: &'static Operation,
    ids: &[&JsValue],
    params: &JsValue,
    options: &CallOptions,
) -> Result<PreparedRequest, InvalidArgument> {
    let client = client(settings)?;
    let mut parts = RequestParts {
        ids: vec![account(&options.account())?],
        query: Query::from_escaped(options.query().unwrap_or_default()),
        idempotency_key: options.idempotency_key(),
        headers: headers(&options.headers())?,
        has_body: false,
    };
    for (name, id) in operation.path_ids().skip(1).zip(ids) {
        parts.ids.push(segment(name, id)?);
    }
    let mut body = None;
    if let Payload::Body(rules) = operation.payload {
        validate(rules, |name| kind(&crate::js::get(params, name)))?;
        let unwritable = |_| InvalidArgument::new("params", "cannot be written as JSON");
        body = Some(JSON::stringify(params).map_err(unwritable)?);
    }
    let handles = JsHandles {
        body,
        signal: options.signal(),
        fetch: client.fetch.clone(),
        wanted: options.wanted(),
    };
    let timeout = options.timeout();
    let retries = options.max_retries();
    PreparedRequest::new(
        &client.config,
        operation,
        parts,
        // Larger numbers saturate.
        timeout.map_or(client.timeout_ms, |ms| ms as u32),
        retries.map_or(client.max_retries, |retries| retries as u32),
        handles,
    )
}

/// The account, which may be missing.
pub(super) fn account(id: &JsValue) -> Result<Segment, InvalidArgument> {
    if id.is_undefined() || id.is_null() {
        return Err(MISSING_ACCOUNT);
    }
    segment("account_id", id)
}

/// An ID.
pub(super) fn segment(name: &'static str, id: &JsValue) -> Result<Segment, InvalidArgument> {
    let Some(text) = id.as_string() else {
        return Err(InvalidArgument::new(name, "must be a string"));
    };
    // Half a surrogate pair has no UTF-8, and became U+FFFD on its way here.
    if around(&text, "\u{fffd}").is_some() && encode_uri_component(id).is_err() {
        return Err(InvalidArgument::new(name, "must not hold half a character"));
    }
    Segment::new(name, &text)
}

fn kind(value: &JsValue) -> JsonKind {
    if value.is_undefined() {
        JsonKind::Absent
    } else if value.is_string() {
        JsonKind::Text
    } else if value.as_bool().is_some() {
        JsonKind::Bool
    } else if let Some(list) = value.dyn_ref::<Array>() {
        let is_text = |at| {
            let item = list.get(at);
            item.is_string() && item.is_truthy()
        };
        JsonKind::List {
            length: list.length(),
            texts: (0..list.length()).all(is_text),
        }
    } else {
        JsonKind::Other
    }
}
