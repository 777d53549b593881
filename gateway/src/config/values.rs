//! Checks of single values: numbers in their ranges, texts, names of headers.

use std::ops::RangeInclusive;
use std::time::Duration;

use http::HeaderName;
use http::header::AUTHORIZATION;

use super::error::{Problem, missing, wrong};

/// A whole number in its range.
pub(crate) fn whole<T: TryFrom<i64>>(
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
pub(crate) fn millis(
    field: &str,
    given: Option<i64>,
    default: i64,
    range: RangeInclusive<i64>,
) -> Result<Duration, Problem> {
    whole(field, given, default, range).map(Duration::from_millis)
}

/// A time in seconds.
pub(crate) fn seconds(
    field: &str,
    given: Option<i64>,
    default: i64,
    range: RangeInclusive<i64>,
) -> Result<Duration, Problem> {
    whole(field, given, default, range).map(Duration::from_secs)
}

/// A fraction.
pub(crate) fn share(
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

/// A required value.
pub(crate) fn required<T: Clone>(field: &str, given: &Option<T>) -> Result<T, Problem> {
    given.clone().ok_or_else(|| missing(field))
}

/// A text that is not blank.
pub(crate) fn text(field: &str, given: &str) -> Result<String, Problem> {
    if given.trim().is_empty() {
        Err(wrong(field, "must not be empty"))
    } else {
        Ok(given.to_owned())
    }
}

/// An account's ID, which becomes part of every path.
pub(crate) fn account_id(field: &str, given: String) -> Result<String, Problem> {
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
pub(crate) fn header(field: &str, given: &str) -> Result<String, Problem> {
    match HeaderName::from_bytes(given.as_bytes()) {
        Ok(name) if name != AUTHORIZATION => Ok(name.as_str().to_owned()),
        Ok(_) => Err(wrong(
            field,
            "must be another header's name: authorization is read anyway",
        )),
        Err(_) => Err(wrong(field, "must be a header's name")),
    }
}
