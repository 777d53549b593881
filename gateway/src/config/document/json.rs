//! TOML that the platform parses: its values are JSON.

use serde::de::DeserializeOwned;
use serde_json::Error;
pub(crate) use serde_json::Value;

use super::parser::installed;

/// A table's fields.
pub(crate) type Table = serde_json::Map<String, Value>;

fn values(text: &str) -> Result<Value, String> {
    let parser = installed().ok_or("there is no parser of TOML")?;
    parser(text)
}

/// Parses a document.
///
/// # Errors
///
/// The reason, without a line of the document.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(values(text)?).map_err(|error| message(&error))
}

/// Parses a number, a boolean or a list; `None` for every other text.
pub(crate) fn parse_value(text: &str) -> Option<Value> {
    let Ok(Value::Object(mut table)) = values(&format!("value = {text}")) else {
        return None;
    };
    let value = table.remove("value")?;
    // The text may have more lines, and so more fields.
    let is_whole = table.is_empty();
    let is_other = value.is_string() || value.is_object() || value.is_null();
    (is_whole && !is_other).then_some(value)
}

/// The error's message.
pub(crate) fn message(error: &Error) -> String {
    error.to_string()
}

/// A table as a value.
pub(crate) fn table(table: Table) -> Value {
    Value::Object(table)
}

/// A value as a table.
pub(crate) fn as_table(value: &mut Value) -> Option<&mut Table> {
    value.as_object_mut()
}
