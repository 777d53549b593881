//! The configuration that does not depend on where the gateway runs: names, defaults and ranges of
//! its fields, and the environment variables that set them.

pub(crate) mod document;
pub(crate) mod environment;
pub(crate) mod error;
mod live;
mod parts;
mod policy;
mod process_fields;
pub(crate) mod raw;
pub(crate) mod read;
mod secret;
pub(crate) mod values;
pub(crate) mod web;

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use crate::moderators::Moderators;

pub use document::{TomlParser, install_toml_parser};
pub use error::ConfigError;
pub(crate) use policy::policy;

/// The validated policy: the operations, limits and moderators of a gateway, without sockets and files.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The account that owns the apps.
    pub account_id: String,
    /// The origins whose pages may call, as browsers write them.
    pub origins: Vec<String>,
    /// Headers that pages may send besides the usual ones; they are never forwarded.
    pub cors_headers: Vec<String>,
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
    /// The limits of clients.
    pub limits: Limits,
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
    /// Who may do what.
    pub moderators: ModeratorsSource,
    /// A header that may hold the token too, in lower case.
    pub header: Option<String>,
    /// How often the keys are fetched again.
    pub refresh: Duration,
}

/// Where the moderators are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModeratorsSource {
    /// In the configuration itself.
    Inline(Moderators),
    /// In a file, which may change.
    File(PathBuf),
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

impl Policy {
    /// Reads variables such as `RTK_GATEWAY__ACCOUNT_ID`, where there are neither files nor sockets
    /// of our own. Other variables are ignored.
    ///
    /// # Errors
    ///
    /// The first error, without any secret's value. A field that only the process has is one.
    pub fn from_variables(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table = document::Table::new();
        let mut overrides = environment::Overrides::default();
        environment::apply(&mut table, variables, &mut overrides)
            .and_then(|()| read::read(table, &mut overrides))
            .and_then(|raw| {
                raw.refuse_process_fields()?;
                policy(&raw)
            })
            .map_err(|problem| ConfigError::new(None, &problem, overrides.variable(&problem.field)))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const LEAST: [(&str, &str); 3] = [
        ("RTK_GATEWAY__ACCOUNT_ID", "023e"),
        ("RTK_GATEWAY__UPSTREAM__API_TOKEN", "a-token"),
        (
            "RTK_GATEWAY__GRANTS__SECRET",
            "the-secret-that-nobody-may-ever-see",
        ),
    ];

    fn load(more: &[(&str, &str)]) -> Result<Policy, String> {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        let variables: Vec<_> = LEAST.iter().chain(more).map(owned).collect();
        Policy::from_variables(variables).map_err(|error| error.to_string())
    }

    #[test]
    fn variables_suffice_without_a_process() {
        let policy = load(&[
            ("RTK_GATEWAY__ORIGINS", "https://a.example"),
            ("RTK_GATEWAY__BUDGET__REQUESTS", "600"),
            ("ASSETS", "a binding of another kind"),
        ]);
        let policy = policy.unwrap();
        assert_eq!(policy.upstream.api_token.expose_secret(), "a-token");
        assert_eq!(policy.origins, ["https://a.example"]);
        assert_eq!(policy.terms().requests, 600);
        assert_eq!(policy.pace().interval_ms, 2000);
        assert!(policy.settings().is_ok());
    }

    #[test]
    fn fields_of_a_process_are_refused_without_one() {
        for name in [
            "LISTEN",
            "METRICS_LISTEN",
            "TRUSTED_PROXIES",
            "REVOCATIONS_FILE",
            "UPSTREAM__API_TOKEN_FILE",
            "UPSTREAM__CA_FILE",
            "GRANTS__SECRET_FILE",
            "GRANTS__PREVIOUS_SECRET_FILE",
            "WEBHOOKS__PUBLIC_KEY_FILE",
            "AUDIT__DIR",
            "TLS__CERT",
            "PAGE__DIR",
        ] {
            let name = format!("RTK_GATEWAY__{name}");
            let message = load(&[(&name, "x")]).unwrap_err();
            let start = format!("{name}: is for a gateway that is a process");
            assert!(message.starts_with(&start), "{message}");
        }
    }
}
