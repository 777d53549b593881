//! Secrets: each is long enough, or a legal header value.

use secrecy::{ExposeSecret, SecretString};

use super::error::{Problem, wrong};

/// The fewest bytes of a safe signing secret.
const FEWEST_BYTES: usize = 32;

/// A token must be a legal header value.
pub(super) fn token(field: &str, secret: &SecretString) -> Result<SecretString, Problem> {
    let text = secret.expose_secret();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(secret.clone())
    } else {
        Err(wrong(
            field,
            "must be visible ASCII characters without spaces",
        ))
    }
}

/// A key must be too long to guess.
pub(super) fn key(field: &str, secret: &SecretString) -> Result<SecretString, Problem> {
    if secret.expose_secret().len() >= FEWEST_BYTES {
        Ok(secret.clone())
    } else {
        Err(wrong(
            field,
            format!("must have {FEWEST_BYTES} bytes or more"),
        ))
    }
}
