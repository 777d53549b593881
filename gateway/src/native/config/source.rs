//! Where a configuration comes from: a file and the environment variables that override it, or the
//! variables alone.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;

use crate::config::environment::{Overrides, PREFIX, apply, variable};
use crate::config::error::{Problem, wrong};

/// The variable with which platforms choose the port.
const PORT: &str = "PORT";

/// Where a configuration comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(Option<PathBuf>);

impl Source {
    /// A file, or without one the environment alone.
    pub fn new(file: Option<PathBuf>) -> Self {
        Self(file)
    }

    /// The file, if there is one.
    pub fn file(&self) -> Option<&Path> {
        self.0.as_deref()
    }

    /// The folder that relative paths start at.
    pub(super) fn folder(&self) -> &Path {
        let parent = self.file().and_then(Path::parent);
        parent.unwrap_or(Path::new(""))
    }

    /// An error that begins with a field's name, as the operator knows the field.
    pub fn explain(&self, what: &str) -> String {
        match (self.file(), what.split_once(": ")) {
            (Some(path), _) => format!("{}: {what}", path.display()),
            (None, Some((field, rest))) if is_field(field) => {
                format!("{}: {rest}", variable(field))
            }
            (None, _) => what.to_owned(),
        }
    }

    /// The fields, from the file and the variables.
    pub(super) fn table(
        &self,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        overrides: &mut Overrides,
    ) -> Result<Table, Problem> {
        let mut table = match self.file() {
            None => Table::new(),
            Some(path) => read(path)?,
        };
        let (mut own, mut port) = (Vec::new(), None);
        for (name, value) in environment {
            match name.to_str() {
                Some(PORT) => port = Some(value),
                Some(name) if name.starts_with(PREFIX) => own.push((name.to_owned(), value)),
                _ => {}
            }
        }
        let own: Result<Vec<_>, _> = own
            .into_iter()
            .map(|(name, value)| match value.into_string() {
                Ok(text) => Ok((name, text)),
                Err(_) => Err(wrong("", format!("{name} must be UTF-8 text"))),
            })
            .collect();
        let own = own?;
        if self.0.is_none() && own.is_empty() {
            let example = variable("account_id");
            return Err(wrong(
                "",
                format!(
                    "there is no configuration: give --config FILE, or set {example} and others"
                ),
            ));
        }
        apply(&mut table, own, overrides)?;
        match port {
            Some(port) if !table.contains_key("listen") => {
                let number = port
                    .to_str()
                    .and_then(|port| port.trim().parse::<u16>().ok());
                // A platform's proxy is on another machine.
                let address = format!("0.0.0.0:{}", number.unwrap_or_default());
                overrides.set(&mut table, "listen", PORT, &address)?;
                if number.is_none() {
                    return Err(wrong("listen", "must be a port, from 0 to 65535"));
                }
            }
            _ => {}
        }
        Ok(table)
    }
}

fn is_field(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'.';
    !text.is_empty() && text.bytes().all(plain)
}

fn read(path: &Path) -> Result<Table, Problem> {
    let bytes = fs::read(path).map_err(|error| wrong("", format!("cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("", "must be UTF-8 text"))?;
    parse(&text)
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
