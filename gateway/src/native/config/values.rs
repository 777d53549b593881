//! Checks of values that only a process has: addresses and paths.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;

use crate::config::error::{Problem, wrong};

/// An address to listen on.
pub(super) fn address(field: &str, text: &str) -> Result<SocketAddr, Problem> {
    text.parse().map_err(|_| {
        wrong(
            field,
            "must be an IP address with a port, like 127.0.0.1:8787",
        )
    })
}

/// A proxy: an address, or a network of them.
pub(super) fn proxy(field: &str, text: &str) -> Result<IpNet, Problem> {
    let one = text.parse::<IpAddr>().map(IpNet::from);
    one.or_else(|_| text.parse()).map_err(|_| {
        wrong(
            field,
            "must be an IP address or a network, like 127.0.0.1 or 10.0.0.0/8",
        )
    })
}

/// A path, if it is not blank.
pub(super) fn path(field: &str, given: &Path, folder: &Path) -> Result<PathBuf, Problem> {
    if given.as_os_str().is_empty() {
        Err(wrong(field, "must not be empty"))
    } else {
        Ok(folder.join(given))
    }
}

/// An existing folder.
pub(super) fn folder(field: &str, given: &Path, folder: &Path) -> Result<PathBuf, Problem> {
    let path = path(field, given, folder)?;
    if path.is_dir() {
        Ok(path)
    } else {
        Err(wrong(
            field,
            format!("must be a folder, and {} is none", path.display()),
        ))
    }
}
