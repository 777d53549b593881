//! TOML that is parsed here.

use serde::de::DeserializeOwned;
use toml::de::Error;
pub(crate) use toml::{Table, Value};

/// Parses a document.
///
/// # Errors
///
/// The reason, without a line of the document.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| message(&error))
}

/// Parses a number, a boolean or a list; `None` for every other text.
pub(crate) fn parse_value(text: &str) -> Option<Value> {
    match text.parse().ok()? {
        Value::String(_) | Value::Datetime(_) | Value::Table(_) => None,
        value => Some(value),
    }
}

/// The error's message, without a line of the document.
pub(crate) fn message(error: &Error) -> String {
    error.message().to_owned()
}

/// A table as a value.
pub(crate) fn table(table: Table) -> Value {
    Value::Table(table)
}

/// A value as a table.
pub(crate) fn as_table(value: &mut Value) -> Option<&mut Table> {
    value.as_table_mut()
}
