//! What the parameters of a call become: a query, or a validated body.

use crate::operation::{Operation, Payload};
use crate::request::invalid_argument::InvalidArgument;
use crate::request::query::Query;
use crate::request::validation::{JsonKind, validate};
use js_sys::JsString;
use serde_json::{Map, Value};

/// The query and the body of an operation. `None` are parameters that cannot be written as JSON.
pub(super) fn payload(
    operation: &Operation,
    params: Option<Value>,
) -> Result<(Query, Option<JsString>), InvalidArgument> {
    let unwritable = InvalidArgument::new("params", "cannot be written as JSON");
    let fields = match params.ok_or(unwritable)? {
        Value::Object(fields) => fields,
        // Parameters of type `()` have no fields.
        _ => Map::new(),
    };
    let mut query = Query::default();
    let mut body = None;
    match operation.payload {
        Payload::Nothing => {}
        Payload::Query => fields
            .iter()
            .for_each(|(name, value)| query.push(name, &query_value(value))),
        Payload::Body(rules) => {
            validate(rules, |name| kind(fields.get(name)))?;
            body = Some(JsString::from(Value::Object(fields).to_string()));
        }
    }
    Ok((query, body))
}

fn kind(value: Option<&Value>) -> JsonKind {
    match value {
        None => JsonKind::Absent,
        Some(Value::Bool(_)) => JsonKind::Bool,
        Some(Value::String(_)) => JsonKind::Text,
        Some(Value::Array(items)) => JsonKind::List {
            length: u32::try_from(items.len()).unwrap_or(u32::MAX),
            texts: items
                .iter()
                .all(|item| item.as_str().is_some_and(|text| !text.is_empty())),
        },
        Some(_) => JsonKind::Other,
    }
}

fn query_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
