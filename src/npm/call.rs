//! A call from JavaScript: its arguments are validated, then it is sent.

use super::errors;
use super::executor::promise;
use super::host::host;
use super::settings::{client, headers};
use super::types::{CallOption, CallOptions, ClientSettings, List, ResultPromise};
use crate::operation::{Operation, Payload};
use crate::request::build::RequestParts;
use crate::request::id::Segment;
use crate::request::invalid_argument::InvalidArgument;
use crate::request::query::Query;
use crate::request::validation::{JsonKind, validate};
use crate::transport::attempts::AttemptInfo;
use crate::transport::error::Error;
use crate::transport::exchange::{Exchange, Success};
use crate::transport::prepared::{JsHandles, PreparedRequest};
use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;

/// Sends a call of an operation, with the IDs of its path.
pub(super) fn call(
    settings: ClientSettings,
    operation: &'static Operation,
    ids: &List,
    params: &JsValue,
    options: &CallOptions,
) -> ResultPromise {
    let call = prepare(settings, operation, ids, params, options);
    promised(call.map_err(Error::from).and_then(Exchange::start))
}

/// The promise of a call's result.
pub(super) fn promised(exchange: Result<Box<Exchange>, Error>) -> ResultPromise {
    let promise = promise(Box::pin(async move {
        let success = match exchange {
            Ok(exchange) => exchange.await,
            Err(error) => Err(error),
        };
        let Success { data, head, info } = success.map_err(|error| errors::error(&error))?;
        let is_read = data.is_some();
        let data = data.unwrap_or(JsValue::UNDEFINED);
        let AttemptInfo {
            attempts,
            maybe_applied,
        } = info;
        Ok(host().result(&data, head.response(), attempts, maybe_applied, is_read))
    }));
    promise.unchecked_into()
}

/// Validates the arguments of a call.
fn prepare(
    settings: ClientSettings,
    operation: &'static Operation,
    ids: &List,
    params: &JsValue,
    options: &CallOptions,
) -> Result<PreparedRequest, InvalidArgument> {
    let client = client(settings)?;
    let mut parts = RequestParts::default();
    for (at, name) in (0..).zip(operation.path_ids()) {
        parts.ids.push(segment(name, ids, at)?);
    }
    let mut body = None;
    if let Payload::Body(rules) = operation.payload {
        validate(rules, |name| kind(&crate::js::get(params, name)))?;
        let unwritable = |_| InvalidArgument::new("params", "cannot be written as JSON");
        body = Some(JSON::stringify(params).map_err(unwritable)?);
    }
    let mut handles = JsHandles {
        body,
        fetch: client.fetch.clone(),
        wanted: options.value(CallOption::Wanted as u32),
        ..JsHandles::default()
    };
    let (mut timeout_ms, mut max_retries) = (client.timeout_ms, client.max_retries);
    // Nearly always there is only `wanted`.
    if options.length() > 1 {
        let query = options.text(CallOption::Query as u32);
        parts.query = Query::from_escaped(query.unwrap_or_default());
        parts.idempotency_key = options.text(CallOption::IdempotencyKey as u32);
        parts.headers = headers(options, CallOption::Headers as u32)?;
        handles.signal = options.value(CallOption::Signal as u32);
        timeout_ms = options
            .number(CallOption::Timeout as u32)
            .unwrap_or(timeout_ms);
        max_retries = options
            .number(CallOption::MaxRetries as u32)
            .unwrap_or(max_retries);
    }
    PreparedRequest::new(
        &client.config,
        operation,
        parts,
        timeout_ms,
        max_retries,
        handles,
    )
}

/// An ID in a list.
pub(super) fn segment(name: &'static str, ids: &List, at: u32) -> Result<Segment, InvalidArgument> {
    Segment::new(name, &ids.text(at).unwrap_or_default())
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
