//! Validates the fields and builds the configuration; defines the defaults and the ranges.

use std::path::Path;

use secrecy::ExposeSecret;

use super::error::{Problem, wrong};
use super::live;
use super::raw::{self, Raw};
use super::secret;
use super::values::{
    account_id, address, folder as existing_folder, header, millis, path, proxy, required, seconds,
    share, text, whole,
};
use super::web::{origin, url};
use super::{
    Audit, Budget, Bulk, Config, Durability, Grants, Identity, Limits, Mutations, Page, Reads, Tls,
    Upstream,
};

const MINUTE_MS: i64 = 60_000;
const DAY_S: i64 = 86_400;
const KIB: i64 = 1024;
const MIB: i64 = 1024 * KIB;
const MILLION: i64 = 1_000_000;

/// The configuration, with paths relative to a folder.
pub(super) fn config(raw: Raw, folder: &Path) -> Result<Config, Problem> {
    let listen = address("listen", raw.listen.as_deref().unwrap_or("127.0.0.1:8787"))?;
    let metrics_listen = match raw.metrics_listen {
        Some(given) => Some(address("metrics_listen", &given)?),
        None => None,
    };
    if metrics_listen == Some(listen) && listen.port() != 0 {
        return Err(wrong(
            "metrics_listen",
            "must be another address than listen",
        ));
    }
    for (place, given) in raw.origins.iter().enumerate() {
        origin(&format!("origins[{place}]"), given)?;
    }
    let trusted_proxies = raw.trusted_proxies.iter().enumerate();
    let trusted_proxies =
        trusted_proxies.map(|(place, given)| proxy(&format!("trusted_proxies[{place}]"), given));
    let cors_headers = raw.cors_headers.iter().enumerate();
    let cors_headers =
        cors_headers.map(|(place, given)| header(&format!("cors_headers[{place}]"), given));
    if raw.grants.is_none() && raw.identity.is_none() {
        let what = "is missing; give [grants], [identity] or both";
        return Err(wrong("grants", what));
    }
    let mut secret_files = vec![raw.upstream.api_token_file.clone()];
    if let Some(grants) = &raw.grants {
        secret_files.push(grants.secret_file.clone());
        secret_files.push(grants.previous_secret_file.clone());
    }
    let secret_files = secret_files.into_iter().flatten();
    Ok(Config {
        secret_files: secret_files.map(|file| folder.join(file)).collect(),
        listen,
        account_id: account_id("account_id", required("account_id", raw.account_id)?)?,
        origins: raw.origins,
        metrics_listen,
        trusted_proxies: trusted_proxies.collect::<Result<_, _>>()?,
        cors_headers: cors_headers.collect::<Result<_, _>>()?,
        revocations_file: raw
            .revocations_file
            .map(|given| path("revocations_file", given, folder))
            .transpose()?,
        log: level(raw.log.as_deref().unwrap_or("info"))?,
        upstream: upstream(raw.upstream, folder)?,
        grants: raw.grants.map(|given| grants(given, folder)).transpose()?,
        identity: raw
            .identity
            .map(|given| identity(given, folder))
            .transpose()?,
        reads: reads(&raw.reads)?,
        mutations: mutations(&raw.mutations)?,
        budget: budget(&raw.budget)?,
        bulk: Bulk {
            max_requests: whole("bulk.max_requests", raw.bulk.max_requests, 50, 1..=1000)?,
            timeout: millis(
                "bulk.timeout_ms",
                raw.bulk.timeout_ms,
                10_000,
                1..=10 * MINUTE_MS,
            )?,
        },
        audit: audit(raw.audit, folder)?,
        limits: limits(&raw.limits)?,
        tls: raw.tls.map(|given| tls(given, folder)).transpose()?,
        page: raw.page.map(|given| page(given, folder)).transpose()?,
        live: live::live(&raw.live)?,
        webhooks: raw
            .webhooks
            .map(|given| live::webhooks(given, folder))
            .transpose()?,
    })
}

