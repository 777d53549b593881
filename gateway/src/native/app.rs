//! The whole gateway without its sockets: the current router, reloads, and the watched files.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, Weak};
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt;
use tokio::time::{Instant, sleep};

use crate::api_budget::LocalBudget;
use crate::config::Limits;
use crate::gateway::Gateway;
use crate::native::api_handler::{ApiHandler, Kept};
use crate::native::clock::SystemClock;
use crate::native::config::{Config, Source};
use crate::native::journal::AuditJournal;
use crate::native::live::LiveHub;
use crate::native::parts::{self, Current};
use crate::native::preflight;
use crate::native::router::Ready;
use crate::native::state_file::{State, StateFile};
use crate::native::tls::Certificate;
use crate::platform::{KeySource, LiveSink};

/// How often files are checked for changes.
const FILES_EVERY: Duration = Duration::from_secs(1);

/// How often a changed state is saved.
const STATE_EVERY: Duration = Duration::from_millis(250);

/// The gateway without its sockets.
pub struct App {
    source: Source,
    /// The configuration at the start: what a reload cannot change is still as it says.
    started: Config,
    current: RwLock<Arc<Current>>,
    budget: LocalBudget<SystemClock>,
    certificate: Option<Arc<Certificate>>,
    state: StateFile,
    /// The last saved state: the version of the sessions, and the end of a `Retry-After`.
    saved: Mutex<(u64, Option<u64>)>,
    /// Whether the last attempt to save it failed.
    unsaved: AtomicBool,
    ready: Ready,
}

impl App {
    /// Makes it from a configuration and its source, and the audit's journal with its recent
    /// lines.
    ///
    /// # Errors
    ///
    /// Names the wrong field, or the file that cannot be used.
    pub fn new(
        source: &Source,
        config: &Config,
        (journal, recent): (AuditJournal, Vec<String>),
    ) -> Result<Arc<Self>, String> {
        let clock = Arc::new(SystemClock::start());
        let made = parts::make(config)?;
        let certificate = config.tls.as_ref().map(Certificate::load).transpose()?;
        let budget = LocalBudget::new(config.policy.terms(), &clock);
        let lines = recent.iter().map(String::as_str);
        let shared = Arc::new(budget.clone());
        let live = LiveHub::new(parts::live(config));
        let gateway = Gateway::new(made.parts, &clock, shared, journal, lines);
        let gateway = gateway.with_live(Arc::clone(&live) as Arc<dyn LiveSink>);
        let state = StateFile::new(config.audit.dir());
        let State {
            silent_until_unix_ms,
            sessions,
        } = state.load();
        gateway.restore_sessions(sessions);
        if let Some(until) = silent_until_unix_ms {
            budget.silence_until(until);
        }
        // The router needs the app's readiness check, and the app needs the router.
        let this: Arc<OnceLock<Weak<Self>>> = Arc::default();
        let ready: Ready = {
            let this = Arc::clone(&this);
            Arc::new(move || {
                let app = this.get().and_then(Weak::upgrade);
                async move {
                    match app {
                        Some(app) => app.ready().await,
                        None => Err("it is starting".to_owned()),
                    }
                }
                .boxed()
            })
        };
        let rest = (made.jwks, made.files);
        let current = parts::assemble(config.clone(), gateway, Kept::new(live), rest, &ready)?;
        let saved = (
            current.handler.gateway.sessions_version(),
            silent_until_unix_ms,
        );
        let app = Arc::new(Self {
            source: source.clone(),
            started: config.clone(),
            current: RwLock::new(Arc::new(current)),
            budget,
            certificate: certificate.map(Arc::new),
            state,
            saved: Mutex::new(saved),
            unsaved: AtomicBool::new(false),
            ready,
        });
        let _ = this.set(Arc::downgrade(&app));
        Ok(app)
    }

    fn current(&self) -> Arc<Current> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    /// The current API handler.
    pub fn handler(&self) -> Arc<ApiHandler> {
        Arc::clone(&self.current().handler)
    }

    /// The current router.
    pub fn router(&self) -> Router {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.router.clone()
    }

    /// The readiness check.
    pub fn readiness(&self) -> Ready {
        Arc::clone(&self.ready)
    }

    /// The certificate, if TLS is configured.
    pub fn certificate(&self) -> Option<Arc<Certificate>> {
        self.certificate.clone()
    }

    /// The account's remaining requests.
    pub fn budget_left(&self) -> u64 {
        self.budget.left()
    }

    /// How many sockets watch meetings.
    pub fn sockets(&self) -> usize {
        self.handler().kept.live.sockets()
    }

    /// Forgets outdated state.
    pub fn tidy(&self) {
        self.current().handler.gateway.tidy();
    }

    /// Reads the configuration again, with secrets, moderators, revocations and certificates. An
    /// error changes nothing, and is logged.
    pub fn reload(&self) {
        match self.try_reload() {
            Ok(()) => tracing::info!("the configuration is read again"),
            Err(what) => tracing::error!(what, "the configuration is wrong: the old one stays"),
        }
    }

