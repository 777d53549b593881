//! The fields before validation. A field with a default or an alternative is optional here, so that
//! one place reports what is missing and how to set it.

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;

use secrecy::SecretString;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A secret's text, which no output shows.
pub(crate) struct Hidden(pub(crate) SecretString);

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

/// A section. serde alone would accept a list of the fields' values too, such as `[[section]]`.
fn table<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Section<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Section<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(Section(PhantomData))
}

fn optional_table<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    table(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Raw {
    pub(crate) listen: Option<String>,
    pub(crate) account_id: Option<String>,
    #[serde(default)]
    pub(crate) origins: Vec<String>,
    pub(crate) metrics_listen: Option<String>,
    #[serde(default)]
    pub(crate) trusted_proxies: Vec<String>,
    #[serde(default)]
    pub(crate) cors_headers: Vec<String>,
    pub(crate) revocations_file: Option<PathBuf>,
    pub(crate) log: Option<String>,
    #[serde(default, deserialize_with = "table")]
    pub(crate) upstream: Upstream,
    #[serde(default, deserialize_with = "optional_table")]
    pub(crate) grants: Option<Grants>,
    #[serde(default, deserialize_with = "optional_table")]
    pub(crate) identity: Option<Identity>,
    #[serde(default, deserialize_with = "table")]
    pub(crate) reads: Reads,
    #[serde(default, deserialize_with = "table")]
    pub(crate) mutations: Mutations,
    #[serde(default, deserialize_with = "table")]
    pub(crate) budget: Budget,
    #[serde(default, deserialize_with = "table")]
    pub(crate) bulk: Bulk,
    #[serde(default, deserialize_with = "table")]
    pub(crate) audit: Audit,
    #[serde(default, deserialize_with = "table")]
    pub(crate) limits: Limits,
    #[serde(default, deserialize_with = "optional_table")]
    pub(crate) tls: Option<Tls>,
    #[serde(default, deserialize_with = "optional_table")]
    pub(crate) page: Option<Page>,
    #[serde(default, deserialize_with = "table")]
    pub(crate) live: Live,
    #[serde(default, deserialize_with = "optional_table")]
    pub(crate) webhooks: Option<Webhooks>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upstream {
    pub(crate) base_url: Option<String>,
    pub(crate) api_token: Option<Hidden>,
    pub(crate) api_token_file: Option<PathBuf>,
    pub(crate) connect_timeout_ms: Option<i64>,
    pub(crate) timeout_ms: Option<i64>,
    #[serde(alias = "max_answer_bytes")]
    pub(crate) max_response_bytes: Option<i64>,
    pub(crate) ca_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grants {
    pub(crate) secret: Option<Hidden>,
    pub(crate) secret_file: Option<PathBuf>,
    pub(crate) previous_secret: Option<Hidden>,
    pub(crate) previous_secret_file: Option<PathBuf>,
    pub(crate) issuer: Option<String>,
    pub(crate) audience: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    pub(crate) jwks_url: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) moderators: Option<String>,
    pub(crate) moderators_file: Option<PathBuf>,
    pub(crate) header: Option<String>,
    pub(crate) refresh_s: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reads {
    pub(crate) fresh_ms: Option<i64>,
    pub(crate) stale_s: Option<i64>,
    pub(crate) limit_per_minute: Option<i64>,
    pub(crate) total_per_minute: Option<i64>,
    pub(crate) new_per_minute: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mutations {
    pub(crate) limit_per_minute: Option<i64>,
    pub(crate) total_per_minute: Option<i64>,
    pub(crate) requests_per_minute: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    pub(crate) requests: Option<i64>,
    pub(crate) window_s: Option<i64>,
    pub(crate) reserve: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bulk {
    pub(crate) max_requests: Option<i64>,
    pub(crate) timeout_ms: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Audit {
    pub(crate) dir: Option<PathBuf>,
    pub(crate) durability: Option<String>,
    pub(crate) lock_wait_s: Option<i64>,
    pub(crate) stdout: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) body_bytes: Option<i64>,
    pub(crate) head_bytes: Option<i64>,
    pub(crate) head_timeout_ms: Option<i64>,
    pub(crate) idle_timeout_ms: Option<i64>,
    pub(crate) body_timeout_ms: Option<i64>,
    pub(crate) write_timeout_ms: Option<i64>,
    pub(crate) connections: Option<i64>,
    pub(crate) connections_per_address: Option<i64>,
    pub(crate) shutdown_s: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    pub(crate) cert: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Live {
    pub(crate) interval_ms: Option<i64>,
    pub(crate) quiet_interval_ms: Option<i64>,
    pub(crate) sockets_per_moderator: Option<i64>,
    pub(crate) moderators: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhooks {
    pub(crate) key_url: Option<String>,
    pub(crate) public_key: Option<String>,
    pub(crate) public_key_file: Option<PathBuf>,
    pub(crate) refresh_s: Option<i64>,
}
