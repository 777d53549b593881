//! Cloudflare's global rate limit: a number of requests per window. A client that exceeds it gets
//! only 429 for one more window. It uses real time, because it limits the client's pace.

use std::time::Duration;

/// The limiter's decision about one request, with the values for the response headers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RateDecision {
    /// Whether the request may pass.
    pub(crate) allowed: bool,
    /// The limit, for `Ratelimit-Policy`.
    pub(crate) limit: u64,
    /// The window's length in whole seconds, for `Ratelimit-Policy`.
    pub(crate) window_secs: u64,
    /// The requests left in this window.
    pub(crate) remaining: u64,
    /// Whole seconds until the limit resets.
    pub(crate) reset_secs: u64,
}

/// Counts requests. A limit of 0 means none.
pub(crate) struct RateLimiter {
    limit: u64,
    window: Duration,
    opened: Option<Duration>,
    used: u64,
    blocked_until: Option<Duration>,
}

impl RateLimiter {
    /// A limiter that has counted nothing yet.
    pub(crate) fn new(limit: u64, window: Duration) -> Self {
        Self {
            limit,
            window,
            opened: None,
            used: 0,
            blocked_until: None,
        }
    }

    /// Counts a request that arrived at `now`, measured from any fixed point.
    pub(crate) fn take(&mut self, now: Duration) -> RateDecision {
        if self.limit == 0 {
            // Cloudflare's usual limit, never used up, so that clients read plausible headers.
            return RateDecision {
                allowed: true,
                limit: 1200,
                window_secs: 300,
                remaining: 1200,
                reset_secs: 300,
            };
        }
        if let Some(until) = self.blocked_until {
            if now < until {
                return self.decision(false, until.saturating_sub(now));
            }
            self.blocked_until = None;
            self.opened = None;
        }
        let opened = match self.opened {
            Some(opened) if now.saturating_sub(opened) < self.window => opened,
            _ => {
                self.used = 0;
                *self.opened.insert(now)
            }
        };
        if self.used >= self.limit {
            self.blocked_until = Some(now.saturating_add(self.window));
            return self.decision(false, self.window);
        }
        self.used = self.used.saturating_add(1);
        let left = opened.saturating_add(self.window).saturating_sub(now);
        self.decision(true, left)
    }

    fn decision(&self, allowed: bool, left: Duration) -> RateDecision {
        RateDecision {
            allowed,
            limit: self.limit,
            window_secs: whole_seconds(self.window),
            remaining: self.limit.saturating_sub(self.used),
            reset_secs: whole_seconds(left),
        }
    }
}

/// Rounds up, so that a client that waits this long has waited long enough.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(300);

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn counts_down_within_a_window() {
        let mut limiter = RateLimiter::new(3, WINDOW);
        let first = limiter.take(secs(10));
        assert!(first.allowed);
        assert_eq!((first.remaining, first.reset_secs), (2, 300));
        let second = limiter.take(secs(60));
        assert_eq!((second.remaining, second.reset_secs), (1, 250));
        assert_eq!((second.limit, second.window_secs), (3, 300));
    }

    #[test]
    fn a_window_that_is_over_is_forgotten() {
        let mut limiter = RateLimiter::new(2, WINDOW);
        limiter.take(secs(0));
        limiter.take(secs(299));
        assert_eq!(limiter.take(secs(300)).remaining, 1);
    }

    #[test]
    fn exceeding_blocks_for_a_whole_window_from_then() {
        let mut limiter = RateLimiter::new(1, WINDOW);
        assert!(limiter.take(secs(0)).allowed);
        let refused = limiter.take(secs(100));
        assert!(!refused.allowed);
        assert_eq!((refused.remaining, refused.reset_secs), (0, 300));
        // Trying again does not prolong it.
        assert_eq!(limiter.take(secs(399)).reset_secs, 1);
        assert!(limiter.take(secs(400)).allowed);
    }

    #[test]
    fn zero_is_no_limit() {
        let mut limiter = RateLimiter::new(0, WINDOW);
        for _ in 0..5000 {
            assert!(limiter.take(secs(1)).allowed);
        }
    }

    #[test]
    fn fractions_round_up() {
        let mut limiter = RateLimiter::new(1, Duration::from_millis(500));
        assert_eq!(limiter.take(secs(0)).reset_secs, 1);
    }
}
