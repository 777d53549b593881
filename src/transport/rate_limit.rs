//! The rate limit that a response reports.

use crate::ascii::{cut, inside, leading_number, pieces};

/// A `Ratelimit` header: how many requests are left, and for how long.
///
/// Source: <https://developers.cloudflare.com/fundamentals/api/reference/limits/>.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The name of the limit, such as `default`.
    pub policy: String,
    /// How many requests are left.
    pub remaining: f64,
    /// Seconds until the limit resets.
    pub reset: f64,
}

impl RateLimit {
    /// Parses a header such as `"default";r=50;t=30`. Of several limits the one with the fewest requests left counts.
    /// Returns `None` if there is none.
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