fn level(name: &str) -> Result<tracing::Level, Problem> {
    match name {
        "error" => Ok(tracing::Level::ERROR),
        "warn" => Ok(tracing::Level::WARN),
        "info" => Ok(tracing::Level::INFO),
        "debug" => Ok(tracing::Level::DEBUG),
        _ => Err(wrong("log", "must be error, warn, info or debug")),
    }
}

fn upstream(raw: raw::Upstream, folder: &Path) -> Result<Upstream, Problem> {
    let base = raw.base_url.as_deref();
    let base = base.unwrap_or("https://api.cloudflare.com/client/v4");
    url("upstream.base_url", base, false)?;
    let field = "upstream.api_token";
    let token = secret::one_of(field, raw.api_token, raw.api_token_file, folder)?
        .ok_or_else(|| secret::missing(field))?;
    Ok(Upstream {
        base_url: base.trim_end_matches('/').to_owned(),
        api_token: secret::token(field, token)?,
        connect_timeout: millis(
            "upstream.connect_timeout_ms",
            raw.connect_timeout_ms,
            5000,
            1..=10 * MINUTE_MS,
        )?,
        timeout: millis(
            "upstream.timeout_ms",
            raw.timeout_ms,
            30_000,
            1..=10 * MINUTE_MS,
        )?,
        max_response_bytes: whole(
            "upstream.max_response_bytes",
            raw.max_response_bytes,
            8 * MIB,
            KIB..=256 * MIB,
        )?,
        ca_file: raw
            .ca_file
            .map(|given| path("upstream.ca_file", given, folder))
            .transpose()?,
    })
}

fn grants(raw: raw::Grants, folder: &Path) -> Result<Grants, Problem> {
    let field = "grants.secret";
    let current = secret::one_of(field, raw.secret, raw.secret_file, folder)?
        .ok_or_else(|| secret::missing(field))?;
    let before = "grants.previous_secret";
    let previous = secret::one_of(
        before,
        raw.previous_secret,
        raw.previous_secret_file,
        folder,
    )?;
    // The file is empty between two rotations, so that systemd can always load the credential.
    let previous = previous.filter(|given| !given.expose_secret().is_empty());
    Ok(Grants {
        secret: secret::key(field, current)?,
        previous_secret: previous
            .map(|given| secret::key(before, given))
            .transpose()?,
        issuer: raw
            .issuer
            .map(|given| text("grants.issuer", given))
            .transpose()?,
        audience: raw
            .audience
            .map(|given| text("grants.audience", given))
            .transpose()?,
    })
}

fn identity(raw: raw::Identity, folder: &Path) -> Result<Identity, Problem> {
    let jwks_url = required("identity.jwks_url", raw.jwks_url)?;
    url("identity.jwks_url", &jwks_url, true)?;
    let file = "identity.moderators_file";
    Ok(Identity {
        jwks_url,
        issuer: text("identity.issuer", required("identity.issuer", raw.issuer)?)?,
        audience: text(
            "identity.audience",
            required("identity.audience", raw.audience)?,
        )?,
        moderators_file: path(file, required(file, raw.moderators_file)?, folder)?,
        header: raw
            .header
            .map(|given| header("identity.header", &given))
            .transpose()?,
        refresh: seconds("identity.refresh_s", raw.refresh_s, 600, 1..=DAY_S)?,
    })
}

/// A moderator's limit in all meetings; by default twice the limit in one meeting.
fn total(field: &str, given: Option<i64>, one: u32) -> Result<u32, Problem> {
    whole(field, given, i64::from(one) * 2, 1..=2 * MILLION)
}

fn mutations(raw: &raw::Mutations) -> Result<Mutations, Problem> {
    let field = "mutations.limit_per_minute";
    let limit_per_minute = whole(field, raw.limit_per_minute, 60, 1..=MILLION)?;
    Ok(Mutations {
        limit_per_minute,
        total_per_minute: total(
            "mutations.total_per_minute",
            raw.total_per_minute,
            limit_per_minute,
        )?,
        requests_per_minute: whole(
            "mutations.requests_per_minute",
            raw.requests_per_minute,
            120,
            1..=MILLION,
        )?,
    })
}

