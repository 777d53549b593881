//! What the headers of an error response say about retrying.

use crate::ascii::leading_number;

/// What the headers of an error response say about retrying.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RetryHints {
    /// `x-should-retry`, which takes precedence over the status.
    pub should_retry: Option<bool>,
    /// How long to wait, in milliseconds; at least 0.
    pub wait_ms: Option<f64>,
}

impl RetryHints {
    /// Reads the headers through `header`. `date` returns the milliseconds from now to an HTTP date.
    pub fn read(
        header: impl Fn(&str) -> Option<String>,
        date: impl Fn(&str) -> Option<f64>,
    ) -> Self {
        let should_retry = match header("x-should-retry").as_deref() {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        };
        let in_ms = header("retry-after-ms").and_then(|text| leading_number(&text));
        let wait = || {
            let text = header("retry-after")?;
            leading_number(&text)
                .map(|seconds| seconds * 1000.0)
                .or_else(|| date(&text).filter(|ms| !ms.is_nan()))
        };
        // As in the official SDK, no milliseconds are none.
        let wait_ms = in_ms.filter(|ms| *ms != 0.0).or_else(wait).or(in_ms);
        Self {
            should_retry,
            wait_ms: wait_ms.map(|ms| ms.max(0.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&str, &str)]) -> RetryHints {
        RetryHints::read(
            |name| {
                let found = headers.iter().find(|(known, _)| *known == name)?;
                Some(found.1.to_owned())
            },
            |text| match text {
                "in a minute" => Some(60_000.0),
                "a minute ago" => Some(-60_000.0),
                _ => Some(f64::NAN),
            },
        )
    }

    #[test]
    fn waits_are_milliseconds_seconds_or_dates() {
        assert_eq!(read(&[("retry-after-ms", "250")]).wait_ms, Some(250.0));
        assert_eq!(read(&[("retry-after", "2")]).wait_ms, Some(2000.0));
        assert_eq!(read(&[("retry-after", "1.5")]).wait_ms, Some(1500.0));
        assert_eq!(
            read(&[("retry-after", "in a minute")]).wait_ms,
            Some(60_000.0)
        );
        let both = [("retry-after-ms", "250"), ("retry-after", "2")];
        assert_eq!(read(&both).wait_ms, Some(250.0));
        let none = [("retry-after-ms", "0"), ("retry-after", "9")];
        assert_eq!(read(&none).wait_ms, Some(9000.0));
        assert_eq!(read(&none[..1]).wait_ms, Some(0.0));
        assert_eq!(read(&[("retry-after", "+5")]).wait_ms, Some(5000.0));
        assert_eq!(read(&[("retry-after", "1e3")]).wait_ms, Some(1_000_000.0));
        let broken = [("retry-after-ms", "soon"), ("retry-after", "2")];
        assert_eq!(read(&broken).wait_ms, Some(2000.0));
    }

    #[test]
    fn the_past_is_now_and_nonsense_is_absent() {
        assert_eq!(read(&[("retry-after", "a minute ago")]).wait_ms, Some(0.0));
        assert_eq!(read(&[("retry-after", "-5")]).wait_ms, Some(0.0));
        assert_eq!(read(&[("retry-after", "soon")]).wait_ms, None);
        assert_eq!(read(&[]).wait_ms, None);
    }

    #[test]
    fn should_retry_is_true_false_or_nothing() {
        assert_eq!(read(&[("x-should-retry", "true")]).should_retry, Some(true));
        assert_eq!(
            read(&[("x-should-retry", "false")]).should_retry,
            Some(false)
        );
        assert_eq!(read(&[("x-should-retry", "yes")]).should_retry, None);
    }
}
