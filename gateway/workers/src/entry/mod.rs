//! The entry Worker: authenticates, routes, and serves the page and the webhooks. It wakes no object
//! without a valid grant or signature.

mod api;
mod assets;
mod body;
mod forward;
mod hot_reads;
pub(crate) mod keys;
mod meeting_of;
mod metrics_route;
mod moderator;
mod webhooks;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use worker::{Context, Env, Request, Response, Result};

use realtimekit_gateway::platform::Clock;
use realtimekit_gateway::web::access_log::AccessLog;
use realtimekit_gateway::web::cors::Cors;
use realtimekit_gateway::webhooks::WebhookVerifier;

use crate::account::protocol::{ToAccount, account, send};
use crate::clock::WorkerClock;
use crate::config::Config;
use crate::counters;
use crate::crypto::PlatformRsaKey;
use hot_reads::HotReads;
use keys::Fetches;
use moderator::ModeratorLimits;

/// How long a request waits before it looks again for what another one fetches.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// How often outdated state is forgotten, in milliseconds.
const TIDY_MS: u64 = 10_000;

/// What the isolate keeps between requests. Nothing of it belongs to one of them.
pub(crate) struct Isolate {
    pub(crate) config: Rc<Config>,
    cors: Cors,
    log: AccessLog,
    hot: RefCell<HotReads>,
    limits: ModeratorLimits,
    keys: Fetches,
    webhook_key: Fetches,
    webhooks: WebhookVerifier<PlatformRsaKey>,
    /// When outdated state was last forgotten, by the monotonic clock.
    tidied_at: Cell<u64>,
}

impl Isolate {
    /// Forgets moderators without a request for long, and logs the counts of omitted lines, now and then.
    fn tidy(&self) {
        let now = WorkerClock.monotonic_ms();
        if now.saturating_sub(self.tidied_at.get()) >= TIDY_MS {
            self.tidied_at.set(now);
            self.limits.tidy();
            self.log.sum_up();
        }
    }

    /// After a moderator's request: passes the counters on, now and then. An isolate far from all meetings has no
    /// object that would.
    fn pass_on(&self, env: &Env, context: &Context) {
        let Ok(account) = account(env, &self.config.policy.account_id) else {
            return;
        };
        let Some(deltas) = counters::take_due(WorkerClock.unix_ms()) else {
            return;
        };
        context.wait_until(async move {
            if let Err(error) = send(&account, &ToAccount::Counted(deltas)).await {
                tracing::warn!(%error, "the account object cannot be reached");
            }
        });
    }
}

thread_local! {
    static ISOLATE: RefCell<Option<Rc<Isolate>>> = const { RefCell::new(None) };
}

fn isolate(env: &Env) -> std::result::Result<Rc<Isolate>, String> {
    ISOLATE.with_borrow_mut(|known| {
        if let Some(isolate) = known {
            return Ok(Rc::clone(isolate));
        }
        let config = Config::of(env)?;
        let has_page = env.assets(assets::BINDING).is_ok();
        let isolate = Rc::new(Isolate {
            cors: Cors::new(
                config.policy.origins.clone(),
                has_page,
                &config.policy.cors_headers,
            ),
            log: AccessLog::new(Arc::new(WorkerClock)),
            hot: RefCell::default(),
            limits: ModeratorLimits::new(config.settings.per_minute),
            keys: Fetches::default(),
            webhook_key: Fetches::default(),
            webhooks: webhooks::verifier(&config)?,
            tidied_at: Cell::new(WorkerClock.monotonic_ms()),
            config,
        });
        *known = Some(Rc::clone(&isolate));
        Ok(isolate)
    })
}

/// The response to a request from outside.
pub(crate) async fn handle(request: Request, env: Env, context: Context) -> Result<Response> {
    let path = request.path();
    if path == "/healthz" {
        return Response::ok("ok");
    }
    let isolate = match isolate(&env) {
        Ok(isolate) => isolate,
        Err(what) => {
            tracing::error!(what, "the configuration cannot be used");
            let text = "The gateway is not configured. Its log has the reason.";
            return Response::error(text, 503);
        }
    };
    match path.as_str() {
        "/readyz" => Response::ok("ready"),
        "/metrics" => metrics_route::serve(&isolate, &env, &request).await,
        webhooks::PATH if isolate.config.policy.webhooks.is_some() => {
            webhooks::receive(&isolate, &env, request).await
        }
        path if path.starts_with("/client/") => api::serve(isolate, request, env, context).await,
        _ => match env.assets(assets::BINDING) {
            Ok(files) => assets::serve(&files, request).await,
            // It refuses unknown routes.
            Err(_) => api::serve(isolate, request, env, context).await,
        },
    }
}
