//! Parses the parameters of a fault step, `name:key=value:flag`. An unknown parameter is an error, so
//! that no test passes because of a misspelt one.

use std::str::FromStr;

use axum::http::HeaderValue;
use percent_encoding::percent_decode_str;

/// The parameters of a step that are not parsed yet.
pub(super) struct Params<'a> {
    step: &'a str,
    left: Vec<(&'a str, Option<&'a str>)>,
}

impl<'a> Params<'a> {
    /// Splits a step into its name and its parameters.
    pub(super) fn split(step: &'a str) -> (&'a str, Self) {
        let mut parts = step.trim().split(':').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let left = parts
            .map(|part| match part.split_once('=') {
                Some((key, value)) => (key.trim(), Some(value.trim())),
                None => (part, None),
            })
            .collect();
        (name, Self { step, left })
    }

    fn take(&mut self, key: &str) -> Option<Option<&'a str>> {
        let place = self.left.iter().position(|(name, _)| *name == key)?;
        Some(self.left.remove(place).1)
    }

    /// Whether a flag is given.
    pub(super) fn flag(&mut self, key: &str) -> Result<bool, String> {
        match self.take(key) {
            None => Ok(false),
            Some(None | Some("true")) => Ok(true),
            Some(Some("false")) => Ok(false),
            Some(Some(_)) => Err(self.wrong(key)),
        }
    }

    /// The text of a parameter.
    pub(super) fn text(&mut self, key: &str) -> Result<Option<&'a str>, String> {
        match self.take(key) {
            None => Ok(None),
            Some(Some(value)) => Ok(Some(value)),
            Some(None) => Err(self.wrong(key)),
        }
    }

    /// The parsed value of a parameter.
    pub(super) fn parsed<T: FromStr>(&mut self, key: &str) -> Result<Option<T>, String> {
        match self.text(key)? {
            None => Ok(None),
            Some(text) => match text.parse() {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(self.wrong(key)),
            },
        }
    }

    /// A final status code. hyper sends none below 200.
    pub(super) fn code(&mut self, default: Option<u16>) -> Result<Option<u16>, String> {
        match self.parsed::<u16>("code")?.or(default) {
            Some(code) if !(200..=999).contains(&code) => Err(self.wrong("code")),
            code => Ok(code),
        }
    }

    /// A header value from percent-encoded text.
    pub(super) fn header(&mut self, key: &str) -> Result<Option<HeaderValue>, String> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        let bytes: Vec<u8> = percent_decode_str(text).collect();
        HeaderValue::from_bytes(&bytes)
            .map(Some)
            .map_err(|_| self.wrong(key))
    }

    /// `act=after`: the request is carried out before the fault.
    pub(super) fn acts(&mut self) -> Result<bool, String> {
        match self.text("act")? {
            None | Some("never") => Ok(false),
            Some("after") => Ok(true),
            Some(_) => Err(self.wrong("act")),
        }
    }

    /// The share of the body to send, 0 to 1. The default is half.
    pub(super) fn at(&mut self) -> Result<f64, String> {
        match self.parsed::<f64>("at")? {
            None => Ok(0.5),
            Some(at) if (0.0..=1.0).contains(&at) => Ok(at),
            Some(_) => Err(self.wrong("at")),
        }
    }

    /// The error message for an invalid value.
    pub(super) fn wrong(&self, key: &str) -> String {
        format!("fault step `{}`: wrong value for `{key}`", self.step)
    }

    /// Checks that no parameter is left.
    pub(super) fn finish(self) -> Result<(), String> {
        match self.left.first() {
            None => Ok(()),
            Some((key, _)) => Err(format!(
                "fault step `{}`: unknown parameter `{key}`",
                self.step
            )),
        }
    }
}
