//! Environment variables as fields: `RTK_GATEWAY__UPSTREAM__API_TOKEN` sets `upstream.api_token`.
//! The variables may come from a process's environment or from a Worker's bindings.

use std::collections::BTreeMap;

use super::document::{self, Table, Value, parse_value};
use super::error::{Problem, wrong};

/// The start of every variable's name.
pub(crate) const PREFIX: &str = "RTK_GATEWAY__";

/// The fields that variables set, and their original texts.
#[derive(Default)]
pub(crate) struct Overrides(BTreeMap<String, Override>);

struct Override {
    variable: String,
    text: Option<String>,
}

impl Overrides {
    /// The variable that sets a field.
    pub(crate) fn variable(&self, field: &str) -> Option<&str> {
        // A variable sets a whole list, but errors name its elements.
        self.0
            .get(whole(field))
            .map(|given| given.variable.as_str())
    }

    /// The text of a field, only once.
    pub(crate) fn take_text(&mut self, field: &str) -> Option<String> {
        self.0.get_mut(field)?.text.take()
    }

    /// Sets a field of the table, and remembers the variable.
    pub(crate) fn set(
        &mut self,
        table: &mut Table,
        field: &str,
        variable: &str,
        text: &str,
    ) -> Result<(), Problem> {
        let given = Override {
            variable: variable.to_owned(),
            text: Some(text.to_owned()),
        };
        self.0.insert(field.to_owned(), given);
        match set(table, field, value_of(text)) {
            true => Ok(()),
            false => Err(wrong(field, "is no field")),
        }
    }
}

/// The variable that sets a field.
pub(crate) fn variable(field: &str) -> String {
    let name = whole(field).to_ascii_uppercase().replace('.', "__");
    format!("{PREFIX}{name}")
}

/// The list that an element belongs to.
fn whole(field: &str) -> &str {
    field.split('[').next().unwrap_or(field)
}

/// Sets the fields of a table from variables; ignores those of other programs.
pub(crate) fn apply(
    table: &mut Table,
    variables: impl IntoIterator<Item = (String, String)>,
    overrides: &mut Overrides,
) -> Result<(), Problem> {
    for (variable, text) in variables {
        if let Some(name) = variable.strip_prefix(PREFIX) {
            let field = name.to_ascii_lowercase().replace("__", ".");
            overrides.set(table, &field, &variable, &text)?;
        }
    }
    Ok(())
}

/// Parses numbers, booleans and lists; everything else is text, without quotes.
fn value_of(text: &str) -> Value {
    parse_value(text).unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Whether its table exists.
fn set(table: &mut Table, field: &str, value: Value) -> bool {
    let Some((name, rest)) = field.split_once('.') else {
        table.insert(field.to_owned(), value);
        return true;
    };
    let inner = table
        .entry(name)
        .or_insert_with(|| document::table(Table::new()));
    document::as_table(inner).is_some_and(|inner| set(inner, rest, value))
}
