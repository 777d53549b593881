//! A call from JavaScript: its arguments are validated, then it is sent.

use super::errors;
use super::executor::promise;
use super::host::host;
use super::settings::{client, headers};
use super::types::{CallOption, CallOptions, ClientSettings, ResultPromise, given, number};
use crate::operation::{Operation, Payload};
use crate::request::build::RequestParts;
use crate::request::id::Segment;
use crate::request::invalid_argument::InvalidArgument;
use crate::request::query::Query;
use crate::request::validation::{JsonKind, validate};
use crate::transport::attempts::AttemptInfo;
use crate::transport::error::Error;
use crate::transport::perform::{Exchange, Success};
use crate::transport::prepared::{JsHandles, PreparedRequest};
use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;

/// Sends a call of an operation, with the IDs of its path.
pub(super) fn call(
    settings: &ClientSettings,
    operation: &'static Operation,
    ids: &Array,
    params: &JsValue,
    options: &CallOptions,
) -> ResultPromise {
    let call = prepare(settings, operation, ids, params, options);
    promised(call.map_err(Error::from).and_then(Exchange::start))
}

/// The promise of a call's result.
pub(super) fn promised(exchange: Result<Exchange, Error>) -> ResultPromise {
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
    settings: &ClientSettings,
    operation: &'static Operation,
    ids: &Array,
    params: &JsValue,
    options: &CallOptions,
) -> Result<PreparedRequest, InvalidArgument> {
    let client = client(settings)?;
    // Nearly always there is only the first.
    let has_own = options.length() > 1;
    let at = |option: CallOption| match has_own {
        true => options.get(option as u32),
        false => JsValue::UNDEFINED,
    };
    let mut parts = RequestParts {
        query: Query::from_escaped(at(CallOption::Query).as_string().unwrap_or_default()),
        idempotency_key: at(CallOption::IdempotencyKey).as_string(),
        headers: headers(options, CallOption::Headers as u32)?,
        ..RequestParts::default()
    };
    for (name, at) in operation.path_ids().zip(0..) {
        parts.ids.push(segment(name, &ids.get(at))?);
    }
    let mut body = None;
    if let Payload::Body(rules) = operation.payload {
        validate(rules, |name| kind(&crate::js::get(params, name)))?;
        let unwritable = |_| InvalidArgument::new("params", "cannot be written as JSON");
        body = Some(JSON::stringify(params).map_err(unwritable)?);
    }
    let handles = JsHandles {
        body,
        signal: given(at(CallOption::Signal)),
        fetch: client.fetch.clone(),
        wanted: given(options.get(CallOption::Wanted as u32)),
    };
    PreparedRequest::new(
        &client.config,
        operation,
        parts,
        number(&at(CallOption::Timeout)).unwrap_or(client.timeout_ms),
        number(&at(CallOption::MaxRetries)).unwrap_or(client.max_retries),
        handles,
    )
}

/// An ID.
pub(super) fn segment(name: &'static str, id: &JsValue) -> Result<Segment, InvalidArgument> {
    Segment::new(name, &id.as_string().unwrap_or_default())
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
