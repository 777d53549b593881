//! Reads the fields from the table; an error says what a field must be.

use serde::Deserialize;

use super::document::{self, Table, Value};
use super::environment::Overrides;
use super::error::{Problem, wrong};
use super::raw::Raw;

/// Reads the fields from the table.
pub(crate) fn read(mut table: Table, overrides: &mut Overrides) -> Result<Raw, Problem> {
    loop {
        let whole = document::table(table.clone());
        let error = match Raw::deserialize(whole.clone()) {
            Ok(raw) => return Ok(raw),
            Err(error) => error,
        };
        // A variable's text does not say of what type it is, but the field does.
        let field = locate(&whole, &|value| value, String::new());
        let problem = problem(&field, &document::message(&error));
        let Some(text) = overrides.take_text(&field) else {
            return Err(problem.error);
        };
        let value = match problem.is_list {
            true => list(&text),
            false => Value::String(text),
        };
        if !replace(&mut table, &field, value) {
            return Err(problem.error);
        }
    }
}

/// The field at which reading fails: the last one of the shortest part that fails. serde's own errors do
/// not name it, and a library that does would be a tenth of the Worker.
fn locate(value: &Value, place: &dyn Fn(Value) -> Value, path: String) -> String {
    let fails = |value: Value| Raw::deserialize(place(value)).is_err();
    if let Value::Array(items) = value
        && !fails(Value::Array(Vec::new()))
    {
        let number = (0..items.len()).find(|last| {
            let part = items.iter().take(last + 1).cloned();
            fails(Value::Array(part.collect()))
        });
        return number.map_or(path.clone(), |number| format!("{path}[{number}]"));
    }
    let fields = document::as_table(&mut value.clone()).map(std::mem::take);
    let Some(fields) = fields.filter(|_| !fails(document::table(Table::new()))) else {
        return path;
    };
    let mut part = Table::new();
    for (name, field) in fields {
        part.insert(name.clone(), field.clone());
        if fails(document::table(part.clone())) {
            let inner = match path.is_empty() {
                true => name.clone(),
                false => format!("{path}.{name}"),
            };
            let place = |value| {
                let table = Table::from_iter([(name.clone(), value)]);
                place(document::table(table))
            };
            return locate(&field, &place, inner);
        }
    }
    path
}

/// `https://a.example, https://b.example`
fn list(text: &str) -> Value {
    let items = text.split(',').map(str::trim);
    let items = items.filter(|item| !item.is_empty());
    Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
}

/// Whether the field had another value.
fn replace(table: &mut Table, field: &str, value: Value) -> bool {
    let place = match field.split_once('.') {
        None => table.get_mut(field),
        Some((section, name)) => table
            .get_mut(section)
            .and_then(document::as_table)
            .and_then(|section| section.get_mut(name)),
    };
    place.is_some_and(|place| {
        let differs = *place != value;
        *place = value;
        differs
    })
}

struct WrongType {
    error: Problem,
    is_list: bool,
}

/// Only the expectation in serde's message: the rest quotes the value.
fn problem(field: &str, message: &str) -> WrongType {
    let expected = message
        .rsplit_once("expected ")
        .map(|(_, expected)| expected.lines().next().unwrap_or_default());
    let error = match expected {
        None => wrong(field, "is of a wrong form"),
        Some(expected) if message.starts_with("unknown field") => {
            wrong(field, format!("is no field; there is {expected}"))
        }
        Some("i64") => wrong(field, "must be a whole number"),
        Some("f64") => wrong(field, "must be a number"),
        Some("a sequence") => wrong(field, "must be a list"),
        Some("path string") => wrong(field, "must be a string"),
        Some(other) => wrong(field, format!("must be {other}")),
    };
    WrongType {
        error,
        is_list: expected == Some("a sequence"),
    }
}
