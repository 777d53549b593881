//! Writes a revocation into the file that a running gateway reads within seconds.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use serde_json::Value;

use crate::native::cli::Revoke;
use crate::native::config::Config;
use crate::revocations::Revocations;

/// Adds a revocation; returns its description.
///
/// # Errors
///
/// If the file of revocations is missing or invalid, or cannot be written.
pub fn revoke(config: &Config, asked: &Revoke, now_s: u64) -> Result<String, String> {
    let path = config.revocations_file.as_ref();
    let path = path.ok_or("revocations_file: is missing, so there is no file to write to")?;
    let mut entry = String::new();
    let mut parts = Vec::new();
    for (name, value) in [("jti", &asked.jti), ("sub", &asked.sub)] {
        if let Some(value) = value {
            // A JSON string is a valid TOML string.
            entry.push_str(&format!("{name} = {}\n", Value::from(value.as_str())));
            parts.push(format!("{name} {value}"));
        }
    }
    if let Some(time) = asked.issued_before {
        let time = time.seconds(now_s);
        entry.push_str(&format!("issued_before = {time}\n"));
        parts.push(format!("issued before {time}"));
    }
    let text = format!("\n[[revoked]]\n{entry}");
    let known = read(path).map_err(|error| named(path, &error))?;
    // An invalid file would keep the gateway from reading this.
    let all = Revocations::parse(&format!("{known}{text}"));
    all.map_err(|what| format!("{}: {what}", path.display()))?;
    append(path, &text).map_err(|error| named(path, &error))?;
    Ok(format!("revoked: grants with {}", parts.join(" and ")))
}

fn named(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

fn read(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read,
    }
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()
}
