//! What is wrong with a configuration, in one line. No value is ever part of it, for it may be a
//! secret, or the secret that was put in the wrong place.

use std::error::Error;
use std::fmt;
use std::path::Path;

/// A field, and what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// Like `upstream.api_token`; empty if it is the file as such.
    pub(super) field: String,
    /// Like `must be …`.
    pub(super) what: String,
}

/// Says what is wrong with a field.
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
    /// `variable` is the environment's, if it gives the field: then the file is the wrong place.
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
        // A line break may be in a name.
        Self(text.replace(char::is_control, " "))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ConfigError {}
