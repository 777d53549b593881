//! One table from the file and the environment variables that override it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

use super::error::{Problem, wrong};

const PREFIX: &str = "RTK_GATEWAY__";

/// The fields that the environment sets, and their original texts.
#[derive(Default)]
pub(super) struct Overrides(BTreeMap<String, Override>);

struct Override {
    variable: String,
    /// The text, if it was parsed as another type.
    text: Option<String>,
}

impl Overrides {
    /// The variable that sets a field.
    pub(super) fn variable(&self, field: &str) -> Option<&str> {
        // A variable sets a whole list, but errors name its elements.
        let field = field.split('[').next().unwrap_or(field);
        self.0.get(field).map(|given| given.variable.as_str())
    }

    /// The text of a field that was parsed as a number, a boolean or a list; only once.
    pub(super) fn take_text(&mut self, field: &str) -> Option<String> {
        self.0.get_mut(field)?.text.take()
    }
}

/// Reads the file, and overrides it with the environment.
pub(super) fn table(
    path: &Path,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    overrides: &mut Overrides,
) -> Result<Table, Problem> {
    let bytes = fs::read(path).map_err(|error| wrong("", format!("cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("", "must be UTF-8 text"))?;
    let mut table = parse(&text)?;
    for (variable, value) in environment {
        let Some(variable) = variable.to_str() else {
            continue;
        };
        let Some(name) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        let field = name.to_ascii_lowercase().replace("__", ".");
        let Some(text) = value.to_str() else {
            return Err(wrong(field, format!("{variable} must be UTF-8 text")));
        };
        let value = value_of(text);
        let given = Override {
            variable: variable.to_owned(),
            text: (!value.is_str()).then(|| text.to_owned()),
        };
        overrides.0.insert(field.clone(), given);
        if !set(&mut table, &field, value) {
            return Err(wrong(field, "is no field"));
        }
    }
    Ok(table)
}

/// The parser's own message quotes the line, which may hold a secret.
fn parse(text: &str) -> Result<Table, Problem> {
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let what = error.message().lines().next().unwrap_or_default();
        match before {
            Some(before) => {
                let line = before.matches('\n').count().saturating_add(1);
                wrong(format!("line {line}"), format!("is not TOML: {what}"))
            }
            None => wrong("", format!("is not TOML: {what}")),
        }
    })
}

/// Parses numbers, booleans and lists; everything else is text, without quotes.
fn value_of(text: &str) -> Value {
    match text.parse() {
        Ok(value @ (Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Array(_))) => {
            value
        }
        _ => Value::String(text.to_owned()),
    }
}

/// Whether its table exists.
fn set(table: &mut Table, field: &str, value: Value) -> bool {
    let Some((name, rest)) = field.split_once('.') else {
        table.insert(field.to_owned(), value);
        return true;
    };
    let inner = table
        .entry(name)
        .or_insert_with(|| Value::Table(Table::new()));
    inner
        .as_table_mut()
        .is_some_and(|inner| set(inner, rest, value))
}
