//! The configuration: the process's fields as variables and secrets of the Worker, and some of its own.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use wasm_bindgen::JsCast;
use worker::Env;

use realtimekit_gateway::config::{ModeratorsSource, Policy};
use realtimekit_gateway::gateway::Settings;
use realtimekit_gateway::revocations::Revocations;
use realtimekit_gateway::token_verifier::{Identity, TokenVerifier};

/// The bucket of the audit.
pub(crate) const BUCKET: &str = "AUDIT";

/// Fields that only a Worker has.
const REVOCATIONS: &str = "RTK_GATEWAY__REVOCATIONS";
const RETENTION_DAYS: &str = "RTK_GATEWAY__AUDIT__RETENTION_DAYS";
const METRICS_TOKEN: &str = "RTK_GATEWAY__METRICS__TOKEN";

/// The longest retention, in days.
const LONGEST_RETENTION: u64 = 36_500;

/// The shortest token for metrics.
const SHORTEST_TOKEN: usize = 16;

/// The configuration of this version of the Worker.
pub(crate) struct Config {
    /// The fields that the process has too.
    pub(crate) policy: Policy,
    /// The core's settings.
    pub(crate) settings: Settings,
    /// Verifies tokens; it has no request's state.
    pub(crate) verifier: Arc<TokenVerifier>,
    /// Whether the audit goes to R2, too.
    pub(crate) has_bucket: bool,
    /// After how many days a line of the audit is deleted; `None` keeps all.
    pub(crate) retention_days: Option<u64>,
    /// Who gives this token may read the metrics.
    pub(crate) metrics_token: Option<String>,
}

thread_local! {
    /// The variables cannot change while an isolate lives.
    static CONFIG: RefCell<Option<Result<Rc<Config>, String>>> = const { RefCell::new(None) };
}

impl Config {
    /// The configuration, read once.
    ///
    /// # Errors
    ///
    /// The first error, without any secret's value.
    pub(crate) fn of(env: &Env) -> Result<Rc<Self>, String> {
        CONFIG.with_borrow_mut(|known| {
            known
                .get_or_insert_with(|| {
                    Ok(Rc::new(Self {
                        has_bucket: has_bucket(env)?,
                        ..Self::read(variables(env))?
                    }))
                })
                .clone()
        })
    }

    fn read(variables: Vec<(String, String)>) -> Result<Self, String> {
        let (mut revocations, mut retention_days, mut metrics_token) = (None, None, None);
        let mut shared = Vec::new();
        for (name, value) in variables {
            match name.as_str() {
                REVOCATIONS => {
                    let wrong = |what| format!("{REVOCATIONS}: {what}");
                    revocations = Some(Revocations::parse(&value).map_err(wrong)?);
                }
                RETENTION_DAYS => {
                    let days = value.trim().parse().ok();
                    let legal = days.filter(|days| (1..=LONGEST_RETENTION).contains(days));
                    let what = "must be a whole number from 1 to 36500";
                    retention_days =
                        Some(legal.ok_or_else(|| format!("{RETENTION_DAYS}: {what}"))?);
                }
                METRICS_TOKEN => {
                    let token = value.trim().to_owned();
                    if token.len() < SHORTEST_TOKEN {
                        return Err(format!("{METRICS_TOKEN}: must have 16 characters or more"));
                    }
                    metrics_token = Some(token);
                }
                _ => shared.push((name, value)),
            }
        }
        let policy = Policy::from_variables(shared).map_err(|error| error.to_string())?;
        let settings = policy.settings()?;
        let identity = match &policy.identity {
            None => None,
            Some(identity) => match &identity.moderators {
                ModeratorsSource::Inline(moderators) => Some(Identity::new(
                    identity.issuer.clone(),
                    identity.audience.clone(),
                    moderators.clone(),
                )),
                ModeratorsSource::File(_) => {
                    return Err("identity.moderators_file: a Worker has no files".to_owned());
                }
            },
        };
        let verifier = TokenVerifier::new(policy.secrets(), identity);
        verifier.revoke(revocations.unwrap_or_default());
        Ok(Self {
            settings,
            has_bucket: false,
            verifier: Arc::new(verifier),
            retention_days,
            metrics_token,
            policy,
        })
    }
}

/// Whether the bucket is bound. Another binding of that name would leave the audit without a copy.
fn has_bucket(env: &Env) -> Result<bool, String> {
    let is_bound = js_sys::Reflect::has(env, &BUCKET.into()).unwrap_or_default();
    match is_bound && env.bucket(BUCKET).is_err() {
        true => Err(format!("{BUCKET}: must be an R2 bucket")),
        false => Ok(is_bound),
    }
}

/// The variables and secrets; other bindings are no texts.
fn variables(env: &Env) -> Vec<(String, String)> {
    let entries = js_sys::Object::entries(env.unchecked_ref());
    let pair = |entry: wasm_bindgen::JsValue| {
        let entry: js_sys::Array = entry.unchecked_into();
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    entries.iter().filter_map(pair).collect()
}

/// The least severe level that is logged.
pub(crate) fn level(env: &Env) -> tracing::Level {
    Config::of(env).map_or(tracing::Level::INFO, |config| config.policy.log)
}
