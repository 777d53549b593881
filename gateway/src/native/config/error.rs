//! The error of a configuration, in one line. It never shows a value, which may be a secret in the
//! wrong place.

use std::error::Error;
use std::fmt;
use std::path::Path;

/// A field and its error.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// Like `upstream.api_token`; empty for the file itself.
    pub(super) field: String,
    /// Like `must be …`.
    pub(super) what: String,
}

/// The error of a field.
pub(super) fn wrong(field: impl Into<String>, what: impl Into<String>) -> Problem {
    Problem {
        field: field.into(),
        what: what.into(),
    }
}

/// Why a configuration cannot be used: `gateway.toml: upstream.timeout_ms: must be …`.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl ConfigError {
    /// `variable` is the environment variable that sets the field, if any: the error names it
    /// instead of the file.
    pub(super) fn new(path: &Path, problem: Problem, variable: Option<&str>) -> Self {
        let mut text = path.display().to_string();
        if !problem.field.is_empty() {
            text.push_str(": ");
            text.push_str(&problem.field);
            if let Some(variable) = variable {
                text.push_str(&format!(" ({variable})"));
            }
        }
        text.push_str(": ");
        text.push_str(&problem.what);
        // A name may contain a line break.
        Self(text.replace(char::is_control, " "))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ConfigError {}
