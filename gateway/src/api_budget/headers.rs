//! What the API's headers say about its limits, beyond what the client crate reads.

use jiff::fmt::rfc2822::DateTimeParser;

/// The milliseconds from now to an HTTP date.
pub(super) fn ms_until(date: &str, unix_ms: u64) -> Option<f64> {
    static PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    let date = PARSER.parse_timestamp(date).ok()?.as_millisecond();
    // Both are far below what a float holds exactly.
    Some(date as f64 - unix_ms as f64)
}

/// The quota and window of a policy in a `Ratelimit-Policy` such as `"default";q=100;w=60`.
pub(super) fn policy(text: &str, name: &str) -> Option<(u64, u64)> {
    text.split(',').find_map(|one| {
        let mut parts = one.split(';').map(str::trim);
        if parts.next()?.trim_matches('"') != name {
            return None;
        }
        let number = |wanted: &str| {
            let mut parts = parts.clone().filter_map(|part| part.split_once('='));
            let (_, value) = parts.find(|(name, _)| *name == wanted)?;
            value.parse::<u64>().ok().filter(|number| *number > 0)
        };
        Some((number("q")?, number("w")?))
    })
}
