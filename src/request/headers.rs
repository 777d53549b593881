//! Request headers: which are legal, and how a call's own are merged with the client's.

use super::invalid_argument::InvalidArgument;
use crate::ascii::{around, cut, pieces};

/// Shorter words are not redacted: they are no secret, and occur inside other words.
const SHORTEST_SECRET: usize = 6;

/// Headers by their lower-case names: a value to send, or `None` for one that is removed.
#[derive(Clone, Default)]
pub(crate) struct Headers(Vec<(String, Option<String>)>);

impl Headers {
    /// No headers.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether there are none, neither set nor removed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets a header (`Some`) or removes it (`None`) as the caller wants. Names are case-insensitive; white space
    /// around a value is dropped.
    ///
    /// # Errors
    ///
    /// If the name or the value is not legal in an HTTP header. The error never contains the value.
    pub(crate) fn change(
        &mut self,
        name: &str,
        value: Option<&str>,
    ) -> Result<(), InvalidArgument> {
        if name.is_empty() || !name.bytes().all(is_token_byte) {
            return Err(InvalidArgument::new(
                "headers",
                "hold a name not legal in a header",
            ));
        }
        if !value.unwrap_or_default().bytes().all(is_value_byte) {
            return Err(InvalidArgument::new(
                "headers",
                "hold a value not legal in a header",
            ));
        }
        self.set(&name.to_ascii_lowercase(), value.map(str::trim_ascii));
        Ok(())
    }

    /// Sets a header that is known to be legal.
    pub(crate) fn set(&mut self, name: &str, value: Option<&str>) {
        let value = value.map(str::to_owned);
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Sets and removes what `changes` sets and removes.
    pub(crate) fn apply(&mut self, changes: &Headers) {
        for (name, value) in &changes.0 {
            self.set(name, value.as_deref());
        }
    }

    /// A header: `Some(Some)` if set, `Some(None)` if removed, `None` if neither.
    pub(crate) fn get(&self, name: &str) -> Option<Option<&str>> {
        let known = self.0.iter().find(|(known, _)| known == name)?;
        Some(known.1.as_deref())
    }

    /// The headers to send.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?)))
    }

    /// `text` without the credentials of the request, be they the client's token or the call's own header.
    pub(crate) fn redact(&self, text: String) -> String {
        let authorization = self.get("authorization").flatten().unwrap_or_default();
        // The scheme is no secret; each word after it may be.
        let secrets = match cut(authorization, b' ') {
            (secret, None) => secret,
            (_, Some(secrets)) => secrets,
        };
        let mut text = text;
        for secret in pieces(secrets, b' ') {
            while secret.len() >= SHORTEST_SECRET
                && let Some((before, after)) = around(&text, secret)
            {
                let mut redacted = String::from(before);
                redacted.push_str("[token]");
                redacted.push_str(after);
                text = redacted;
            }
        }
        text
    }
}

/// RFC 9110's `tchar`.
fn is_token_byte(byte: u8) -> bool {
    // (`contains` of a slice would add a search by words to the wasm.)
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// RFC 9110's field content. `fetch` sends one byte per character, so only characters up to U+00FF are legal: in
/// UTF-8 their first byte is at most C3.
fn is_value_byte(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~' | 0x80..=0xc3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_overrides_sets_and_leaves_out() {
        let mut changes = Headers::new();
        changes.change("ACCEPT", Some("text/plain")).unwrap();
        changes.change("x-one", Some(" 1\t")).unwrap();
        changes.change("X-Two", Some("2")).unwrap();
        changes.change("x-two", None).unwrap();
        let mut headers = Headers::default();
        headers.set("accept", Some("application/json"));
        headers.set("x-two", Some("0"));
        headers.apply(&changes);
        let all: Vec<_> = headers.iter().collect();
        assert_eq!(all, [("accept", "text/plain"), ("x-one", "1")]);
        assert_eq!(headers.get("x-two"), Some(None));
        assert_eq!(headers.get("x-three"), None);
    }

    #[test]
    fn illegal_headers_are_refused_and_not_shown() {
        let mut changes = Headers::new();
        for (name, value) in [
            ("", "v"),
            ("a b", "v"),
            ("a:", "v"),
            ("é", "v"),
            ("a", "secret\r\nx: y"),
            ("a", "secret\0"),
            ("a", "secret\n"),
            ("a", "secret\u{7f}"),
            ("a", "secret漢"),
            ("a", "secret\u{100}"),
        ] {
            let refusal = changes.change(name, Some(value)).unwrap_err();
            assert!(!refusal.to_string().contains("secret"));
        }
        assert_eq!(changes.iter().count(), 0);
        changes.change("a", Some("\u{80}é\u{ff}\t~")).unwrap();
    }

    #[test]
    fn credentials_are_redacted() {
        let redacted = |authorization: &str, text: &str| {
            let mut headers = Headers::default();
            headers.set("authorization", Some(authorization));
            headers.redact(text.into())
        };
        assert_eq!(
            redacted("Bearer secret", "401 Bearer secret is wrong: secret"),
            "401 Bearer [token] is wrong: [token]"
        );
        assert_eq!(redacted("hush-hush", "hush-hush!"), "[token]!");
        assert_eq!(
            redacted("Digest user abcdef, 123456", "123456 of abcdef, user"),
            "[token] of [token] user"
        );
        assert_eq!(redacted("Bearer a", "404 at all"), "404 at all");
        assert_eq!(Headers::default().redact("text".into()), "text");
    }
}
