//! Reads the fields from the table; an error says what a field must be.

use toml::{Table, Value};

use super::error::{Problem, wrong};
use super::raw::Raw;
use super::source::Overrides;

/// Reads the fields from the table.
pub(super) fn read(mut table: Table, overrides: &mut Overrides) -> Result<Raw, Problem> {
    loop {
        let error = match serde_path_to_error::deserialize(Value::Table(table.clone())) {
            Ok(raw) => return Ok(raw),
            Err(error) => error,
        };
        // A variable that looks like a number may be a text, for instance a token of digits.
        let field = error.path().to_string();
        match overrides.take_text(&field) {
            Some(text) if set(&mut table, &field, &text) => {}
            _ => return Err(problem(field, error.inner().message())),
        }
    }
}

fn set(table: &mut Table, field: &str, text: &str) -> bool {
    let place = match field.split_once('.') {
        None => table.get_mut(field),
        Some((section, name)) => table
            .get_mut(section)
            .and_then(Value::as_table_mut)
            .and_then(|section| section.get_mut(name)),
    };
    place
        .map(|value| *value = Value::String(text.to_owned()))
        .is_some()
}

/// Only the expectation in serde's message: the rest quotes the value.
fn problem(field: String, message: &str) -> Problem {
    let expected = message
        .rsplit_once("expected ")
        .map(|(_, expected)| expected.lines().next().unwrap_or_default());
    let Some(expected) = expected else {
        return wrong(field, "is of a wrong form");
    };
    if message.starts_with("unknown field") {
        return wrong(field, format!("is no field; there is {expected}"));
    }
    let expected = match expected {
        "i64" => "a whole number",
        "f64" => "a number",
        "a sequence" => "a list",
        "path string" => "a string",
        other => other,
    };
    wrong(field, format!("must be {expected}"))
}
