//! Reads the files that the configuration names into it: secrets and the key of webhooks.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::config::error::{Problem, both, wrong};
use crate::config::raw::{Hidden, Raw};

/// A larger file is not a secret.
const MOST_BYTES: u64 = 64 * 1024;

/// Puts the files' contents in place of their names. Returns the files that hold secrets.
pub(super) fn read_in(raw: &mut Raw, folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    let mut read_in = |field, text: &mut Option<Hidden>, file: &mut Option<PathBuf>| {
        let Some(file) = file.take() else {
            return Ok(());
        };
        let path = folder.join(file);
        let secret = one_of(field, text.is_some(), &path)?;
        *text = Some(Hidden(secret));
        files.push(path);
        Ok(())
    };
    let upstream = &mut raw.upstream;
    read_in(
        "upstream.api_token",
        &mut upstream.api_token,
        &mut upstream.api_token_file,
    )?;
    if let Some(grants) = &mut raw.grants {
        read_in("grants.secret", &mut grants.secret, &mut grants.secret_file)?;
        read_in(
            "grants.previous_secret",
            &mut grants.previous_secret,
            &mut grants.previous_secret_file,
        )?;
    }
    if let Some(webhooks) = &mut raw.webhooks
        && let Some(file) = webhooks.public_key_file.take()
    {
        let path = folder.join(file);
        let field = "webhooks.public_key";
        let key = text_of(field, webhooks.public_key.is_some(), &path)?;
        webhooks.public_key = Some(key);
    }
    Ok(files)
}

fn one_of(field: &str, is_given: bool, path: &Path) -> Result<SecretString, Problem> {
    let text = text_of(field, is_given, path)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).into())
}

fn text_of(field: &str, is_given: bool, path: &Path) -> Result<String, Problem> {
    let file_field = format!("{field}_file");
    if is_given {
        return Err(both(field, &file_field));
    }
    read(path).map_err(|what| wrong(file_field, format!("{} {what}", path.display())))
}

fn read(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| {
        // One byte more, to detect a file that is too large.
        file.take(MOST_BYTES.saturating_add(1))
            .read_to_string(&mut text)
    });
    match read {
        Ok(bytes) if u64::try_from(bytes).is_ok_and(|bytes| bytes <= MOST_BYTES) => Ok(text),
        Ok(_) => Err(format!("must have at most {MOST_BYTES} bytes")),
        Err(error) => Err(format!("cannot be read: {error}")),
    }
}
