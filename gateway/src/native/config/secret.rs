//! Secrets, from the configuration itself or from a file of their own.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::error::{Problem, wrong};
use super::raw::Hidden;

/// The fewest bytes of a safe signing secret.
const FEWEST_BYTES: usize = 32;
/// A larger file is not a secret.
const MOST_BYTES: u64 = 64 * 1024;

/// A secret that is given in one of two ways, or not at all.
pub(super) fn one_of(
    field: &str,
    text: Option<Hidden>,
    file: Option<PathBuf>,
    folder: &Path,
) -> Result<Option<SecretString>, Problem> {
    match (text, file) {
        (None, None) => Ok(None),
        (Some(Hidden(secret)), None) => Ok(Some(secret)),
        (None, Some(file)) => {
            let path = folder.join(file);
            from_file(&path).map(Some).map_err(|what| {
                let what = format!("{} {what}", path.display());
                wrong(format!("{field}_file"), what)
            })
        }
        (Some(_), Some(_)) => Err(wrong(
            field,
            format!("is given, and {field}_file too; give one of them"),
        )),
    }
}

/// The error of a missing secret, with both ways to set it.
pub(super) fn missing(field: &str) -> Problem {
    wrong(field, format!("is missing; give it or {field}_file"))
}

fn from_file(path: &Path) -> Result<SecretString, String> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| {
        // One byte more, to detect a file that is too large.
        file.take(MOST_BYTES.saturating_add(1))
            .read_to_string(&mut text)
    });
    match read {
        Ok(bytes) if u64::try_from(bytes).is_ok_and(|bytes| bytes <= MOST_BYTES) => {
            let line = text.strip_suffix('\n').unwrap_or(&text);
            Ok(line.strip_suffix('\r').unwrap_or(line).into())
        }
        Ok(_) => Err(format!("must have at most {MOST_BYTES} bytes")),
        Err(error) => Err(format!("cannot be read: {error}")),
    }
}

/// A token must be a legal header value.
pub(super) fn token(field: &str, secret: SecretString) -> Result<SecretString, Problem> {
    let text = secret.expose_secret();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(secret)
    } else {
        Err(wrong(
            field,
            "must be visible ASCII characters without spaces",
        ))
    }
}

/// A key must be too long to guess.
pub(super) fn key(field: &str, secret: SecretString) -> Result<SecretString, Problem> {
    if secret.expose_secret().len() >= FEWEST_BYTES {
        Ok(secret)
    } else {
        Err(wrong(
            field,
            format!("must have {FEWEST_BYTES} bytes or more"),
        ))
    }
}
