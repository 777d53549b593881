//! Request headers: what may stand in one, and how defaults and a call's own are put together.

use crate::error::Invalid;
use std::borrow::Cow;

/// What a caller wants done to the headers: a value to set, or `None` to leave the header out.
#[derive(Clone, Default)]
pub(crate) struct HeaderChanges(Vec<(String, Option<String>)>);

impl HeaderChanges {
    /// No changes.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets a header (`Some`) or leaves it out (`None`). Names are case-insensitive; white space
    /// around a value does not count.
    ///
    /// # Errors
    ///
    /// If the name or the value is not legal in an HTTP header. The error never shows the value.
    pub(crate) fn change(&mut self, name: &str, value: Option<&str>) -> Result<(), Invalid> {
        if name.is_empty() || !name.bytes().all(is_token_byte) {
            return Err(Invalid::new("headers", "hold a name not legal in a header"));
        }
        let value = match value.map(|value| value.trim_matches([' ', '\t'])) {
            Some(value) if !value.chars().all(is_value_char) => {
                return Err(Invalid::new(
                    "headers",
                    "hold a value not legal in a header",
                ));
            }
            value => value.map(str::to_owned),
        };
        let name = name.to_ascii_lowercase();
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value));
        Ok(())
    }

    /// The changes, in the order they were made.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_deref()))
    }
}

/// The length, in bytes, from which on a token is taken out of messages: a shorter one is no secret,
/// and stands in many a word.
const SHORTEST_SECRET: usize = 6;

/// The headers of a request, lower-case, each once.
#[derive(Default)]
pub(crate) struct Headers(Vec<(Cow<'static, str>, String)>);

impl Headers {
    /// Sets a header of ours.
    pub(crate) fn set(&mut self, name: &'static str, value: String) {
        self.0.push((Cow::Borrowed(name), value));
    }

    /// Does what the caller wants done.
    pub(crate) fn apply(&mut self, changes: &HeaderChanges) {
        for (name, value) in changes.iter() {
            self.0.retain(|(known, _)| known != name);
            if let Some(value) = value {
                self.0.push((Cow::Owned(name.to_owned()), value.to_owned()));
            }
        }
    }

    /// The value of a header.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// `text` without what authorizes the request, be it the client's token or the call's own.
    pub(crate) fn redact(&self, text: String) -> String {
        let authorization = self.get("authorization").unwrap_or_default();
        match authorization.rsplit(' ').next() {
            Some(secret) if secret.len() >= SHORTEST_SECRET && text.contains(secret) => {
                text.replace(secret, "[token]")
            }
            _ => text,
        }
    }
}

/// The API token. It prints as `[token]`, wherever it goes.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// Checks a token.
    pub(crate) fn new(token: &str) -> Result<Self, Invalid> {
        // What `fetch` would refuse is refused here first: its error shows the whole header.
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Invalid::new(
                "apiToken",
                "holds a character not legal in a header, perhaps a line break at its end",
            ));
        }
        Ok(Self(token.to_owned()))
    }

    /// The value of the `Authorization` header.
    pub(crate) fn bearer(&self) -> String {
        ["Bearer ", &self.0].concat()
    }
}

impl core::fmt::Debug for Token {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("[token]")
    }
}

/// RFC 9110's `tchar`.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// RFC 9110's field content: `fetch` sends one byte a character.
fn is_value_char(c: char) -> bool {
    matches!(c, '\t' | ' '..='~' | '\u{80}'..='\u{ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_overrides_sets_and_leaves_out() {
        let mut changes = HeaderChanges::new();
        changes.change("ACCEPT", Some("text/plain")).unwrap();
        changes.change("x-one", Some(" 1\t")).unwrap();
        changes.change("X-Two", Some("2")).unwrap();
        changes.change("x-two", None).unwrap();
        let mut headers = Headers::default();
        headers.set("accept", "application/json".into());
        headers.set("x-two", "0".into());
        headers.apply(&changes);
        let all: Vec<_> = headers.iter().collect();
        assert_eq!(all, [("accept", "text/plain"), ("x-one", "1")]);
    }

    #[test]
    fn illegal_headers_are_refused_and_not_shown() {
        let mut changes = HeaderChanges::new();
        for (name, value) in [
            ("", "v"),
            ("a b", "v"),
            ("a:", "v"),
            ("é", "v"),
            ("a", "secret\r\nx: y"),
            ("a", "secret\0"),
            ("a", "secret\u{7f}"),
            ("a", "secret漢"),
        ] {
            let refusal = changes.change(name, Some(value)).unwrap_err();
            assert!(!refusal.to_string().contains("secret"));
        }
        assert_eq!(changes.iter().count(), 0);
    }

    #[test]
    fn a_token_is_one_word_and_never_shown() {
        for token in ["", "secret\n", " secret", "se cret", "sécret", "secret\0"] {
            let refusal = Token::new(token).unwrap_err();
            assert!(!refusal.to_string().contains("cret"), "{token:?}");
        }
        let token = Token::new("secret").unwrap();
        assert_eq!(token.bearer(), "Bearer secret");
        assert_eq!(format!("{token:?}"), "[token]");
    }

    #[test]
    fn what_authorizes_a_request_is_in_no_message() {
        let said = |authorization: &str, text: &str| {
            let mut headers = Headers::default();
            headers.set("authorization", authorization.into());
            headers.redact(text.into())
        };
        assert_eq!(
            said("Bearer secret", "401 Bearer secret is wrong"),
            "401 Bearer [token] is wrong"
        );
        assert_eq!(said("hush-hush", "hush-hush!"), "[token]!");
        assert_eq!(said("Bearer a", "404 at all"), "404 at all");
        assert_eq!(Headers::default().redact("text".into()), "text");
    }
}