    fn try_reload(&self) -> Result<(), String> {
        let config = Config::load(&self.source).map_err(|error| error.to_string())?;
        preflight::page(&self.source, &config)?;
        let old = self.current();
        let made = parts::make(&config)?;
        let mut files = made.files;
        if config.revocations_file == old.config.revocations_file {
            // The file may be missing or half written: the next check reads it.
            made.parts
                .verifier
                .adopt_revocations(old.handler.gateway.verifier());
            let watched = old.files.lock().unwrap_or_else(PoisonError::into_inner);
            files.revocations.clone_from(&watched.revocations);
        }
        if let (Some(certificate), Some(tls)) = (&self.certificate, &config.tls) {
            certificate.replace(tls)?;
        }
        for field in needs_restart(&self.started, &config) {
            tracing::warn!(field, "a change of it needs a restart");
        }
        let provider = |config: &Config| {
            let identity = config.policy.identity.as_ref();
            identity.map(|identity| (identity.jwks_url.clone(), identity.issuer.clone()))
        };
        if provider(&old.config) == provider(&config) {
            made.parts
                .verifier
                .adopt_keys(old.handler.gateway.verifier());
        }
        let gateway = old.handler.gateway.reconfigured(made.parts);
        let rest = (made.jwks, files);
        let kept = old.handler.kept.clone();
        let new = parts::assemble(config, gateway, kept, rest, &self.ready)?;
        let live = Arc::clone(&new.handler.kept.live);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
        live.verify_grants();
        Ok(())
    }

    /// Fetches the published keys regularly. Never ends.
    pub async fn keep_keys(&self) {
        let mut fetched: Option<(Instant, Arc<Current>)> = None;
        loop {
            let current = self.current();
            let verifier = current.handler.gateway.verifier();
            let due = match (&fetched, &current.config.policy.identity) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some((at, last)), Some(identity)) => {
                    at.elapsed() >= identity.refresh
                        || verifier.lacks_keys()
                        || !Arc::ptr_eq(last, &current)
                }
            };
            if due && let Some(jwks) = &current.jwks {
                if let Some(keys) = jwks.fetch().await {
                    match verifier.publish(&keys) {
                        Ok(count) => tracing::info!(count, "the identity provider's keys are read"),
                        Err(what) => tracing::error!(what, "the published keys cannot be read"),
                    }
                }
                fetched = Some((Instant::now(), Arc::clone(&current)));
            }
            sleep(FILES_EVERY).await;
        }
    }

    /// Reads the files of moderators, revocations and the certificate when they change. Never ends.
    pub async fn watch_files(self: Arc<Self>) {
        loop {
            sleep(FILES_EVERY).await;
            let app = Arc::clone(&self);
            // Files may be slow.
            let _ = tokio::task::spawn_blocking(move || app.check_files()).await;
        }
    }

    fn check_files(&self) {
        let current = self.current();
        let verifier = current.handler.gateway.verifier();
        let files = current.files.lock();
        let mut files = files.unwrap_or_else(PoisonError::into_inner);
        if files.apply(verifier) {
            current.handler.kept.live.verify_grants();
        }
        drop(files);
        if let Some(certificate) = &self.certificate {
            match certificate.refresh() {
                Ok(false) => {}
                Ok(true) => tracing::info!("the renewed certificate is read"),
                Err(what) => tracing::error!(what, "the certificate is wrong: the old one stays"),
            }
        }
    }

    /// Saves the state whenever it changes. Never ends.
    pub async fn keep_state(self: Arc<Self>) {
        loop {
            sleep(STATE_EVERY).await;
            let app = Arc::clone(&self);
            let _ = tokio::task::spawn_blocking(move || app.save_state()).await;
        }
    }

    /// Saves the state for a restart, if it has changed.
    pub fn save_state(&self) {
        let gateway = &self.current().handler.gateway;
        let now = (
            gateway.sessions_version(),
            self.budget.silent_until_unix_ms(),
        );
        let mut saved = self.saved.lock().unwrap_or_else(PoisonError::into_inner);
        // The end of a `Retry-After` is computed, so it varies by a few milliseconds.
        let same_end = match (saved.1, now.1) {
            (Some(saved), Some(now)) => saved.abs_diff(now) < 1000,
            (saved, now) => saved == now,
        };
        if saved.0 == now.0 && same_end {
            return;
        }
        let state = State {
            silent_until_unix_ms: now.1,
            sessions: gateway.sessions(),
        };
        match self.state.save(&state) {
            Ok(()) => {
                *saved = now;
                if self.unsaved.swap(false, Ordering::Relaxed) {
                    tracing::info!("the state for a restart is saved again");
                }
            }
            // Once: it is tried again four times a second.
            Err(error) if !self.unsaved.swap(true, Ordering::Relaxed) => {
                tracing::warn!(%error, "the state for a restart cannot be saved");
            }
            Err(_) => {}
        }
    }

    async fn ready(&self) -> Result<(), String> {
        let handler = self.handler();
        if handler.gateway.verifier().lacks_keys() {
            return Err("the identity provider's keys are not known".to_owned());
        }
        if handler.gateway.token_is_refused() {
            return Err("the API does not accept the token".to_owned());
        }
        let ready = handler.gateway.journal().ready().await;
        // The log says why.
        ready.map_err(|_| "the audit cannot be written".to_owned())
    }
}

/// The changed fields that need a restart.
fn needs_restart(old: &Config, new: &Config) -> Vec<&'static str> {
    // The limits of bodies need no restart.
    let kept_limits = Limits {
        body_bytes: old.policy.limits.body_bytes,
        body_timeout: old.policy.limits.body_timeout,
        ..new.policy.limits.clone()
    };
    let all = [
        ("listen", old.listen != new.listen),
        ("metrics_listen", old.metrics_listen != new.metrics_listen),
        ("log", old.policy.log != new.policy.log),
        ("audit.dir", old.audit.dir() != new.audit.dir()),
        (
            "audit.durability",
            old.audit.durability() != new.audit.durability(),
        ),
        ("budget", old.policy.budget != new.policy.budget),
        ("tls", old.tls.is_some() != new.tls.is_some()),
        ("limits", old.policy.limits != kept_limits),
        (
            "trusted_proxies",
            old.trusted_proxies != new.trusted_proxies,
        ),
    ];
    let changed = all.into_iter().filter(|(_, changed)| *changed);
    changed.map(|(field, _)| field).collect()
}
