//! From a configuration to the parts of the gateway that a reload replaces.

use std::sync::{Arc, Mutex};

use axum::Router;
use http::HeaderName;

use crate::config::ModeratorsSource;
use crate::gateway::{Gateway, Parts};
use crate::moderators::Moderators;
use crate::native::api_handler::{ApiHandler, Kept};
use crate::native::client_address::TrustedProxies;
use crate::native::clock::SystemClock;
use crate::native::config::Config;
use crate::native::journal::AuditJournal;
use crate::native::live::LiveSettings;
use crate::native::router::{self, Ready};
use crate::native::upstream::{self, Api, Jwks};
use crate::native::watched_file::{Files, WatchedFile};
use crate::native::webhooks::WebhookReceiver;
use crate::platform::KeySource;
use crate::revocations::Revocations;
use crate::token_verifier::{Identity, TokenVerifier};
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
    let settings = config.policy.settings()?;
    let (verifier, files) = verifier(config)?;
    let ca_file = config.ca_file.as_deref();
    let jwks = match &config.policy.identity {
        None => None,
        Some(identity) => {
            let timeout = config.policy.upstream.connect_timeout;
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
    gateway: Gateway<SystemClock, Api, AuditJournal>,
    kept: Kept,
    (jwks, files): (Option<Arc<Jwks>>, Files),
    ready: &Ready,
) -> Result<Current, String> {
    let cors = Cors::new(
        config.policy.origins.clone(),
        config.page.is_some(),
        &config.policy.cors_headers,
    );
    let handler = Arc::new(ApiHandler {
        gateway,
        cors,
        token_header: token_header(&config)?,
        proxies: TrustedProxies::new(config.trusted_proxies.clone()),
        body_bytes: config.policy.limits.body_bytes,
        body_timeout: config.policy.limits.body_timeout,
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
        base_url: config.policy.upstream.base_url.clone(),
        token: config.policy.upstream.api_token.clone(),
        connect_timeout: config.policy.upstream.connect_timeout,
        timeout: config.policy.upstream.timeout,
        max_response_bytes: config.policy.upstream.max_response_bytes,
        ca_file: config.ca_file.clone(),
    })
}

/// The receiver of webhooks, if they are configured.
fn webhooks(config: &Config, kept: &Kept) -> Result<Option<WebhookReceiver>, String> {
    let Some(webhooks) = &config.policy.webhooks else {
        return Ok(None);
    };
    let ca_file = config.ca_file.as_deref();
    let keys = match webhooks.public_key {
        Some(_) => None,
        None => {
            let timeout = config.policy.upstream.connect_timeout;
            Some(Arc::new(Jwks::new(&webhooks.key_url, timeout, ca_file)?))
        }
    };
    let (seen, live) = (kept.seen.clone(), Arc::clone(&kept.live));
    let timeout = config.policy.limits.body_timeout;
    WebhookReceiver::start(webhooks, keys, seen, live, timeout).map(Some)
}

/// How meetings are watched.
pub(super) fn live(config: &Config) -> LiveSettings {
    LiveSettings {
        pace: config.policy.pace(),
        sockets_per_moderator: config.policy.live.sockets_per_moderator,
        moderators: config.policy.live.moderators,
    }
}

fn token_header(config: &Config) -> Result<Option<HeaderName>, String> {
    let identity = config.policy.identity.as_ref();
    let header = identity.and_then(|identity| identity.header.as_ref());
    let header = header.map(|name| HeaderName::try_from(name.as_str()));
    header
        .transpose()
        .map_err(|_| "identity.header: is not a header's name".to_owned())
}

fn verifier(config: &Config) -> Result<(TokenVerifier, Files), String> {
    let mut files = Files {
        moderators: None,
        revocations: None,
    };
    let identity = match &config.policy.identity {
        None => None,
        Some(identity) => {
            let moderators = match &identity.moderators {
                ModeratorsSource::Inline(moderators) => moderators.clone(),
                ModeratorsSource::File(path) => {
                    let wrong = |what: String| format!("identity.moderators_file: {what}");
                    let opened = WatchedFile::open(path);
                    let (file, text) = opened.map_err(|error| wrong(error.to_string()))?;
                    let text = text.ok_or_else(|| wrong("there is no such file".to_owned()))?;
                    files.moderators = Some(file);
                    Moderators::parse(&text).map_err(wrong)?
                }
            };
            let (issuer, audience) = (identity.issuer.clone(), identity.audience.clone());
            Some(Identity::new(issuer, audience, moderators))
        }
    };
    let verifier = TokenVerifier::new(config.policy.secrets(), identity);
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
