//! The loop of a watch: wait, poll, compare. Rust callers and the npm package see it through types of their own.

use super::interval::PollOutcome;
use super::poll::{Found, PollStats, Poller, SERVERS_ID};
use super::roster::{Changes, Member, Roster};
use super::sleep::Sleep;
use crate::api::inner::ClientInner;
use crate::api::paging::Entry;
use crate::js::{self, FromJs};
use crate::request::invalid_argument::InvalidArgument;
use crate::shared::Arc;
use crate::transport::error::Error;
use crate::transport::rate_limit::RateLimit;
use js_sys::Date;

/// The most entries that the API puts on a page.
pub(crate) const MAX_PER_PAGE: u32 = 200;

/// A watch, and what it knows between two polls.
pub(crate) struct Watcher<S, M> {
    pub(crate) poller: Poller,
    /// How long to wait between two polls, in milliseconds.
    pub(crate) interval_ms: u32,
    /// The wait for the next poll; `None` before the first.
    sleep: Option<Sleep>,
    roster: Option<Roster<M>>,
    session: Option<S>,
    /// When the last successful poll ended, minus the age of its responses.
    at: Option<f64>,
    /// Since when polls have failed, and how many.
    failing: Option<(f64, u32)>,
    rate_limit: Option<RateLimit>,
}

/// What a poll brought. Times are in milliseconds since 1970.
pub(crate) struct Update<S, M> {
    pub(crate) at_ms: Option<f64>,
    pub(crate) age_ms: Option<f64>,
    pub(crate) session: Option<S>,
    pub(crate) members: Vec<Arc<M>>,
    pub(crate) changes: Changes<M>,
    /// The error, since when polls have failed, and how many.
    pub(crate) trouble: Option<(Error, f64, u32)>,
    pub(crate) next_at_ms: f64,
    pub(crate) rate_limit: Option<RateLimit>,
}

impl<S, M> Watcher<S, M>
where
    S: FromJs + Clone,
    M: Member,
    M::Peer: Entry,
{
    /// A watch that has not started.
    pub(crate) fn new(poller: Poller, interval_ms: u32) -> Self {
        Self {
            poller,
            interval_ms,
            sleep: None,
            roster: None,
            session: None,
            at: None,
            failing: None,
            rate_limit: None,
        }
    }

    /// Waits until a poll is due, and polls. Returns `None` once its signal is aborted.
    pub(crate) async fn next(
        &mut self,
        client: &ClientInner,
    ) -> Result<Option<Update<S, M>>, InvalidArgument> {
        self.validate()?;
        if let Some(sleep) = self.sleep.take() {
            sleep.wait(self.poller.signal.as_ref()).await;
        }
        if self.is_aborted() {
            return Ok(None);
        }
        let mut stats = PollStats::default();
        let polled = self.poller.poll(client, &mut stats).await;
        if self.is_aborted() {
            return Ok(None);
        }
        let (changes, error) = match polled {
            Err(Error::InvalidArgument(error)) if error.argument() != SERVERS_ID => {
                return Err(error);
            }
            Err(error) => (Changes::default(), Some(error)),
            Ok(found) => {
                let (session, id, peers) = match found {
                    Some(Found { session, id, peers }) => (Some(session), Some(id), peers),
                    None => (None, None, Vec::new()),
                };
                let (roster, changes) = Roster::new(self.roster.as_ref(), id, peers);
                self.roster = Some(roster);
                self.session = session;
                (changes, None)
            }
        };
        Ok(Some(self.update(changes, error, stats)))
    }

    fn validate(&self) -> Result<(), InvalidArgument> {
        if !(1..=i32::MAX as u32).contains(&self.interval_ms) {
            let range = "must be from 1 to 2147483647";
            return Err(InvalidArgument::new("interval", range));
        }
        if !(1..=MAX_PER_PAGE).contains(&self.poller.per_page) {
            return Err(InvalidArgument::new("per_page", "must be from 1 to 200"));
        }
        Ok(())
    }

    fn is_aborted(&self) -> bool {
        let signal = self.poller.signal.as_ref();
        signal.is_some_and(|signal| js::get(signal, "aborted").is_truthy())
    }

    /// What there is to report after a poll that ended now.
    fn update(
        &mut self,
        changes: Changes<M>,
        error: Option<Error>,
        stats: PollStats,
    ) -> Update<S, M> {
        let now = Date::now();
        let trouble = error.map(|error| {
            let (since, failures) = self.failing.unwrap_or((now, 0));
            (error, since, failures.saturating_add(1))
        });
        match &trouble {
            None => {
                self.at = Some(now - stats.age_ms);
                self.failing = None;
            }
            Some((_, since, failures)) => self.failing = Some((*since, *failures)),
        }
        let limit = stats.rate_limit.as_ref();
        let sleep = Sleep::new(PollOutcome {
            interval_ms: f64::from(self.interval_ms),
            failures: self.failing.map_or(0, |(_, failures)| failures),
            retry_after: stats.retry_after.unwrap_or(f64::NAN),
            requests: f64::from(stats.requests),
            remaining: limit.map_or(f64::NAN, |limit| limit.remaining),
            reset: limit.map_or(f64::NAN, |limit| limit.reset),
        });
        let next_at_ms = sleep.next_at;
        self.sleep = Some(sleep);
        self.rate_limit = stats.rate_limit.or(self.rate_limit.take());
        let roster = self.roster.as_ref();
        Update {
            at_ms: self.at,
            // A clock may be set back.
            age_ms: self.at.map(|at| (now - at).max(0.0)),
            session: self.session.clone(),
            members: roster.map_or_else(Vec::new, |roster| roster.members.clone()),
            changes,
            trouble,
            next_at_ms,
            rate_limit: self.rate_limit.clone(),
        }
    }
}
