//! The query of a request, escaped.

use super::id::escape_onto;
use crate::ascii::push_number;

/// A query with its question mark, or nothing.
#[derive(Clone, Default)]
pub(crate) struct Query(String);

impl Query {
    /// A query that is already escaped and starts with its question mark.
    #[cfg(realtimekit_npm)]
    pub(crate) fn from_escaped(text: String) -> Self {
        Self(text)
    }

    /// Appends a parameter, not yet escaped.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.0.push_str(if self.0.is_empty() { "?" } else { "&" });
        escape_onto(&mut self.0, name);
        self.0.push_str("=");
        escape_onto(&mut self.0, value);
    }

    /// Appends a number.
    pub(crate) fn push_number(&mut self, name: &str, number: u32) {
        let mut text = String::new();
        push_number(&mut text, number);
        self.push(name, &text);
    }

    /// The query as it stands in a URL.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
