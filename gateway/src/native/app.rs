//! From a configuration to a gateway that is ready to serve.

use std::fs;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::HeaderName;
use secrecy::ExposeSecret;
use tokio_util::task::TaskTracker;

use crate::api_budget::Terms;
use crate::gateway::{Gateway, Settings};
use crate::idempotency::REMEMBERED_MS;
use crate::moderators::Moderators;
use crate::native::clock::SystemClock;
use crate::native::config::{self, Config};
use crate::native::http::ApiHandler;
use crate::native::journal::FileJournal;
use crate::native::upstream::{self, Api, Jwks};
use crate::platform::{Clock, KeySource};
use crate::rate_limits::PerMinute;
use crate::read_cache::Lifetimes;
use crate::route::Id;
use crate::token_verifier::{Identity, Secrets, TokenVerifier};

/// How often it is looked whether the file of moderators has changed.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// A gateway, and what keeps its keys fresh.
pub struct App {
    /// What serves requests.
    pub front: Arc<ApiHandler>,
    keys: Arc<TokenVerifier>,
    identity: Option<(config::Identity, Arc<Jwks>)>,
    api: Api,
}

impl App {
    /// Makes all of it but the sockets.
    ///
    /// # Errors
    ///
    /// Says which field is wrong, or which file cannot be used.
    pub fn new(config: &Config) -> Result<Self, String> {
        let keys = Arc::new(keys(config)?);
        let clock = SystemClock::start();
        let since = clock.unix_ms().saturating_sub(REMEMBERED_MS);
        let dir = &config.audit.dir;
        let (journal, recent) = FileJournal::open(dir, config.audit.durability, since)
            .map_err(|error| format!("audit.dir: {error}"))?;
        let api = Api::new(upstream::Settings {
            base_url: config.upstream.base_url.clone(),
            token: config.upstream.api_token.clone(),
            connect_timeout: config.upstream.connect_timeout,
            timeout: config.upstream.timeout,
            max_answer_bytes: config.upstream.max_answer_bytes,
        });
        let api = api?;
        let identity = config.identity.clone().map(|identity| {
            let jwks = Jwks::new(identity.jwks_url.clone(), config.upstream.connect_timeout);
            (identity, Arc::new(jwks))
        });
        let source = identity
            .as_ref()
            .map(|(_, jwks)| Arc::clone(jwks) as Arc<dyn KeySource>);
        let lines = recent.iter().map(String::as_str);
        let gateway = Gateway::new(
            settings(config)?,
            clock,
            Arc::clone(&keys),
            source,
            api.clone(),
            journal,
            lines,
        );
        let header = config
            .identity
            .as_ref()
            .and_then(|identity| identity.header.as_ref());
        let token_header = header.map(|name| HeaderName::try_from(name.as_str()));
        Ok(Self {
            front: Arc::new(ApiHandler {
                gateway,
                origins: config.origins.clone(),
                has_page: config.page.is_some(),
                token_header: token_header
                    .transpose()
                    .map_err(|_| "identity.header: is not a header's name")?,
                body_bytes: config.limits.body_bytes,
                body_timeout: config.limits.body_timeout,
                tasks: TaskTracker::new(),
            }),
            keys,
            identity,
            api,
        })
    }

    /// Closes connections to the API that nobody has used for long.
    pub fn tidy(&self) {
        self.api.tidy();
    }

    /// Fetches the published keys now and then, and reads the file of moderators when it has
    /// changed. Never ends.
    pub async fn keep_fresh(&self) {
        let Some((identity, jwks)) = &self.identity else {
            return std::future::pending().await;
        };
        let file = &identity.moderators_file;
        let mut seen = changed_at(file);
        let mut since = None;
        loop {
            // TokenVerifier that cannot be had are asked for again soon, while there are none at all.
            let due = since.is_none_or(|since: tokio::time::Instant| {
                since.elapsed() >= identity.refresh || self.keys.lacks_keys()
            });
            if due {
                since = Some(tokio::time::Instant::now());
                if let Some(keys) = jwks.fetch().await {
                    match self.keys.publish(&keys) {
                        Ok(count) => tracing::info!(count, "the identity provider's keys are read"),
                        Err(what) => tracing::error!(what, "the published keys cannot be read"),
                    }
                }
            }
            tokio::time::sleep(LOOK_AGAIN).await;
            let now = changed_at(file);
            if now != seen {
                seen = now;
                match moderators(file) {
                    Ok(moderators) => {
                        self.keys.appoint(moderators);
                        tracing::info!("the file of moderators is read again");
                    }
                    Err(what) => {
                        tracing::error!(
                            what,
                            "the file of moderators is wrong: the old one counts"
                        );
                    }
                }
            }
        }
    }

    /// Whether requests can be served, or what is missing.
    ///
    /// # Errors
    ///
    /// What is missing.
    pub async fn ready(&self) -> Result<(), String> {
        if self.keys.lacks_keys() {
            return Err("the identity provider's keys are not known".to_owned());
        }
        let ready = self.front.gateway.journal().ready().await;
        // Why is for the log.
        ready.map_err(|_| "the audit cannot be written".to_owned())
    }
}

/// Whether a configuration would do, without touching what only one gateway may use.
///
/// # Errors
///
/// Says which field is wrong, or which file cannot be used.
pub fn check(config: &Config) -> Result<(), String> {
    keys(config)?;
    settings(config)?;
    Ok(())
}

fn keys(config: &Config) -> Result<TokenVerifier, String> {
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
    let identity = match &config.identity {
        None => None,
        Some(identity) => Some(Identity::new(
            identity.issuer.clone(),
            identity.audience.clone(),
            moderators(&identity.moderators_file)
                .map_err(|what| format!("identity.moderators_file: {what}"))?,
        )),
    };
    Ok(TokenVerifier::new(secrets, identity))
}

fn moderators(file: &Path) -> Result<Moderators, String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    Moderators::parse(&text)
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|data| data.modified()).ok()
}

fn settings(config: &Config) -> Result<Settings, String> {
    let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Ok(Settings {
        account_id: Id::new(&config.account_id).ok_or("account_id: is not one")?,
        lifetimes: Lifetimes {
            fresh_ms: ms(config.reads.fresh),
            stale_ms: ms(config.reads.stale).max(ms(config.reads.fresh)),
        },
        budget: Terms {
            requests: config.budget.requests.into(),
            window_ms: ms(config.budget.window),
            reserve: config.budget.reserve,
        },
        per_minute: PerMinute {
            reads: at_least_one(config.reads.limit_per_minute),
            new_reads: at_least_one(config.reads.new_per_minute),
            mutations: at_least_one(config.mutations.limit_per_minute),
            requests: at_least_one(config.mutations.requests_per_minute),
        },
        bulk: u32::try_from(config.bulk.max_requests).unwrap_or(u32::MAX),
    })
}
