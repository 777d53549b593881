//! Whether a configuration would work: finds errors before the gateway starts.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use crate::native::config::Config;
use crate::native::parts;
use crate::native::tls::Certificate;

/// Checks a configuration and its files. With `running` the addresses may be in use: by the running
/// gateway, or by systemd's socket.
///
/// # Errors
///
/// Names the wrong field, or the resource that cannot be used.
pub fn check(path: &Path, config: &Config, running: bool) -> Result<(), String> {
    parts::make(config)?;
    page(path, config)?;
    if let Some(tls) = &config.tls {
        Certificate::load(tls)?;
    }
    audit_dir(&config.audit.dir)?;
    address("listen", config.listen, running)?;
    if let Some(metrics) = config.metrics_listen {
        address("metrics_listen", metrics, running)?;
    }
    Ok(())
}

/// Refuses a page folder that is missing, or that would publish private files.
///
/// # Errors
///
/// Names the reason.
pub fn page(path: &Path, config: &Config) -> Result<(), String> {
    let Some(page) = &config.page else {
        return Ok(());
    };
    if !page.dir.join("index.html").is_file() {
        let dir = page.dir.display();
        return Err(format!("page.dir: {dir} has no index.html"));
    }
    let Ok(folder) = fs::canonicalize(&page.dir) else {
        return Err(format!("page.dir: {} cannot be read", page.dir.display()));
    };
    for (name, private) in private_files(path, config) {
        if nearest(&private).is_some_and(|private| private.starts_with(&folder)) {
            return Err(format!(
                "page.dir: {} holds {name}, which every visitor could read",
                page.dir.display()
            ));
        }
    }
    Ok(())
}

/// The files that the page must not publish.
fn private_files(path: &Path, config: &Config) -> Vec<(&'static str, PathBuf)> {
    let mut files = vec![
        ("the configuration", path.to_owned()),
        ("the audit", config.audit.dir.clone()),
    ];
    files.extend(
        config
            .secret_files
            .iter()
            .map(|file| ("a secret", file.clone())),
    );
    if let Some(tls) = &config.tls {
        files.push(("the certificate's key", tls.key.clone()));
    }
    if let Some(identity) = &config.identity {
        files.push(("the file of moderators", identity.moderators_file.clone()));
    }
    if let Some(file) = &config.revocations_file {
        files.push(("the file of revocations", file.clone()));
    }
    files
}

/// A path without links; for a missing file that of its nearest existing folder.
fn nearest(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    absolute
        .ancestors()
        .find_map(|ancestor| fs::canonicalize(ancestor).ok())
}

/// Whether the audit could be written; changes no file of it.
fn audit_dir(dir: &Path) -> Result<(), String> {
    let wrong =
        |path: &Path, error: std::io::Error| format!("audit.dir: {}: {error}", path.display());
    if dir.exists() && !dir.is_dir() {
        return Err(format!("audit.dir: {} is no folder", dir.display()));
    }
    let absolute = std::path::absolute(dir).map_err(|error| wrong(dir, error))?;
    let existing = absolute.ancestors().find(|ancestor| ancestor.is_dir());
    let existing = existing.ok_or_else(|| format!("audit.dir: {} has no parent", dir.display()))?;
    let trial = existing.join(format!(".realtimekit-gateway-check-{}", std::process::id()));
    File::create_new(&trial).map_err(|error| wrong(existing, error))?;
    fs::remove_file(&trial).map_err(|error| wrong(&trial, error))
}

fn address(field: &str, address: SocketAddr, running: bool) -> Result<(), String> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(error) if running && error.kind() == ErrorKind::AddrInUse => Ok(()),
        Err(error) => Err(format!("{field}: {address}: {error}")),
    }
}
