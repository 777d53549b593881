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
pub(super) struct Hidden(pub(super) SecretString);

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
pub(super) struct Raw {
    pub(super) listen: Option<String>,
    pub(super) account_id: Option<String>,
    #[serde(default)]
    pub(super) origins: Vec<String>,
    pub(super) metrics_listen: Option<String>,
    #[serde(default)]
    pub(super) trusted_proxies: Vec<String>,
    #[serde(default)]
    pub(super) cors_headers: Vec<String>,
    pub(super) revocations_file: Option<PathBuf>,
    pub(super) log: Option<String>,
    #[serde(default, deserialize_with = "table")]
    pub(super) upstream: Upstream,
    #[serde(default, deserialize_with = "optional_table")]
    pub(super) grants: Option<Grants>,
    #[serde(default, deserialize_with = "optional_table")]
    pub(super) identity: Option<Identity>,
    #[serde(default, deserialize_with = "table")]
    pub(super) reads: Reads,
    #[serde(default, deserialize_with = "table")]
    pub(super) mutations: Mutations,
    #[serde(default, deserialize_with = "table")]
    pub(super) budget: Budget,
    #[serde(default, deserialize_with = "table")]
    pub(super) bulk: Bulk,
    #[serde(default, deserialize_with = "table")]
    pub(super) audit: Audit,
    #[serde(default, deserialize_with = "table")]
    pub(super) limits: Limits,
    #[serde(default, deserialize_with = "optional_table")]
    pub(super) tls: Option<Tls>,
    #[serde(default, deserialize_with = "optional_table")]
    pub(super) page: Option<Page>,
    #[serde(default, deserialize_with = "table")]
    pub(super) live: Live,
    #[serde(default, deserialize_with = "optional_table")]
    pub(super) webhooks: Option<Webhooks>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Upstream {
    pub(super) base_url: Option<String>,
    pub(super) api_token: Option<Hidden>,
    pub(super) api_token_file: Option<PathBuf>,
    pub(super) connect_timeout_ms: Option<i64>,
    pub(super) timeout_ms: Option<i64>,
    #[serde(alias = "max_answer_bytes")]
    pub(super) max_response_bytes: Option<i64>,
    pub(super) ca_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grants {
    pub(super) secret: Option<Hidden>,
    pub(super) secret_file: Option<PathBuf>,
    pub(super) previous_secret: Option<Hidden>,
    pub(super) previous_secret_file: Option<PathBuf>,
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    pub(super) jwks_url: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) moderators_file: Option<PathBuf>,
    pub(super) header: Option<String>,
    pub(super) refresh_s: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reads {
    pub(super) fresh_ms: Option<i64>,
    pub(super) stale_s: Option<i64>,
    pub(super) limit_per_minute: Option<i64>,
    pub(super) total_per_minute: Option<i64>,
    pub(super) new_per_minute: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mutations {
    pub(super) limit_per_minute: Option<i64>,
    pub(super) total_per_minute: Option<i64>,
    pub(super) requests_per_minute: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Budget {
    pub(super) requests: Option<i64>,
    pub(super) window_s: Option<i64>,
    pub(super) reserve: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bulk {
    pub(super) max_requests: Option<i64>,
    pub(super) timeout_ms: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Audit {
    pub(super) dir: Option<PathBuf>,
    pub(super) durability: Option<String>,
    pub(super) lock_wait_s: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) body_bytes: Option<i64>,
    pub(super) head_bytes: Option<i64>,
    pub(super) head_timeout_ms: Option<i64>,
    pub(super) idle_timeout_ms: Option<i64>,
    pub(super) body_timeout_ms: Option<i64>,
    pub(super) write_timeout_ms: Option<i64>,
    pub(super) connections: Option<i64>,
    pub(super) connections_per_address: Option<i64>,
    pub(super) shutdown_s: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tls {
    pub(super) cert: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    pub(super) dir: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Live {
    pub(super) interval_ms: Option<i64>,
    pub(super) quiet_interval_ms: Option<i64>,
    pub(super) sockets_per_moderator: Option<i64>,
    pub(super) moderators: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Webhooks {
    pub(super) key_url: Option<String>,
    pub(super) public_key_file: Option<PathBuf>,
    pub(super) refresh_s: Option<i64>,
}
