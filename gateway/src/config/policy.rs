//! Validates the fields that every gateway has; defines their defaults and ranges.

use secrecy::ExposeSecret;

use super::error::{Problem, What, both, neither, wrong};
use super::raw::{self, Hidden, Raw};
use super::values::{account_id, header, millis, required, seconds, share, text, whole};
use super::web::{origin, url};
use super::{
    Budget, Bulk, Grants, Identity, Limits, ModeratorsSource, Mutations, Policy, Reads, Upstream,
};
use super::{live, secret};
use crate::moderators::Moderators;

const MINUTE_MS: i64 = 60_000;
const DAY_S: i64 = 86_400;
const KIB: i64 = 1024;
const MIB: i64 = 1024 * KIB;
const MILLION: i64 = 1_000_000;

/// The policy. Secrets must not be in files any more: who has files has read them.
pub(crate) fn policy(raw: &Raw) -> Result<Policy, Problem> {
    for (place, given) in raw.origins.iter().enumerate() {
        origin(&format!("origins[{place}]"), given)?;
    }
    let cors_headers = raw.cors_headers.iter().enumerate();
    let cors_headers =
        cors_headers.map(|(place, given)| header(&format!("cors_headers[{place}]"), given));
    if raw.grants.is_none() && raw.identity.is_none() {
        return Err(Problem {
            field: "grants".to_owned(),
            what: What::NobodyMay,
        });
    }
    Ok(Policy {
        account_id: account_id("account_id", required("account_id", &raw.account_id)?)?,
        origins: raw.origins.clone(),
        cors_headers: cors_headers.collect::<Result<_, _>>()?,
        log: level(raw.log.as_deref().unwrap_or("info"))?,
        upstream: upstream(&raw.upstream)?,
        grants: raw.grants.as_ref().map(grants).transpose()?,
        identity: raw.identity.as_ref().map(identity).transpose()?,
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
        limits: limits(&raw.limits)?,
        live: live::live(&raw.live)?,
        webhooks: raw.webhooks.as_ref().map(live::webhooks).transpose()?,
    })
}

/// A secret that must be there.
fn given<'a>(
    field: &str,
    secret: Option<&'a Hidden>,
) -> Result<&'a secrecy::SecretString, Problem> {
    let secret = secret.ok_or_else(|| neither(field, &format!("{field}_file")))?;
    Ok(&secret.0)
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

fn upstream(raw: &raw::Upstream) -> Result<Upstream, Problem> {
    let base = raw.base_url.as_deref();
    let base = base.unwrap_or("https://api.cloudflare.com/client/v4");
    url("upstream.base_url", base, false)?;
    let field = "upstream.api_token";
    let token = given(field, raw.api_token.as_ref())?;
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
    })
}

fn grants(raw: &raw::Grants) -> Result<Grants, Problem> {
    let field = "grants.secret";
    let current = given(field, raw.secret.as_ref())?;
    // It is empty between two rotations, so that systemd and platforms can always set it.
    let previous = raw.previous_secret.as_ref().map(|Hidden(secret)| secret);
    let previous = previous.filter(|given| !given.expose_secret().is_empty());
    let optional = |field, given: &Option<String>| {
        let given = given.as_deref();
        given.map(|given| text(field, given)).transpose()
    };
    Ok(Grants {
        secret: secret::key(field, current)?,
        previous_secret: previous
            .map(|given| secret::key("grants.previous_secret", given))
            .transpose()?,
        issuer: optional("grants.issuer", &raw.issuer)?,
        audience: optional("grants.audience", &raw.audience)?,
    })
}

fn identity(raw: &raw::Identity) -> Result<Identity, Problem> {
    let jwks_url = required("identity.jwks_url", &raw.jwks_url)?;
    url("identity.jwks_url", &jwks_url, true)?;
    let issuer = required("identity.issuer", &raw.issuer)?;
    let audience = required("identity.audience", &raw.audience)?;
    Ok(Identity {
        jwks_url,
        issuer: text("identity.issuer", &issuer)?,
        audience: text("identity.audience", &audience)?,
        moderators: moderators(raw)?,
        header: raw
            .header
            .as_deref()
            .map(|given| header("identity.header", given))
            .transpose()?,
        refresh: seconds("identity.refresh_s", raw.refresh_s, 600, 1..=DAY_S)?,
    })
}

fn moderators(raw: &raw::Identity) -> Result<ModeratorsSource, Problem> {
    let (field, file_field) = ("identity.moderators", "identity.moderators_file");
    match (&raw.moderators, &raw.moderators_file) {
        (Some(_), Some(_)) => Err(both(field, file_field)),
        (None, None) => Err(neither(field, file_field)),
        (None, Some(file)) if file.as_os_str().is_empty() => {
            Err(wrong(file_field, "must not be empty"))
        }
        (None, Some(file)) => Ok(ModeratorsSource::File(file.clone())),
        (Some(list), None) => {
            let list = Moderators::parse(list).map_err(|what| wrong(field, what))?;
            Ok(ModeratorsSource::Inline(list))
        }
    }
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
