//! Cloudflare's global rate limit: so many requests in a window, and whoever exceeds it is refused
//! everything for a whole window more. Real time, since it is the client's pace that counts.

use std::time::Duration;

/// What the limiter says of one request, and what the answer's headers tell of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// Whether the request may pass.
    pub(crate) allowed: bool,
    /// The limit, for `Ratelimit-Policy`.
    pub(crate) limit: u64,
    /// The window's length in whole seconds, for `Ratelimit-Policy`.
    pub(crate) window_secs: u64,
    /// Requests left in this window.
    pub(crate) remaining: u64,
    /// Whole seconds until the limit is fresh again.
    pub(crate) reset_secs: u64,
}

/// Counts requests. A limit of 0 means none.
pub(crate) struct Limiter {
    limit: u64,
    window: Duration,
    opened: Option<Duration>,
    used: u64,
    blocked_until: Option<Duration>,
}

impl Limiter {
    /// A limiter that has seen nothing yet.
    pub(crate) fn new(limit: u64, window: Duration) -> Self {
        Self {
            limit,
            window,
            opened: None,
            used: 0,
            blocked_until: None,
        }
    }

    /// Counts a request that came at `now`, a time since any fixed point.
    pub(crate) fn take(&mut self, now: Duration) -> Verdict {
        if self.limit == 0 {
            // What Cloudflare allows, never used up: clients that read the headers see sense.
            return Verdict {
                allowed: true,
                limit: 1200,
                window_secs: 300,
                remaining: 1200,
                reset_secs: 300,
            };
        }
        if let Some(until) = self.blocked_until {
            if now < until {
                return self.verdict(false, until.saturating_sub(now));
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
            return self.verdict(false, self.window);
        }
        self.used = self.used.saturating_add(1);
        let left = opened.saturating_add(self.window).saturating_sub(now);
        self.verdict(true, left)
    }

    fn verdict(&self, allowed: bool, left: Duration) -> Verdict {
        Verdict {
            allowed,
            limit: self.limit,
            window_secs: whole_seconds(self.window),
            remaining: self.limit.saturating_sub(self.used),
            reset_secs: whole_seconds(left),
        }
    }
}

/// Rounded up: who waits this long has waited long enough.
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
        let mut limiter = Limiter::new(3, WINDOW);
        let first = limiter.take(secs(10));
        assert!(first.allowed);
        assert_eq!((first.remaining, first.reset_secs), (2, 300));
        let second = limiter.take(secs(60));
        assert_eq!((second.remaining, second.reset_secs), (1, 250));
        assert_eq!((second.limit, second.window_secs), (3, 300));
    }

    #[test]
    fn a_window_that_is_over_is_forgotten() {
        let mut limiter = Limiter::new(2, WINDOW);
        limiter.take(secs(0));
        limiter.take(secs(299));
        assert_eq!(limiter.take(secs(300)).remaining, 1);
    }

    #[test]
    fn exceeding_blocks_for_a_whole_window_from_then() {
        let mut limiter = Limiter::new(1, WINDOW);
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
        let mut limiter = Limiter::new(0, WINDOW);
        for _ in 0..5000 {
            assert!(limiter.take(secs(1)).allowed);
        }
    }

    #[test]
    fn fractions_round_up() {
        let mut limiter = Limiter::new(1, Duration::from_millis(500));
        assert_eq!(limiter.take(secs(0)).reset_secs, 1);
    }
}
