//! What an answer's headers say about sending again: waits and rate limits.

use crate::text::{cut, inside, leading_number, pieces};

/// What the headers of a refusal say about trying again.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RetryHints {
    /// `x-should-retry`: the server's own word, which outranks the status.
    pub should_retry: Option<bool>,
    /// How long it asks us to wait, in milliseconds, not below 0.
    pub wait_ms: Option<f64>,
}

impl RetryHints {
    /// Reads them through `header`; `date` gives the milliseconds from now to an HTTP date.
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
        let wait_ms = in_ms.or_else(|| {
            let text = header("retry-after")?;
            leading_number(&text)
                .map(|seconds| seconds * 1000.0)
                .or_else(|| date(&text).filter(|ms| !ms.is_nan()))
        });
        Self {
            should_retry,
            wait_ms: wait_ms.map(|ms| ms.max(0.0)),
        }
    }
}

/// What a `Ratelimit` header says: how many requests are left, and for how long.
///
/// Source: <https://developers.cloudflare.com/fundamentals/api/reference/limits/>.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The name of the limit, such as `default`.
    pub policy: String,
    /// How many requests are left.
    pub remaining: f64,
    /// Seconds until there are more.
    pub reset: f64,
}

impl RateLimit {
    /// Reads a header such as `"default";r=50;t=30`. Of several limits it gives the one with the
    /// fewest requests left; of a text that is none, nothing.
    pub fn parse(header: &str) -> Option<Self> {
        let mut tightest: Option<Self> = None;
        for limit in pieces(header, b',').filter_map(Self::parse_one) {
            match &tightest {
                Some(known) if known.remaining <= limit.remaining => {}
                _ => tightest = Some(limit),
            }
        }
        tightest
    }

    fn parse_one(text: &str) -> Option<Self> {
        let (policy, numbers) = cut(text, b';');
        let policy = policy.trim_ascii();
        let (mut remaining, mut reset) = (None, None);
        for number in pieces(numbers?, b';') {
            let (name, value) = cut(number, b'=');
            let value = value.and_then(leading_number);
            match name.trim_ascii() {
                "r" => remaining = value,
                "t" => reset = value,
                _ => {}
            }
        }
        Some(Self {
            policy: inside(policy, b'"', b'"').unwrap_or(policy).to_owned(),
            remaining: remaining?,
            reset: reset?,
        })
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
    fn waits_come_in_milliseconds_seconds_and_dates() {
        assert_eq!(read(&[("retry-after-ms", "250")]).wait_ms, Some(250.0));
        assert_eq!(read(&[("retry-after", "2")]).wait_ms, Some(2000.0));
        assert_eq!(read(&[("retry-after", "1.5")]).wait_ms, Some(1500.0));
        assert_eq!(
            read(&[("retry-after", "in a minute")]).wait_ms,
            Some(60_000.0)
        );
        let both = [("retry-after-ms", "250"), ("retry-after", "2")];
        assert_eq!(read(&both).wait_ms, Some(250.0));
        let broken = [("retry-after-ms", "soon"), ("retry-after", "2")];
        assert_eq!(read(&broken).wait_ms, Some(2000.0));
    }

    #[test]
    fn what_lies_in_the_past_is_now_and_what_means_nothing_is_nothing() {
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

    #[test]
    fn a_rate_limit_is_read() {
        let limit = RateLimit::parse("\"default\";r=50;t=30").unwrap();
        assert_eq!(limit.policy, "default");
        assert_eq!((limit.remaining, limit.reset), (50.0, 30.0));
        let limit = RateLimit::parse("\"day\";r=900;t=80000, \"burst\";r=3;t=12").unwrap();
        assert_eq!(limit.policy, "burst");
        for text in ["", "default", "\"default\";r=50", "x;r=a;t=b", ";;;", "=,="] {
            assert_eq!(RateLimit::parse(text), None, "{text:?}");
        }
    }
}
