//! `[live]` and `[webhooks]`: how meetings are watched, and how RealtimeKit's events are verified.

use super::error::{Problem, wrong};
use super::raw;
use super::values::{millis, seconds, whole};
use super::web::url;
use super::{Live, Webhooks};

/// Where RealtimeKit publishes its key.
const KEY_URL: &str = "https://api.realtime.cloudflare.com/.well-known/webhooks.json";

/// The largest key, in bytes.
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

pub(super) fn webhooks(raw: &raw::Webhooks) -> Result<Webhooks, Problem> {
    let key_url = raw.key_url.clone().unwrap_or_else(|| KEY_URL.to_owned());
    url("webhooks.key_url", &key_url, true)?;
    let public_key = raw.public_key.as_deref().map(key);
    Ok(Webhooks {
        key_url,
        public_key: public_key.transpose()?,
        refresh: seconds("webhooks.refresh_s", raw.refresh_s, 3600, 1..=86_400)?,
    })
}

fn key(text: &str) -> Result<String, Problem> {
    if text.len() > MOST_BYTES || !text.contains("-----BEGIN PUBLIC KEY-----") {
        return Err(wrong("webhooks.public_key", "must be a public key in PEM"));
    }
    Ok(text.to_owned())
}
