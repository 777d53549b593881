//! The configuration: a TOML file, overridden by environment variables, with every field validated.

mod build;
mod error;
mod live;
mod raw;
mod read;
mod secret;
mod source;
mod values;
mod web;

#[cfg(test)]
mod tests;

use std::env;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;

use super::journal::Durability;

pub use error::ConfigError;

/// The validated configuration. Paths are absolute or relative to the process's folder.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The account that owns the apps.
    pub account_id: String,
    /// The origins whose pages may call, as browsers write them.
    pub origins: Vec<String>,
    /// The address of metrics and health checks.
    pub metrics_listen: Option<SocketAddr>,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Headers that pages may send besides the usual ones; they are never forwarded.
    pub cors_headers: Vec<String>,
    /// The file of revoked grants.
    pub revocations_file: Option<PathBuf>,
    /// The files that secrets were read from.
    pub secret_files: Vec<PathBuf>,
    /// The least severe level that is logged.
    pub log: tracing::Level,
    /// The connection to the API.
    pub upstream: Upstream,
    /// Grants that are signed with a shared secret.
    pub grants: Option<Grants>,
    /// Tokens of an identity provider.
    pub identity: Option<Identity>,
    /// How reads are answered.
    pub reads: Reads,
    /// The limits on a moderator's mutations.
    pub mutations: Mutations,
    /// The account's budget of requests.
    pub budget: Budget,
    /// The limits of one kick or mute of many.
    pub bulk: Bulk,
    /// The audit.
    pub audit: Audit,
    /// The limits of clients.
    pub limits: Limits,
    /// The certificate, if the gateway terminates TLS.
    pub tls: Option<Tls>,
    /// The moderator page, if it is served.
    pub page: Option<Page>,
    /// How meetings are watched.
    pub live: Live,
    /// The webhooks of RealtimeKit, if they are received.
    pub webhooks: Option<Webhooks>,
}

/// `[upstream]`
#[derive(Clone, Debug)]
pub struct Upstream {
    /// The API's base, without a slash at its end.
    pub base_url: String,
    /// The API token: visible ASCII.
    pub api_token: SecretString,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long a response may take, connecting included.
    pub timeout: Duration,
    /// How many bytes a response may have.
    pub max_response_bytes: usize,
    /// Certificates that vouch for the API's, besides the public ones.
    pub ca_file: Option<PathBuf>,
}

/// `[grants]`
#[derive(Clone, Debug)]
pub struct Grants {
    /// The secret that signs grants: 32 bytes or more.
    pub secret: SecretString,
    /// The previous secret, which is still accepted.
    pub previous_secret: Option<SecretString>,
    /// The required `iss`.
    pub issuer: Option<String>,
    /// The required `aud`, or an element of it.
    pub audience: Option<String>,
}

/// `[identity]`
#[derive(Clone, Debug)]
pub struct Identity {
    /// The URL of the provider's keys.
    pub jwks_url: String,
    /// The required `iss`.
    pub issuer: String,
    /// The required `aud`, or an element of it.
    pub audience: String,
    /// The file of moderators.
    pub moderators_file: PathBuf,
    /// A header that may hold the token too, in lower case.
    pub header: Option<String>,
    /// How often the keys are fetched again.
    pub refresh: Duration,
}

/// `[reads]`
#[derive(Clone, Debug)]
pub struct Reads {
    /// How long a response is shared.
    pub fresh: Duration,
    /// How old the last response may be when the budget is low.
    pub stale: Duration,
    /// Reads per minute of one moderator in one meeting.
    pub limit_per_minute: u32,
    /// Reads per minute of one moderator in all meetings.
    pub total_per_minute: u32,
    /// Reads per minute that one moderator may cause upstream.
    pub new_per_minute: u32,
}

/// `[mutations]`
#[derive(Clone, Debug)]
pub struct Mutations {
    /// Mutations per minute of one moderator in one meeting.
    pub limit_per_minute: u32,
    /// Mutations per minute of one moderator in all meetings.
    pub total_per_minute: u32,
    /// Requests per minute that one moderator's mutations may cause upstream.
    pub requests_per_minute: u32,
}

/// `[budget]`
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    /// Requests per window, until the API reports its limit.
    pub requests: u32,
    /// The window.
    pub window: Duration,
    /// The share that is kept for mutations, from 0 to 0.9.
    pub reserve: f64,
}

/// `[bulk]`
#[derive(Clone, Debug)]
pub struct Bulk {
    /// Upstream requests that one kick or mute may cost.
    pub max_requests: u32,
    /// After how long one kick or mute sends no further request.
    pub timeout: Duration,
}

/// `[audit]`
#[derive(Clone, Debug)]
pub struct Audit {
    /// The folder; made if it is missing.
    pub dir: PathBuf,
    /// The failure that a line must survive before the gateway goes on.
    pub durability: Durability,
    /// How long a start waits for another gateway to leave the folder.
    pub lock_wait: Duration,
}

/// `[limits]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many bytes a request's body may have.
    pub body_bytes: usize,
    /// How many bytes a request's head may have.
    pub head_bytes: usize,
    /// How long a head may take.
    pub head_timeout: Duration,
    /// How long an idle connection is kept.
    pub idle_timeout: Duration,
    /// How long a body may take.
    pub body_timeout: Duration,
    /// How long a client may read nothing of a response.
    pub write_timeout: Duration,
    /// How many connections there may be.
    pub connections: usize,
    /// How many connections one address may have, unless it is a trusted proxy's.
    pub connections_per_address: usize,
    /// How long a shutdown waits for requests in flight.
    pub shutdown: Duration,
}

/// `[tls]`
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificate chain, PEM.
    pub cert: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
}

/// `[page]`
#[derive(Clone, Debug)]
pub struct Page {
    /// The folder that is served at `/`.
    pub dir: PathBuf,
}

/// `[live]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// How often a watched meeting is read.
    pub interval: Duration,
    /// How often a quiet one is read, if webhooks are received.
    pub quiet_interval: Duration,
    /// How many sockets one moderator may have in a meeting.
    pub sockets_per_moderator: usize,
    /// Whether moderators see who else is watching.
    pub moderators: bool,
}

/// `[webhooks]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhooks {
    /// The URL of RealtimeKit's published key.
    pub key_url: String,
    /// The key, if it is not fetched: PEM.
    pub public_key: Option<String>,
    /// How often the key is fetched again.
    pub refresh: Duration,
}

impl Config {
    /// Reads a configuration file, overridden by the process's environment.
    ///
    /// # Errors
    ///
    /// The first error, without any secret's value.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::load_with(path, env::vars_os())
    }

    /// Like [`load`](Self::load), with an environment of your own.
    ///
    /// # Errors
    ///
    /// The first error, without any secret's value.
    pub fn load_with(
        path: &Path,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut overrides = source::Overrides::default();
        source::table(path, environment, &mut overrides)
            .and_then(|table| read::read(table, &mut overrides))
            .and_then(|raw| build::config(raw, folder))
            .map_err(|problem| {
                let variable = overrides.variable(&problem.field);
                ConfigError::new(path, problem, variable)
            })
    }
}
