//! Validates the fields that only a process has: addresses, proxies, files.

use std::path::{Path, PathBuf};

use crate::config::error::{Problem, both, missing, neither, wrong};
use crate::config::raw::{self, Raw};
use crate::config::values::seconds;
use crate::config::{ModeratorsSource, policy};

use super::files;
use super::values::{address, folder as existing_folder, path, proxy};
use super::{Audit, Config, Durability, Page, Tls};

/// The configuration, with paths relative to a folder.
pub(super) fn config(mut raw: Raw, folder: &Path) -> Result<Config, Problem> {
    let listen = address("listen", raw.listen.as_deref().unwrap_or("127.0.0.1:8787"))?;
    let metrics_listen = match &raw.metrics_listen {
        Some(given) => Some(address("metrics_listen", given)?),
        None => None,
    };
    if metrics_listen == Some(listen) && listen.port() != 0 {
        return Err(wrong(
            "metrics_listen",
            "must be another address than listen",
        ));
    }
    let trusted_proxies = raw.trusted_proxies.iter().enumerate();
    let trusted_proxies =
        trusted_proxies.map(|(place, given)| proxy(&format!("trusted_proxies[{place}]"), given));
    let trusted_proxies = trusted_proxies.collect::<Result<_, _>>()?;
    let secret_files = files::read_in(&mut raw, folder)?;
    let mut policy = policy(&raw)?;
    if let Some(identity) = &mut policy.identity
        && let ModeratorsSource::File(file) = &mut identity.moderators
    {
        *file = folder.join(&*file);
    }
    let optional = |field, given: &Option<PathBuf>| {
        let given = given.as_deref();
        given.map(|given| path(field, given, folder)).transpose()
    };
    Ok(Config {
        policy,
        listen,
        metrics_listen,
        trusted_proxies,
        revocations_file: optional("revocations_file", &raw.revocations_file)?,
        secret_files,
        ca_file: optional("upstream.ca_file", &raw.upstream.ca_file)?,
        audit: audit(&raw.audit, folder)?,
        tls: raw
            .tls
            .as_ref()
            .map(|given| tls(given, folder))
            .transpose()?,
        page: raw
            .page
            .as_ref()
            .map(|given| page(given, folder))
            .transpose()?,
    })
}

fn required<'a>(field: &str, given: Option<&'a PathBuf>) -> Result<&'a Path, Problem> {
    given.map(PathBuf::as_path).ok_or_else(|| missing(field))
}

fn audit(raw: &raw::Audit, folder: &Path) -> Result<Audit, Problem> {
    let durability = match raw.durability.as_deref() {
        None | Some("disk") => Durability::Disk,
        Some("os") => Durability::Os,
        Some(_) => return Err(wrong("audit.durability", "must be disk or os")),
    };
    if raw.stdout == Some(true) {
        let of_files = [
            ("audit.dir", raw.dir.is_some()),
            ("audit.durability", raw.durability.is_some()),
            ("audit.lock_wait_s", raw.lock_wait_s.is_some()),
        ];
        return match of_files.into_iter().find(|(_, is_given)| *is_given) {
            None => Ok(Audit::Stdout),
            Some((field, _)) => Err(both(field, "audit.stdout")),
        };
    }
    let dir = raw.dir.as_deref();
    let dir = dir.ok_or_else(|| neither("audit.dir", "audit.stdout"))?;
    Ok(Audit::Files {
        dir: path("audit.dir", dir, folder)?,
        durability,
        lock_wait: seconds("audit.lock_wait_s", raw.lock_wait_s, 40, 0..=3600)?,
    })
}

fn tls(raw: &raw::Tls, folder: &Path) -> Result<Tls, Problem> {
    let file =
        |field, given: &Option<PathBuf>| path(field, required(field, given.as_ref())?, folder);
    Ok(Tls {
        cert: file("tls.cert", &raw.cert)?,
        key: file("tls.key", &raw.key)?,
    })
}

fn page(raw: &raw::Page, folder: &Path) -> Result<Page, Problem> {
    let dir = required("page.dir", raw.dir.as_ref())?;
    Ok(Page {
        dir: existing_folder("page.dir", dir, folder)?,
    })
}
