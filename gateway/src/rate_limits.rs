//! The limits of one moderator, so that no page starves the others.
//!
//! The moderator's limit comes before the limit in a meeting: otherwise a grant for all meetings
//! would have a new limit in each made-up meeting.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{NotUntil, Quota, RateLimiter};

use crate::grant::{Grant, Moderator};
use crate::platform::Clock;
use crate::route::Id;

/// What one moderator may request in a minute; all of it at once after a quiet minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerMinute {
    /// Reads in one meeting.
    pub reads: NonZeroU32,
    /// Reads in all meetings.
    pub all_reads: NonZeroU32,
    /// Reads that go up to the API, in all meetings.
    pub new_reads: NonZeroU32,
    /// Mutations in one meeting.
    pub mutations: NonZeroU32,
    /// Mutations in all meetings.
    pub all_mutations: NonZeroU32,
    /// Requests to the API that mutations cause, in all meetings: a bulk mutation can take many.
    pub requests: NonZeroU32,
}

/// One moderator's share of the audit in a minute, in bytes, and at once after a quiet minute: so
/// at most 2 MiB in any minute. 1 MiB is some ten lists of 500 people.
const AUDIT_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add((1 << 20) - 1);

type Key = (Moderator, Option<Id>);
type Limiter<C> = RateLimiter<Key, HashMapStateStore<Key>, Ticks<C>, NoOpMiddleware<Nanos>>;

/// The limits of all moderators.
pub struct RateLimits<C: Clock + 'static> {
    reads: Limiter<C>,
    all_reads: Limiter<C>,
    new_reads: Limiter<C>,
    mutations: Limiter<C>,
    all_mutations: Limiter<C>,
    requests: Limiter<C>,
    audit: Limiter<C>,
    notes: Limiter<C>,
    ticks: Ticks<C>,
}