fn reads(raw: &raw::Reads) -> Result<Reads, Problem> {
    let field = "reads.limit_per_minute";
    let limit_per_minute = whole(field, raw.limit_per_minute, 3000, 1..=MILLION)?;
    Ok(Reads {
        fresh: millis("reads.fresh_ms", raw.fresh_ms, 1000, 0..=MINUTE_MS)?,
        stale: seconds("reads.stale_s", raw.stale_s, 300, 0..=DAY_S)?,
        limit_per_minute,
        total_per_minute: total(
            "reads.total_per_minute",
            raw.total_per_minute,
            limit_per_minute,
        )?,
        new_per_minute: whole("reads.new_per_minute", raw.new_per_minute, 120, 1..=MILLION)?,
    })
}

fn budget(raw: &raw::Budget) -> Result<Budget, Problem> {
    Ok(Budget {
        requests: whole("budget.requests", raw.requests, 1200, 1..=MILLION)?,
        window: seconds("budget.window_s", raw.window_s, 300, 1..=DAY_S)?,
        reserve: share("budget.reserve", raw.reserve, 0.1, 0.0..=0.9)?,
    })
}

fn audit(raw: raw::Audit, folder: &Path) -> Result<Audit, Problem> {
    let durability = match raw.durability.as_deref() {
        None | Some("disk") => Durability::Disk,
        Some("os") => Durability::Os,
        Some(_) => return Err(wrong("audit.durability", "must be disk or os")),
    };
    Ok(Audit {
        dir: path("audit.dir", required("audit.dir", raw.dir)?, folder)?,
        durability,
        lock_wait: seconds("audit.lock_wait_s", raw.lock_wait_s, 40, 0..=3600)?,
    })
}

fn limits(raw: &raw::Limits) -> Result<Limits, Problem> {
    Ok(Limits {
        body_bytes: whole(
            "limits.body_bytes",
            raw.body_bytes,
            256 * KIB,
            KIB..=16 * MIB,
        )?,
        // hyper accepts no smaller buffer.
        head_bytes: whole("limits.head_bytes", raw.head_bytes, 16 * KIB, 8 * KIB..=MIB)?,
        head_timeout: millis(
            "limits.head_timeout_ms",
            raw.head_timeout_ms,
            30_000,
            1..=10 * MINUTE_MS,
        )?,
        // Load balancers keep theirs for 60 s, and must be the first to close.
        idle_timeout: millis(
            "limits.idle_timeout_ms",
            raw.idle_timeout_ms,
            75_000,
            1..=10 * MINUTE_MS,
        )?,
        body_timeout: millis(
            "limits.body_timeout_ms",
            raw.body_timeout_ms,
            10_000,
            1..=10 * MINUTE_MS,
        )?,
        write_timeout: millis(
            "limits.write_timeout_ms",
            raw.write_timeout_ms,
            30_000,
            1..=10 * MINUTE_MS,
        )?,
        connections: whole("limits.connections", raw.connections, 16_384, 1..=MILLION)?,
        connections_per_address: whole(
            "limits.connections_per_address",
            raw.connections_per_address,
            1024,
            1..=MILLION,
        )?,
        shutdown: seconds("limits.shutdown_s", raw.shutdown_s, 30, 0..=3600)?,
    })
}

fn tls(raw: raw::Tls, folder: &Path) -> Result<Tls, Problem> {
    Ok(Tls {
        cert: path("tls.cert", required("tls.cert", raw.cert)?, folder)?,
        key: path("tls.key", required("tls.key", raw.key)?, folder)?,
    })
}

fn page(raw: raw::Page, folder: &Path) -> Result<Page, Problem> {
    Ok(Page {
        dir: existing_folder("page.dir", required("page.dir", raw.dir)?, folder)?,
    })
}
