//! Request headers: what may stand in one, and how defaults and a call's own are put together.

use crate::error::InvalidArgument;
use crate::text::{around, cut, pieces};

/// The length, in bytes, from which on a token is taken out of messages: a shorter one is no secret,
/// and stands in many a word.
const SHORTEST_SECRET: usize = 6;

/// Headers, lower-case, each once: a value to send, or `None` for one that is left out.
#[derive(Clone, Default)]
pub(crate) struct Headers(Vec<(String, Option<String>)>);

impl Headers {
    /// None yet.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether nothing was said of any.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets a header (`Some`) or leaves it out (`None`), as a caller wants it. Names are
    /// case-insensitive; white space around a value does not count.
    ///
    /// # Errors
    ///
    /// If the name or the value is not legal in an HTTP header. The error never shows the value.
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

    /// Sets all that `changes` sets, and leaves out what it leaves out.
    pub(crate) fn apply(&mut self, changes: &Headers) {
        for (name, value) in &changes.0 {
            self.set(name, value.as_deref());
        }
    }

    /// A header that was set (`Some(Some)`), left out (`Some(None)`), or never spoken of.
    pub(crate) fn get(&self, name: &str) -> Option<Option<&str>> {
        let known = self.0.iter().find(|(known, _)| known == name)?;
        Some(known.1.as_deref())
    }

    /// Those to be sent.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?)))
    }

    /// `text` without what authorizes the request, be it the client's token or the call's own.
    pub(crate) fn redact(&self, text: String) -> String {
        let authorization = self.get("authorization").flatten().unwrap_or_default();
        // The scheme, if there is one, is no secret; each word after it may be.
        let secrets = match cut(authorization, b' ') {
            (secret, None) => secret,
            (_, Some(secrets)) => secrets,
        };
        let mut text = text;
        for secret in pieces(secrets, b' ') {
            while secret.len() >= SHORTEST_SECRET
                && let Some((before, after)) = around(&text, secret)
            {
                let mut told = String::from(before);
                told.push_str("[token]");
                told.push_str(after);
                text = told;
            }
        }
        text
    }
}

/// The API token. It prints as `[token]`, wherever it goes.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// Checks a token.
    pub(crate) fn new(token: &str) -> Result<Self, InvalidArgument> {
        // What `fetch` would refuse is refused here first: its error shows the whole header.
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidArgument::new(
                "apiToken",
                "holds a character not legal in a header, perhaps a line break at its end",
            ));
        }
        Ok(Self(token.to_owned()))
    }

    /// The value of the `Authorization` header.
    pub(crate) fn bearer(&self) -> String {
        let mut value = String::from("Bearer ");
        value.push_str(&self.0);
        value
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

/// RFC 9110's field content, of which `fetch` sends one byte a character: in UTF-8, what is up to
/// U+00FF is led by C3 at the most.
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
            headers.set("authorization", Some(authorization));
            headers.redact(text.into())
        };
        assert_eq!(
            said("Bearer secret", "401 Bearer secret is wrong: secret"),
            "401 Bearer [token] is wrong: [token]"
        );
        assert_eq!(said("hush-hush", "hush-hush!"), "[token]!");
        assert_eq!(
            said("Digest user abcdef, 123456", "123456 of abcdef, user"),
            "[token] of [token] user"
        );
        assert_eq!(said("Bearer a", "404 at all"), "404 at all");
        assert_eq!(Headers::default().redact("text".into()), "text");
    }
}