impl<C: Clock + 'static> RateLimits<C> {
    /// Unused limits.
    pub fn new(per_minute: PerMinute, clock: &Arc<C>) -> Self {
        let ticks = Ticks(Arc::clone(clock));
        let limiter = |number| {
            let quota = Quota::per_minute(number);
            RateLimiter::new(quota, HashMapStateStore::default(), ticks.clone())
        };
        Self {
            reads: limiter(per_minute.reads),
            all_reads: limiter(per_minute.all_reads),
            new_reads: limiter(per_minute.new_reads),
            mutations: limiter(per_minute.mutations),
            all_mutations: limiter(per_minute.all_mutations),
            requests: limiter(per_minute.requests),
            audit: limiter(AUDIT_PER_MINUTE),
            notes: limiter(NonZeroU32::MIN),
            ticks,
        }
    }

    /// Whether a moderator may read now: at all, and in a meeting. Refused reads count together.
    ///
    /// # Errors
    ///
    /// If not: the wait in milliseconds.
    pub fn read(&self, grant: &Grant, meeting: Option<&Id>) -> Result<(), u64> {
        self.both(&self.all_reads, &self.reads, grant, meeting)
    }

    /// Whether a moderator may read at all now; another part of the gateway counts those in a meeting.
    ///
    /// # Errors
    ///
    /// If not: the wait in milliseconds.
    pub fn read_anywhere(&self, grant: &Grant) -> Result<(), u64> {
        self.check(&self.all_reads, grant, None)
    }

    /// Whether a moderator may make a mutation at all now; another part of the gateway counts those in a meeting.
    ///
    /// # Errors
    ///
    /// If not: the wait in milliseconds.
    pub fn act_anywhere(&self, grant: &Grant) -> Result<(), u64> {
        self.check(&self.all_mutations, grant, None)
    }

    /// Whether a moderator may cause a read that goes up to the API.
    ///
    /// # Errors
    ///
    /// If not: the wait in milliseconds.
    pub fn new_read(&self, grant: &Grant) -> Result<(), u64> {
        self.check(&self.new_reads, grant, None)
    }

    /// Whether a moderator may make a mutation now: at all, and in a meeting.
    ///
    /// # Errors
    ///
    /// If not: the wait in milliseconds.
    pub fn act(&self, grant: &Grant, meeting: Option<&Id>) -> Result<(), u64> {
        self.both(&self.all_mutations, &self.mutations, grant, meeting)
    }

    /// Whether a moderator's mutation may cause a request to the API now.
    ///
    /// # Errors
    ///
    /// If not: the wait in milliseconds.
    pub fn request(&self, grant: &Grant) -> Result<(), u64> {
        self.request_of(grant.moderator())
    }

    /// The same, of a moderator whose grant is elsewhere.
    ///
    /// # Errors
    ///
    /// If not: the wait in milliseconds.
    pub fn request_of(&self, moderator: Moderator) -> Result<(), u64> {
        let checked = self.requests.check_key(&(moderator, None));
        checked.map_err(|not_until| self.wait(&not_until))
    }

    /// Whether a moderator may have so many bytes written into the audit now.
    ///
    /// # Errors
    ///
    /// If not: the wait in milliseconds.
    pub fn write(&self, grant: &Grant, bytes: u32) -> Result<(), u64> {
        let bytes = NonZeroU32::new(bytes).unwrap_or(NonZeroU32::MIN);
        let checked = self
            .audit
            .check_key_n(&key(grant, None), bytes.min(AUDIT_PER_MINUTE));
        match checked {
            Ok(result) => result.map_err(|not_until| self.wait(&not_until)),
            // More than the burst size, which the line before rules out.
            Err(_) => Err(60_000),
        }
    }

    /// Whether the audit should note that a moderator is over a limit: once a minute, because a
    /// line each time could fill the disk.
    pub fn note(&self, grant: &Grant) -> bool {
        self.check(&self.notes, grant, None).is_ok()
    }

    /// Forgets moderators that have sent nothing for long.
    pub fn tidy(&self) {
        let all = [
            &self.reads,
            &self.all_reads,
            &self.new_reads,
            &self.mutations,
            &self.all_mutations,
            &self.requests,
            &self.audit,
            &self.notes,
        ];
        for limiter in all {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    /// A meeting's limit is looked up, and so stored, only for a moderator within their own limit.
    fn both(
        &self,
        all: &Limiter<C>,
        one: &Limiter<C>,
        grant: &Grant,
        meeting: Option<&Id>,
    ) -> Result<(), u64> {
        self.check(all, grant, None)?;
        self.check(one, grant, meeting)
    }

    fn check(&self, limiter: &Limiter<C>, grant: &Grant, meeting: Option<&Id>) -> Result<(), u64> {
        let checked = limiter.check_key(&key(grant, meeting));
        checked.map_err(|not_until| self.wait(&not_until))
    }

    fn wait(&self, not_until: &NotUntil<Nanos>) -> u64 {
        let wait = not_until.wait_time_from(self.ticks.now());
        wait.as_millis().try_into().unwrap_or(u64::MAX)
    }
}

fn key(grant: &Grant, meeting: Option<&Id>) -> Key {
    (grant.moderator(), meeting.cloned())
}

/// The gateway's clock for governor.
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
    use crate::grant::Issuer;
    use crate::testing::{FakeClock, grant};

    fn limits(number: u32) -> (Arc<FakeClock>, RateLimits<FakeClock>) {
        let clock = Arc::new(FakeClock::default());
        let number = NonZeroU32::new(number).unwrap();
        let twice = number.saturating_mul(NonZeroU32::new(2).unwrap());
        let per_minute = PerMinute {
            reads: number,
            all_reads: twice,
            new_reads: number,
            mutations: number,
            all_mutations: twice,
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
        clock.advance(60_000);
        assert_eq!(passed("ann", &n), 6);
        assert_eq!(passed("bob", &m), 6);
        clock.advance(5_000);
        assert_eq!(limits.act(&grant("ann"), n.as_ref()), Err(5_000));
        clock.advance(5_000);
        assert_eq!(passed("ann", &n), 1);
        clock.advance(600_000);
        limits.tidy();
        assert_eq!(passed("ann", &m), 6);
    }

    #[test]
    fn a_moderators_own_limit_comes_first_and_what_is_refused_is_not_stored() {
        let (_, limits) = limits(6);
        type Check = fn(&RateLimits<FakeClock>, &Grant, Option<&Id>) -> Result<(), u64>;
        for (check, in_meetings) in [
            (RateLimits::read as Check, &limits.reads),
            (RateLimits::act as Check, &limits.mutations),
        ] {
            let request = |number: usize| {
                let meeting = Id::new(&format!("made-up-{number}"));
                check(&limits, &grant("ann"), meeting.as_ref())
            };
            let passed = (0..1000).filter(|number| request(*number).is_ok()).count();
            assert_eq!(passed, 12);
            assert_eq!(in_meetings.len(), 12);
            assert!(request(0).is_err_and(|wait| wait <= 5_000));
            // Another moderator has limits of their own.
            check(&limits, &grant("bob"), Id::new("m").as_ref()).unwrap();
        }
    }

    #[test]
    fn requests_to_the_api_have_a_limit_in_all_meetings() {
        let (clock, limits) = limits(6);
        for _ in 0..2 {
            let requests = (0..20).filter(|_| limits.request(&grant("ann")).is_ok());
            assert_eq!(requests.count(), 6);
            let reads = (0..20).filter(|_| limits.new_read(&grant("ann")).is_ok());
            assert_eq!(reads.count(), 6);
            clock.advance(60_000);
        }
        limits.request(&grant("bob")).unwrap();
    }

    #[test]
    fn the_audit_takes_two_mebibytes_of_a_moderator_in_any_minute() {
        let (clock, limits) = limits(6);
        let mut written = 0;
        for _ in 0..60_000 {
            clock.advance(1);
            written += match limits.write(&grant("ann"), 1000) {
                Ok(()) => 1000,
                Err(_) => 0,
            };
        }
        assert!((1 << 20..=2 << 20).contains(&written), "{written}");
    }

    #[test]
    fn the_same_name_of_another_issuer_is_another_moderator() {
        let (_, limits) = limits(1);
        let mut ann = grant("ann");
        limits.new_read(&ann).unwrap();
        limits.new_read(&ann).unwrap_err();
        ann.issuer = Issuer::Identity;
        limits.new_read(&ann).unwrap();
    }
}
