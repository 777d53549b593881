//! Whether a configuration would work: finds errors before the gateway starts.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::config::ModeratorsSource;
use crate::native::config::{Config, Source};
use crate::native::parts;
use crate::native::tls::Certificate;

/// Checks a configuration and its files. With `running` the addresses may be in use: by the running
/// gateway, or by systemd's socket.
///
/// # Errors
///
/// Names the wrong field, or the resource that cannot be used.
pub fn check(source: &Source, config: &Config, running: bool) -> Result<(), String> {
    parts::make(config)?;
    page(source, config)?;
    if let Some(tls) = &config.tls {
        Certificate::load(tls)?;
    }
    if let Some(dir) = config.audit.dir() {
        audit_dir(dir)?;
    }
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
pub fn page(source: &Source, config: &Config) -> Result<(), String> {
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
    let dir = page.dir.display();
    let published = |name| format!("page.dir: {dir} holds {name}, which every visitor could read");
    let private: Vec<_> = private_files(source, config)
        .into_iter()
        .filter_map(|(name, file)| Some((name, nearest(&file)?)))
        .collect();
    for (name, file) in &private {
        if file.starts_with(&folder) {
            return Err(published(*name));
        }
    }
    // Links in the folder are followed when it is served.
    let is_published = |target: &Path| {
        let found = private
            .iter()
            .find(|(_, file)| file.starts_with(target) || is_same_file(file, target));
        found.map(|(name, _)| *name)
    };
    match find_in(&folder, &is_published) {
        Err(error) => Err(format!("page.dir: {dir}: {error}")),
        Ok(Some(name)) => Err(published(name)),
        Ok(None) => Ok(()),
    }
}

/// The first file, link or folder that `found` recognises, below a folder that links are not
/// followed in.
fn find_in<T>(folder: &Path, found: &impl Fn(&Path) -> Option<T>) -> io::Result<Option<T>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let inside = match entry.file_type()?.is_dir() {
            true => find_in(&entry.path(), found)?,
            // A link to nothing publishes nothing.
            false => fs::canonicalize(entry.path())
                .ok()
                .and_then(|file| found(&file)),
        };
        if inside.is_some() {
            return Ok(inside);
        }
    }
    Ok(None)
}

/// Whether two names are links to one file.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let id = |path: &Path| {
        let file = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        Some((file.dev(), file.ino()))
    };
    id(one).is_some_and(|one| id(other) == Some(one))
}

/// The files that the page must not publish.
fn private_files(source: &Source, config: &Config) -> Vec<(&'static str, PathBuf)> {
    let mut files = Vec::new();
    if let Some(dir) = config.audit.dir() {
        files.push(("the audit", dir.to_owned()));
    }
    if let Some(file) = source.file() {
        files.push(("the configuration", file.to_owned()));
    }
    files.extend(
        config
            .secret_files
            .iter()
            .map(|file| ("a secret", file.clone())),
    );
    if let Some(tls) = &config.tls {
        files.push(("the certificate's key", tls.key.clone()));
    }
    if let Some(identity) = &config.policy.identity
        && let ModeratorsSource::File(file) = &identity.moderators
    {
        files.push(("the file of moderators", file.clone()));
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
