//! Removes the token from a response, in case the API repeats it.

use bytes::Bytes;
use memchr::memmem;

/// The replacement of a token.
const REPLACEMENT: &[u8] = b"[token]";

/// A shorter token occurs in texts by chance.
const SHORTEST_TOKEN: usize = 6;

/// Finds the token.
pub struct Redact(memmem::Finder<'static>);

impl Redact {
    /// For a token.
    pub fn new(token: &str) -> Self {
        Self(memmem::Finder::new(token.as_bytes()).into_owned())
    }

    /// A text without the token.
    pub fn apply(&self, text: Bytes) -> Bytes {
        let length = self.0.needle().len();
        if length < SHORTEST_TOKEN || self.0.find(&text).is_none() {
            return text;
        }
        let mut clean = Vec::with_capacity(text.len());
        let mut from = 0;
        for at in self.0.find_iter(&text) {
            clean.extend_from_slice(text.get(from..at).unwrap_or_default());
            clean.extend_from_slice(REPLACEMENT);
            from = at + length;
        }
        clean.extend_from_slice(text.get(from..).unwrap_or_default());
        clean.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_comes_back_is_replaced() {
        let redact = Redact::new("secret");
        let apply = |text: &'static str| redact.apply(Bytes::from_static(text.as_bytes()));
        assert_eq!(apply("no such thing"), "no such thing");
        assert_eq!(apply("secret, Bearer secret!"), "[token], Bearer [token]!");
        let short = Redact::new("a").apply(Bytes::from_static(b"a at all"));
        assert_eq!(short, "a at all");
    }
}
