//! The error of a configuration, in one line. It never shows a value, which may be a secret in the
//! wrong place.

use std::error::Error;
use std::fmt;
use std::path::Path;

use super::environment::variable;

/// A field and its error.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Like `upstream.api_token`; empty for the file itself.
    pub(crate) field: String,
    pub(crate) what: What,
}

/// What is wrong with a field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Like `must be …`.
    Text(String),
    /// It is missing, and so is the field that may be given in its place.
    Missing { other: Option<String> },
    /// It is given, and so is the field that may be given in its place.
    Both { other: String },
    /// There are neither grants nor an identity provider.
    NobodyMay,
}

/// The error of a field.
pub(crate) fn wrong(field: impl Into<String>, what: impl Into<String>) -> Problem {
    Problem {
        field: field.into(),
        what: What::Text(what.into()),
    }
}

/// The error of a missing field.
pub(crate) fn missing(field: &str) -> Problem {
    Problem {
        field: field.to_owned(),
        what: What::Missing { other: None },
    }
}

/// The error of a missing field that can be given in two ways.
pub(crate) fn neither(field: &str, other: &str) -> Problem {
    Problem {
        field: field.to_owned(),
        what: What::Missing {
            other: Some(other.to_owned()),
        },
    }
}

/// The error of a field that is given in two ways.
pub(crate) fn both(field: &str, other: &str) -> Problem {
    Problem {
        field: field.to_owned(),
        what: What::Both {
            other: other.to_owned(),
        },
    }
}

/// Why a configuration cannot be used: `gateway.toml: upstream.timeout_ms: must be …`, and without
/// a file `RTK_GATEWAY__UPSTREAM__TIMEOUT_MS: must be …`.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    field: String,
    text: String,
}

impl ConfigError {
    /// The error of a file, or of variables alone. `set_by` is the variable that sets the field, if
    /// any: the error names it.
    pub(crate) fn new(file: Option<&Path>, problem: &Problem, set_by: Option<&str>) -> Self {
        let text = match file {
            Some(path) => of_file(path, problem, set_by),
            None => of_variables(problem, set_by),
        };
        Self {
            field: problem.field.clone(),
            // A name may contain a line break.
            text: text.replace(char::is_control, " "),
        }
    }

    /// The field, like `upstream.timeout_ms`; empty for the file itself.
    pub fn field(&self) -> &str {
        &self.field
    }
}

fn of_file(path: &Path, problem: &Problem, set_by: Option<&str>) -> String {
    let (path, field) = (path.display(), &problem.field);
    let what = problem.what.text(str::to_owned);
    match set_by {
        _ if field.is_empty() => format!("{path}: {what}"),
        Some(variable) => format!("{path}: {field} ({variable}): {what}"),
        None => format!("{path}: {field}: {what}"),
    }
}

fn of_variables(problem: &Problem, set_by: Option<&str>) -> String {
    let field = problem.field.as_str();
    let what = problem.what.text(variable);
    let name = match (set_by, &problem.what) {
        // The section cannot be set, but its fields can.
        (_, What::NobodyMay) => variable("grants.secret"),
        (Some(variable), _) => variable.to_owned(),
        (None, _) => variable(field),
    };
    match field.is_empty() {
        true => what,
        false => format!("{name}: {what}"),
    }
}

impl What {
    /// In words, with the names of fields as `name` gives them.
    fn text(&self, name: impl Fn(&str) -> String) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Missing { other: None } => "is missing".to_owned(),
            Self::Missing { other: Some(other) } => {
                format!("is missing; give it or {}", name(other))
            }
            Self::Both { other } => {
                let other = name(other);
                format!("is given, and {other} too; give one of them")
            }
            Self::NobodyMay => match name("grants").as_str() {
                "grants" => "is missing; give [grants], [identity] or both".to_owned(),
                _ => {
                    let file = name("grants.secret_file");
                    let provider = name("identity.jwks_url");
                    format!("is missing; give it, {file}, or {provider} and the rest of it")
                }
            },
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for ConfigError {}
