//! The fields that only a process has, with sockets and files of its own.

use std::path::PathBuf;

use super::error::{Problem, wrong};
use super::raw::Raw;

impl Raw {
    /// Refuses such fields.
    pub(crate) fn refuse_process_fields(&self) -> Result<(), Problem> {
        let (upstream, grants, limits) = (&self.upstream, self.grants.as_ref(), &self.limits);
        let audit = &self.audit;
        let file = |file: Option<&Option<PathBuf>>| file.is_some_and(Option::is_some);
        let all = [
            ("listen", self.listen.is_some()),
            ("metrics_listen", self.metrics_listen.is_some()),
            ("trusted_proxies", !self.trusted_proxies.is_empty()),
            ("revocations_file", self.revocations_file.is_some()),
            ("upstream.api_token_file", upstream.api_token_file.is_some()),
            ("upstream.ca_file", upstream.ca_file.is_some()),
            (
                "grants.secret_file",
                file(grants.map(|grants| &grants.secret_file)),
            ),
            (
                "grants.previous_secret_file",
                file(grants.map(|grants| &grants.previous_secret_file)),
            ),
            (
                "identity.moderators_file",
                file(self.identity.as_ref().map(|raw| &raw.moderators_file)),
            ),
            (
                "webhooks.public_key_file",
                file(self.webhooks.as_ref().map(|raw| &raw.public_key_file)),
            ),
            ("audit.dir", audit.dir.is_some()),
            ("audit.durability", audit.durability.is_some()),
            ("audit.lock_wait_s", audit.lock_wait_s.is_some()),
            ("audit.stdout", audit.stdout.is_some()),
            ("limits.head_bytes", limits.head_bytes.is_some()),
            ("limits.head_timeout_ms", limits.head_timeout_ms.is_some()),
            ("limits.idle_timeout_ms", limits.idle_timeout_ms.is_some()),
            ("limits.write_timeout_ms", limits.write_timeout_ms.is_some()),
            ("limits.connections", limits.connections.is_some()),
            (
                "limits.connections_per_address",
                limits.connections_per_address.is_some(),
            ),
            ("limits.shutdown_s", limits.shutdown_s.is_some()),
            ("tls.cert", file(self.tls.as_ref().map(|raw| &raw.cert))),
            ("tls.key", file(self.tls.as_ref().map(|raw| &raw.key))),
            ("page.dir", file(self.page.as_ref().map(|raw| &raw.dir))),
        ];
        match all.into_iter().find(|(_, is_given)| *is_given) {
            None => Ok(()),
            Some((field, _)) => Err(wrong(
                field,
                "is for a gateway that is a process, with sockets and files of its own",
            )),
        }
    }
}
