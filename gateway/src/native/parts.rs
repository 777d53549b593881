//! From a configuration to the parts of the gateway that a reload replaces.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use http::HeaderName;
use secrecy::ExposeSecret;

use crate::api_budget::Terms;
use crate::gateway::{Gateway, Parts, Settings};
use crate::live::schedule::Pace;
use crate::moderators::Moderators;
use crate::native::api_handler::{ApiHandler, Kept};
use crate::native::client_address::TrustedProxies;
use crate::native::clock::SystemClock;
use crate::native::config::Config;
use crate::native::journal::FileJournal;
use crate::native::live::LiveSettings;
use crate::native::router::{self, Ready};
use crate::native::upstream::{self, Api, Jwks};
use crate::native::watched_file::{Files, WatchedFile};
use crate::native::webhooks::WebhookReceiver;
use crate::platform::KeySource;
use crate::rate_limits::PerMinute;
use crate::read_cache::Lifetimes;
use crate::revocations::Revocations;
use crate::route::Id;
use crate::token_verifier::{Identity, Secrets, TokenVerifier};
use crate::web::cors::Cors;

/// The parts of a configuration, without the core.
pub(super) struct Made {
    pub(super) parts: Parts<Api>,
    pub(super) jwks: Option<Arc<Jwks>>,
    pub(super) files: Files,
}

/// The active configuration.
pub(super) struct Current {
    pub(super) config: Config,
    pub(super) handler: Arc<ApiHandler>,
    pub(super) router: Router,
    pub(super) jwks: Option<Arc<Jwks>>,
    pub(super) files: Mutex<Files>,
}

/// Makes the parts.
///
/// # Errors
///
/// Names the wrong field, or the file that cannot be used.
pub(super) fn make(config: &Config) -> Result<Made, String> {
    let settings = settings(config)?;
    let (verifier, files) = verifier(config)?;
    let ca_file = config.upstream.ca_file.as_deref();
    let jwks = match &config.identity {
        None => None,
        Some(identity) => {
            let timeout = config.upstream.connect_timeout;
            let jwks = Jwks::new(&identity.jwks_url, timeout, ca_file)?;
            Some(Arc::new(jwks))
        }
    };
    let upstream = api(config)?;
    token_header(config)?;
    Ok(Made {
        parts: Parts {
            settings,
            verifier: Arc::new(verifier),
            key_source: jwks.clone().map(|jwks| jwks as Arc<dyn KeySource>),
            upstream,
        },
        jwks,
        files,
    })
}

/// Combines a core with the parts.
///
/// # Errors
///
/// Names the wrong field.
pub(super) fn assemble(
    config: Config,
    gateway: Gateway<SystemClock, Api, FileJournal>,
    kept: Kept,
    (jwks, files): (Option<Arc<Jwks>>, Files),
    ready: &Ready,
) -> Result<Current, String> {
    let cors = Cors::new(
        config.origins.clone(),
        config.page.is_some(),
        &config.cors_headers,
    );
    let handler = Arc::new(ApiHandler {
        gateway,
        cors,
        token_header: token_header(&config)?,
        proxies: TrustedProxies::new(config.trusted_proxies.clone()),
        body_bytes: config.limits.body_bytes,
        body_timeout: config.limits.body_timeout,
        webhooks: webhooks(&config, &kept)?,
        kept,
    });
    handler.kept.live.adopt(&handler, live(&config));
    Ok(Current {
        router: router::public(&handler, config.page.as_ref(), ready),
        handler,
        jwks,
        files: Mutex::new(files),
        config,
    })
}

/// The connection to the API.
///
/// # Errors
///
/// Names the wrong field.
pub(super) fn api(config: &Config) -> Result<Api, String> {
    Api::new(upstream::Settings {
        base_url: config.upstream.base_url.clone(),
        token: config.upstream.api_token.clone(),
        connect_timeout: config.upstream.connect_timeout,
        timeout: config.upstream.timeout,
        max_response_bytes: config.upstream.max_response_bytes,
        ca_file: config.upstream.ca_file.clone(),
    })
}

