//! Checks of single values: numbers in their ranges, addresses, texts.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::HeaderName;
use http::header::AUTHORIZATION;
use ipnet::IpNet;

use super::error::{Problem, wrong};

/// A whole number in its range.
pub(super) fn whole<T: TryFrom<i64>>(
    field: &str,
    given: Option<i64>,
    default: i64,
    range: RangeInclusive<i64>,
) -> Result<T, Problem> {
    let number = given.unwrap_or(default);
    let fits = range.contains(&number).then(|| T::try_from(number).ok());
    fits.flatten().ok_or_else(|| {
        let (least, most) = range.into_inner();
        wrong(
            field,
            format!("must be a whole number from {least} to {most}"),
        )
    })
}

/// A time in milliseconds.
pub(super) fn millis(
    field: &str,
    given: Option<i64>,
    default: i64,
    range: RangeInclusive<i64>,
) -> Result<Duration, Problem> {
    whole(field, given, default, range).map(Duration::from_millis)
}

/// A time in seconds.
pub(super) fn seconds(
    field: &str,
    given: Option<i64>,
    default: i64,
    range: RangeInclusive<i64>,
) -> Result<Duration, Problem> {
    whole(field, given, default, range).map(Duration::from_secs)
}

/// A fraction.
pub(super) fn share(
    field: &str,
    given: Option<f64>,
    default: f64,
    range: RangeInclusive<f64>,
) -> Result<f64, Problem> {
    let number = given.unwrap_or(default);
    if range.contains(&number) {
        return Ok(number);
    }
    let (least, most) = range.into_inner();
    Err(wrong(
        field,
        format!("must be a number from {least} to {most}"),
    ))
}

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

/// A required value.
pub(super) fn required<T>(field: &str, given: Option<T>) -> Result<T, Problem> {
    given.ok_or_else(|| wrong(field, "is missing"))
}

/// A text that is not blank.
pub(super) fn text(field: &str, given: String) -> Result<String, Problem> {
    if given.trim().is_empty() {
        Err(wrong(field, "must not be empty"))
    } else {
        Ok(given)
    }
}

/// An account's ID, which becomes part of every path.
pub(super) fn account_id(field: &str, given: String) -> Result<String, Problem> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=32).contains(&given.len()) && given.bytes().all(plain) {
        Ok(given)
    } else {
        Err(wrong(
            field,
            "must be 1 to 32 letters, digits, hyphens or underscores",
        ))
    }
}

/// A header's name, in lower case.
pub(super) fn header(field: &str, given: &str) -> Result<String, Problem> {
    match HeaderName::from_bytes(given.as_bytes()) {
        Ok(name) if name != AUTHORIZATION => Ok(name.as_str().to_owned()),
        Ok(_) => Err(wrong(
            field,
            "must be another header's name: authorization is read anyway",
        )),
        Err(_) => Err(wrong(field, "must be a header's name")),
    }
}

/// A path, if it is not blank.
pub(super) fn path(field: &str, given: PathBuf, folder: &Path) -> Result<PathBuf, Problem> {
    if given.as_os_str().is_empty() {
        Err(wrong(field, "must not be empty"))
    } else {
        Ok(folder.join(given))
    }
}

/// An existing folder.
pub(super) fn folder(field: &str, given: PathBuf, folder: &Path) -> Result<PathBuf, Problem> {
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
