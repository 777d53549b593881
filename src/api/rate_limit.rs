//! The rate limit that a response reports, in the types of Rust callers.

use crate::transport::rate_limit as engine;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A `Ratelimit` header: how many requests are left, and for how long.
///
/// Source: <https://developers.cloudflare.com/fundamentals/api/reference/limits/>.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateLimit {
    /// The name of the limit, such as `default`.
    pub policy: String,
    /// How many requests are left.
    pub remaining: u64,
    /// How long until the limit resets.
    pub reset: Duration,
}

impl RateLimit {
    /// A limit, for tests of what shows it.
    pub fn new(policy: impl Into<String>, remaining: u64, reset: Duration) -> Self {
        Self {
            policy: policy.into(),
            remaining,
            reset,
        }
    }
}

impl From<engine::RateLimit> for RateLimit {
    fn from(limit: engine::RateLimit) -> Self {
        Self {
            policy: limit.policy,
            remaining: limit.remaining as u64,
            reset: seconds(limit.reset),
        }
    }
}

/// A duration; zero for what is none.
pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_server_sends_is_a_limit() {
        let limit = engine::RateLimit::parse("\"default\";r=50;t=1.5").unwrap();
        let expected = RateLimit::new("default", 50, Duration::from_millis(1500));
        assert_eq!(RateLimit::from(limit), expected);
        let limit = engine::RateLimit::parse("d;r=-1;t=-2").unwrap();
        assert_eq!(
            RateLimit::from(limit),
            RateLimit::new("d", 0, Duration::ZERO)
        );
        assert_eq!(seconds(f64::NAN), Duration::ZERO);
        assert_eq!(seconds(f64::INFINITY), Duration::MAX);
    }
}
