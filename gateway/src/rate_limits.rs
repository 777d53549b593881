//! How much one moderator may ask, so that no page starves the others.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{NotUntil, Quota, RateLimiter};

use crate::grant::{Grant, Issuer};
use crate::platform::Clock;
use crate::route::Id;

/// What one moderator may ask in a minute; all of it at once, if they have been quiet before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerMinute {
    /// ReadCache in one meeting.
    pub reads: NonZeroU32,
    /// ReadCache that go up to the API, in all meetings.
    pub new_reads: NonZeroU32,
    /// Mutations in one meeting.
    pub mutations: NonZeroU32,
    /// Requests to the API that mutations cause, in all meetings: one of many people can take many.
    pub requests: NonZeroU32,
}

/// What one moderator may have written into the audit in a minute, in bytes: 2 MiB are thirty lists
/// of 500 people.
const AUDIT_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add((2 << 20) - 1);

type Who = (Issuer, String, Option<Id>);
type Limiter<C> = RateLimiter<Who, HashMapStateStore<Who>, Ticks<C>, NoOpMiddleware<Nanos>>;

/// The limits of all moderators.
pub struct RateLimits<C: Clock + 'static> {
    reads: Limiter<C>,
    new_reads: Limiter<C>,
    mutations: Limiter<C>,
    requests: Limiter<C>,
    audit: Limiter<C>,
    notes: Limiter<C>,
    ticks: Ticks<C>,
}

impl<C: Clock + 'static> RateLimits<C> {
    /// RateLimits by which nobody has asked anything yet.
    pub fn new(per_minute: PerMinute, clock: &Arc<C>) -> Self {
        let ticks = Ticks(Arc::clone(clock));
        let limiter = |number| {
            let quota = Quota::per_minute(number);
            RateLimiter::new(quota, HashMapStateStore::default(), ticks.clone())
        };
        Self {
            reads: limiter(per_minute.reads),
            new_reads: limiter(per_minute.new_reads),
            mutations: limiter(per_minute.mutations),
            requests: limiter(per_minute.requests),
            audit: limiter(AUDIT_PER_MINUTE),
            notes: limiter(NonZeroU32::MIN),
            ticks,
        }
    }

    /// Whether a moderator may read in a meeting now.
    ///
    /// # Errors
    ///
    /// If not: after how many milliseconds.
    pub fn read(&self, grant: &Grant, meeting: Option<&Id>) -> Result<(), u64> {
        self.check(&self.reads, grant, meeting)
    }

    /// Whether a moderator may cause a read that goes up to the API.
    ///
    /// # Errors
    ///
    /// If not: after how many milliseconds.
    pub fn new_read(&self, grant: &Grant) -> Result<(), u64> {
        self.check(&self.new_reads, grant, None)
    }

    /// Whether a moderator may act in a meeting now.
    ///
    /// # Errors
    ///
    /// If not: after how many milliseconds.
    pub fn act(&self, grant: &Grant, meeting: Option<&Id>) -> Result<(), u64> {
        self.check(&self.mutations, grant, meeting)
    }

    /// Whether a moderator's mutation may cause a request to the API now.
    ///
    /// # Errors
    ///
    /// If not: after how many milliseconds.
    pub fn request(&self, grant: &Grant) -> Result<(), u64> {
        self.check(&self.requests, grant, None)
    }

    /// Whether a moderator may have so many bytes written into the audit now.
    ///
    /// # Errors
    ///
    /// If not: after how many milliseconds.
    pub fn write(&self, grant: &Grant, bytes: u32) -> Result<(), u64> {
        let bytes = NonZeroU32::new(bytes).unwrap_or(NonZeroU32::MIN);
        let checked = self
            .audit
            .check_key_n(&who(grant, None), bytes.min(AUDIT_PER_MINUTE));
        match checked {
            Ok(result) => result.map_err(|not_until| self.wait(&not_until)),
            // More than there can be at once, which the line before rules out.
            Err(_) => Err(60_000),
        }
    }

    /// Whether it is to be noted that a moderator asked too much: once a minute, for a note each
    /// time would let them fill the disk.
    pub fn note(&self, grant: &Grant) -> bool {
        self.check(&self.notes, grant, None).is_ok()
    }

    /// Forgets whoever has been quiet for long.
    pub fn tidy(&self) {
        self.reads.retain_recent();
        self.new_reads.retain_recent();
        self.mutations.retain_recent();
        self.requests.retain_recent();
        self.audit.retain_recent();
        self.notes.retain_recent();
    }

    fn check(&self, limiter: &Limiter<C>, grant: &Grant, meeting: Option<&Id>) -> Result<(), u64> {
        let checked = limiter.check_key(&who(grant, meeting));
        checked.map_err(|not_until| self.wait(&not_until))
    }

    fn wait(&self, not_until: &NotUntil<Nanos>) -> u64 {
        let wait = not_until.wait_time_from(self.ticks.now());
        wait.as_millis().try_into().unwrap_or(u64::MAX)
    }
}

fn who(grant: &Grant, meeting: Option<&Id>) -> Who {
    (grant.issuer, grant.moderator.clone(), meeting.cloned())
}

/// The gateway's clock as governor wants it.
struct Ticks<C>(Arc<C>);

impl<C> Clone for Ticks<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: Clock> GovernorClock for Ticks<C> {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Duration::from_millis(self.0.monotonic_ms()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakeClock, grant};

    fn limits(number: u32) -> (Arc<FakeClock>, RateLimits<FakeClock>) {
        let clock = Arc::new(FakeClock::default());
        let number = NonZeroU32::new(number).unwrap();
        let per_minute = PerMinute {
            reads: number,
            new_reads: number,
            mutations: number,
            requests: number,
        };
        let limits = RateLimits::new(per_minute, &clock);
        (clock, limits)
    }

    #[test]
    fn each_moderator_has_their_own_in_each_meeting() {
        let (clock, limits) = limits(6);
        let (m, n) = (Id::new("m"), Id::new("n"));
        let passed = |who: &str, meeting: &Option<Id>| {
            let act = || limits.act(&grant(who), meeting.as_ref());
            (0..20).filter(|_| act().is_ok()).count()
        };
        assert_eq!(passed("ann", &m), 6);
        assert_eq!(passed("ann", &n), 6);
        assert_eq!(passed("bob", &m), 6);
        assert_eq!(limits.act(&grant("ann"), m.as_ref()), Err(10_000));
        clock.advance(10_000);
        assert_eq!(passed("ann", &m), 1);
        clock.advance(600_000);
        limits.tidy();
        assert_eq!(passed("ann", &m), 6);
    }

    #[test]
    fn the_same_name_of_another_issuer_is_somebody_else() {
        let (_, limits) = limits(1);
        let mut ann = grant("ann");
        limits.new_read(&ann).unwrap();
        limits.new_read(&ann).unwrap_err();
        ann.issuer = Issuer::Identity;
        limits.new_read(&ann).unwrap();
    }
}