/// The receiver of webhooks, if they are configured.
fn webhooks(config: &Config, kept: &Kept) -> Result<Option<WebhookReceiver>, String> {
    let Some(webhooks) = &config.webhooks else {
        return Ok(None);
    };
    let ca_file = config.upstream.ca_file.as_deref();
    let keys = match webhooks.public_key {
        Some(_) => None,
        None => {
            let timeout = config.upstream.connect_timeout;
            Some(Arc::new(Jwks::new(&webhooks.key_url, timeout, ca_file)?))
        }
    };
    let (seen, live) = (kept.seen.clone(), Arc::clone(&kept.live));
    let timeout = config.limits.body_timeout;
    WebhookReceiver::start(webhooks, keys, seen, live, timeout).map(Some)
}

/// How meetings are watched.
pub(super) fn live(config: &Config) -> LiveSettings {
    LiveSettings {
        pace: Pace {
            interval_ms: ms(config.live.interval),
            quiet_ms: config
                .webhooks
                .is_some()
                .then(|| ms(config.live.quiet_interval)),
        },
        sockets_per_moderator: config.live.sockets_per_moderator,
        moderators: config.live.moderators,
    }
}

/// The account's limit, and how it is shared.
pub(super) fn terms(config: &Config) -> Terms {
    Terms {
        requests: config.budget.requests.into(),
        window_ms: ms(config.budget.window),
        reserve: config.budget.reserve,
    }
}

fn token_header(config: &Config) -> Result<Option<HeaderName>, String> {
    let identity = config.identity.as_ref();
    let header = identity.and_then(|identity| identity.header.as_ref());
    let header = header.map(|name| HeaderName::try_from(name.as_str()));
    header
        .transpose()
        .map_err(|_| "identity.header: is not a header's name".to_owned())
}

fn verifier(config: &Config) -> Result<(TokenVerifier, Files), String> {
    let secrets = match &config.grants {
        None => Secrets::default(),
        Some(grants) => {
            let all = [Some(&grants.secret), grants.previous_secret.as_ref()];
            let all = all.into_iter().flatten();
            Secrets::new(
                all.map(|secret| secret.expose_secret().as_bytes()),
                grants.issuer.clone(),
                grants.audience.clone(),
            )
        }
    };
    let mut files = Files {
        moderators: None,
        revocations: None,
    };
    let identity = match &config.identity {
        None => None,
        Some(identity) => {
            let wrong = |what: String| format!("identity.moderators_file: {what}");
            let opened = WatchedFile::open(&identity.moderators_file);
            let (file, text) = opened.map_err(|error| wrong(error.to_string()))?;
            let text = text.ok_or_else(|| wrong("there is no such file".to_owned()))?;
            let moderators = Moderators::parse(&text).map_err(wrong)?;
            files.moderators = Some(file);
            let (issuer, audience) = (identity.issuer.clone(), identity.audience.clone());
            Some(Identity::new(issuer, audience, moderators))
        }
    };
    let verifier = TokenVerifier::new(secrets, identity);
    if let Some(path) = &config.revocations_file {
        let wrong = |what: String| format!("revocations_file: {what}");
        let opened = WatchedFile::open(path).map_err(|error| wrong(error.to_string()));
        let (file, text) = opened?;
        let revocations = Revocations::parse(text.as_deref().unwrap_or_default());
        verifier.revoke(revocations.map_err(wrong)?);
        files.revocations = Some(file);
    }
    Ok((verifier, files))
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn settings(config: &Config) -> Result<Settings, String> {
    let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Ok(Settings {
        account_id: Id::new(&config.account_id).ok_or("account_id: is not one")?,
        lifetimes: Lifetimes {
            fresh_ms: ms(config.reads.fresh),
            stale_ms: ms(config.reads.stale).max(ms(config.reads.fresh)),
        },
        per_minute: PerMinute {
            reads: at_least_one(config.reads.limit_per_minute),
            all_reads: at_least_one(config.reads.total_per_minute),
            new_reads: at_least_one(config.reads.new_per_minute),
            mutations: at_least_one(config.mutations.limit_per_minute),
            all_mutations: at_least_one(config.mutations.total_per_minute),
            requests: at_least_one(config.mutations.requests_per_minute),
        },
        bulk: config.bulk.max_requests,
        bulk_ms: ms(config.bulk.timeout),
    })
}
