//! The API token, which never prints.

use super::invalid_argument::InvalidArgument;

/// The API token. `Debug` prints `[token]`.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// Checks a token.
    pub(crate) fn new(token: &str) -> Result<Self, InvalidArgument> {
        // `fetch` would reject it with an error that contains the whole header.
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
