//! The configuration: a TOML file, overridden by environment variables, with every field validated.

mod build;
mod files;
mod source;
mod values;

#[cfg(test)]
mod tests;

use std::env;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;

use super::journal::Durability;
use crate::config::environment::Overrides;
use crate::config::read::read;
use crate::config::{ConfigError, Policy};

pub use source::Source;

/// The validated configuration. Paths are absolute or relative to the process's folder.
#[derive(Clone, Debug)]
pub struct Config {
    /// The policy: operations, limits and moderators.
    pub policy: Policy,
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The address of metrics and health checks.
    pub metrics_listen: Option<SocketAddr>,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The file of revoked grants.
    pub revocations_file: Option<PathBuf>,
    /// The files that secrets were read from.
    pub secret_files: Vec<PathBuf>,
    /// Certificates that vouch for the API's, besides the public ones.
    pub ca_file: Option<PathBuf>,
    /// The audit.
    pub audit: Audit,
    /// The certificate, if the gateway terminates TLS.
    pub tls: Option<Tls>,
    /// The moderator page, if it is served.
    pub page: Option<Page>,
}

/// `[audit]`
#[derive(Clone, Debug)]
pub enum Audit {
    /// In files.
    Files {
        /// The folder; made if it is missing.
        dir: PathBuf,
        /// The failure that a line must survive before the gateway goes on.
        durability: Durability,
        /// How long a start waits for another gateway to leave the folder.
        lock_wait: Duration,
    },
    /// On standard output, where the platform collects it.
    Stdout,
}

impl Audit {
    /// The folder, if there are files.
    pub fn dir(&self) -> Option<&Path> {
        match self {
            Self::Files { dir, .. } => Some(dir),
            Self::Stdout => None,
        }
    }

    /// What a line in a file survives.
    pub fn durability(&self) -> Option<Durability> {
        match self {
            Self::Files { durability, .. } => Some(*durability),
            Self::Stdout => None,
        }
    }
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

impl Config {
    /// Reads a configuration: a file, if there is one, and the process's environment.
    ///
    /// # Errors
    ///
    /// The first error, without any secret's value.
    pub fn load(source: &Source) -> Result<Self, ConfigError> {
        Self::load_with(source, env::vars_os())
    }

    /// Like [`load`](Self::load), with an environment of your own.
    ///
    /// # Errors
    ///
    /// The first error, without any secret's value.
    pub fn load_with(
        source: &Source,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let mut overrides = Overrides::default();
        source
            .table(environment, &mut overrides)
            .and_then(|table| read(table, &mut overrides))
            .and_then(|raw| build::config(raw, source.folder()))
            .map_err(|problem| {
                let variable = overrides.variable(&problem.field);
                ConfigError::new(source.file(), &problem, variable)
            })
    }
}
