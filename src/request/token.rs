//! The API token, which never prints.

use super::invalid_argument::InvalidArgument;

/// The API token. `Debug` prints `[token]`.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// Checks a token. A line break at its end, as of a file, is left out.
    pub(crate) fn new(token: &str) -> Result<Self, InvalidArgument> {
        let token = token.trim_ascii_end();
        // `fetch` would reject it with an error that contains the whole header.
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidArgument::new("apiToken", "is not legal in a header"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_one_word_and_never_shown() {
        for token in [
            "",
            "\n",
            "secret\nsecret",
            " secret",
            "se cret",
            "sécret",
            "secret\0",
        ] {
            let refusal = Token::new(token).unwrap_err();
            assert!(!refusal.to_string().contains("cret"), "{token:?}");
        }
        for token in ["secret", "secret\n", "secret \r\n"] {
            assert_eq!(Token::new(token).unwrap().bearer(), "Bearer secret");
        }
        let token = Token::new("secret").unwrap();
        assert_eq!(format!("{token:?}"), "[token]");
    }
}
