//! `[live]` and `[webhooks]`: how meetings are watched, and how RealtimeKit's events are verified.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{Problem, wrong};
use super::raw;
use super::values::{millis, path, seconds, whole};
use super::web::url;
use super::{Live, Webhooks};

/// Where RealtimeKit publishes its key.
const KEY_URL: &str = "https://api.realtime.cloudflare.com/.well-known/webhooks.json";

/// The largest file of a key, in bytes.
const MOST_BYTES: usize = 16 * 1024;

pub(super) fn live(raw: &raw::Live) -> Result<Live, Problem> {
    Ok(Live {
        interval: millis("live.interval_ms", raw.interval_ms, 2000, 100..=60_000)?,
        quiet_interval: millis(
            "live.quiet_interval_ms",
            raw.quiet_interval_ms,
            15_000,
            100..=600_000,
        )?,
        sockets_per_moderator: whole(
            "live.sockets_per_moderator",
            raw.sockets_per_moderator,
            64,
            1..=1_000_000,
        )?,
        moderators: raw.moderators.unwrap_or(false),
    })
}

pub(super) fn webhooks(raw: raw::Webhooks, folder: &Path) -> Result<Webhooks, Problem> {
    let key_url = raw.key_url.unwrap_or_else(|| KEY_URL.to_owned());
    url("webhooks.key_url", &key_url, true)?;
    let public_key = raw.public_key_file.map(|file| key(file, folder));
    Ok(Webhooks {
        key_url,
        public_key: public_key.transpose()?,
        refresh: seconds("webhooks.refresh_s", raw.refresh_s, 3600, 1..=86_400)?,
    })
}

fn key(file: PathBuf, folder: &Path) -> Result<String, Problem> {
    let field = "webhooks.public_key_file";
    let path = path(field, file, folder)?;
    let text = fs::read_to_string(&path)
        .map_err(|error| wrong(field, format!("{} cannot be read: {error}", path.display())))?;
    if text.len() > MOST_BYTES || !text.contains("-----BEGIN PUBLIC KEY-----") {
        return Err(wrong(field, "must be a file with a public key in PEM"));
    }
    Ok(text)
}
