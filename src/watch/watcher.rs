//! The loop of a watch: wait for a message or poll, and compare. Rust callers and the npm package see it through types of their own.

use super::channel::{Channel, MAX_SILENCE_MS, Reconnection};
use super::interval::PollOutcome;
use super::meeting::{Effect, Meeting};
use super::poll::{Found, PollStats, Poller, Polling, SERVERS_ID, decode_error};
use super::roster::{Changes, Member, Peer, Roster};
use super::sleep::Sleep;
use crate::api::inner::ClientInner;
use crate::api::paging::Entry;
use crate::js::{self, FromJs};
use crate::request::invalid_argument::InvalidArgument;
use crate::shared::Arc;
use crate::transport::error::Error;
use crate::transport::rate_limit::RateLimit;
use js_sys::{Date, Math};
use std::mem;
use std::task::{Context, Poll, ready};
use wasm_bindgen::JsValue;

/// The most entries that the API puts on a page.
pub(crate) const MAX_PER_PAGE: u32 = 200;

/// A watch, and what it knows between two polls.
pub(crate) struct Watcher<S, M: Member> {
    pub(crate) poller: Poller,
    /// How long to wait between two polls, in milliseconds.
    pub(crate) interval_ms: u32,
    /// The wait for the next poll; `None` before the first.
    sleep: Option<Sleep>,
    /// The poll in progress.
    polling: Option<Polling<S, M::Peer>>,
    roster: Option<Roster<M>>,
    session: Option<S>,
    /// When the last successful poll ended, minus the age of its responses.
    at: Option<f64>,
    /// Since when polls have failed, and how many.
    failing: Option<(f64, u32)>,
    rate_limit: Option<RateLimit>,
    /// The class of WebSockets; `undefined` if the watch only polls.
    pub(crate) socket_class: JsValue,
    channel: Option<Channel>,
    reconnection: Reconnection,
    /// The meeting as the channel describes it.
    meeting: Option<Meeting>,
    /// Whether it has something to report, and whether the participants may have changed.
    is_news: bool,
    has_changed: bool,
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
    /// What moderators did, and who of them watches (`null` if it is not known), as the gateway says.
    pub(crate) actions: Vec<JsValue>,
    pub(crate) moderators: JsValue,
}

/// An update; `None` once the signal is aborted.
type Next<S, M> = Result<Option<Box<Update<S, M>>>, InvalidArgument>;

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
            polling: None,
            roster: None,
            session: None,
            at: None,
            failing: None,
            rate_limit: None,
            socket_class: JsValue::UNDEFINED,
            channel: None,
            reconnection: Reconnection::default(),
            meeting: None,
            is_news: false,
            has_changed: false,
        }
    }

    /// Waits until a poll is due, and polls. Gives `None` once its signal is aborted. (A state machine for the same reason as
    /// [`Exchange`](crate::transport::exchange::Exchange).)
    pub(crate) fn poll_next(
        &mut self,
        client: &ClientInner,
        context: &mut Context<'_>,
    ) -> Poll<Next<S, M>> {
        self.validate()?;
        while self.polling.is_none() {
            if self.is_aborted() {
                return Poll::Ready(Ok(None));
            }
            if self.channel.is_some() {
                if let Some(update) = ready!(self.receive(client, context)) {
                    return Poll::Ready(Ok(Some(update)));
                }
                continue;
            }
            let is_waiting = self.sleep.as_ref().is_some_and(Sleep::is_waiting);
            // After a failure or a loss, the wait comes first.
            if self.failing.is_none() && !is_waiting && self.connect(client) {
                continue;
            }
            if let Some(sleep) = &mut self.sleep {
                ready!(sleep.poll(self.poller.signal.as_ref(), context));
                self.sleep = None;
                if self.is_aborted() || self.connect(client) {
                    continue;
                }
            }
            self.polling = Some(Polling::new());
        }
        let Some(polling) = &mut self.polling else {
            return Poll::Ready(Ok(None));
        };
        let polled = ready!(polling.poll(&self.poller, client, context));
        let stats = mem::take(&mut polling.stats);
        self.polling = None;
        if self.is_aborted() {
            return Poll::Ready(Ok(None));
        }
        if let Err(Error::InvalidArgument(error)) = &polled
            && error.argument() != SERVERS_ID
        {
            return Poll::Ready(Err(*error));
        }
        let (changes, error) = self.take(polled);
        Poll::Ready(Ok(Some(self.update(changes, error, stats))))
    }

    /// Takes what is known of the session now. Returns what has changed, or why it is not known.
    #[inline(never)]
    fn take(
        &mut self,
        found: Result<Option<Found<S, M::Peer>>, Error>,
    ) -> (Changes<M>, Option<Error>) {
        let found = match found {
            Ok(found) => found,
            Err(error) => return (Changes::default(), Some(error)),
        };
        let (session, id, peers) = match found {
            Some(Found { session, id, peers }) => (Some(session), Some(id), peers),
            None => (None, None, Vec::new()),
        };
        let (roster, changes) = Roster::new(self.roster.as_ref(), id, peers);
        self.roster = Some(roster);
        self.session = session;
        (changes, None)
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

    /// Opens the live channel, if there is one and it is time.
    fn connect(&mut self, client: &ClientInner) -> bool {
        // The first snapshot is polled: behind some proxies a connection takes its whole time limit.
        let is_first = self.roster.is_none();
        if is_first || self.socket_class.is_undefined() || !self.reconnection.is_due() {
            return false;
        }
        let known = self.meeting.as_ref().filter(|known| !known.seq.is_nan());
        let resume = known.map(|known| (known.stream.as_str(), known.seq));
        self.channel = Channel::connect(&self.poller, client, &self.socket_class, resume);
        self.channel.is_some()
    }

    /// Waits for messages of the live channel. Returns what there is to report; `None` if it is nothing, or the end.
    fn receive(
        &mut self,
        client: &ClientInner,
        context: &Context<'_>,
    ) -> Poll<Option<Box<Update<S, M>>>> {
        let Some(channel) = &mut self.channel else {
            return Poll::Ready(None);
        };
        if !channel.is_waiting() && !channel.renew(&self.poller, client) {
            self.channel = None;
            return Poll::Ready(None);
        }
        let Some(messages) = ready!(channel.poll(self.poller.signal.as_ref(), context)) else {
            return Poll::Ready(None);
        };
        let meeting = self.meeting.get_or_insert_with(Meeting::new);
        let mut end = None;
        for message in messages {
            match message.as_f64() {
                Some(_) => end = Some(f64::NAN),
                None => match meeting.take(&js::parse_json(&message), Date::now()) {
                    Effect::Broken => end = Some(f64::NAN),
                    Effect::Reconnect(ms) => end = Some(ms),
                    effect => {
                        channel.is_open = true;
                        self.is_news |= effect != Effect::None;
                        self.has_changed |= effect == Effect::Participants;
                    }
                },
            }
            if end.is_some() {
                break;
            }
        }
        // What a poll has shown since must not seem to be undone while the missed events come.
        let is_behind = meeting.is_behind();
        if let Some(after_ms) = end {
            let pause = self.reconnection.after(channel, after_ms, Math::random());
            self.sleep = pause.map(|ms| Sleep::new(PollOutcome::pause(ms)));
            self.channel = None;
        }
        Poll::Ready((!is_behind && mem::take(&mut self.is_news)).then(|| self.pushed()))
    }

    /// What there is to report of the meeting that the gateway describes.
    fn pushed(&mut self) -> Box<Update<S, M>> {
        let now = Date::now();
        let mut changes = Changes::default();
        let mut error = None;
        if self.has_changed {
            let described = self.described();
            (changes, error) = self.take(described);
            self.has_changed = error.is_some();
        }
        let mut next_at_ms = now + f64::from(MAX_SILENCE_MS);
        let (mut actions, mut moderators) = (Vec::new(), JsValue::NULL);
        if let Some(meeting) = &mut self.meeting {
            if !meeting.read_at.is_nan() {
                self.at = Some(meeting.read_at);
            }
            actions = mem::take(&mut meeting.actions);
            moderators = meeting.moderators.clone();
            next_at_ms = meeting.next_at.unwrap_or(next_at_ms);
            if let Some(problem) = &meeting.trouble {
                error = Some(problem.error());
                self.failing = Some((problem.since, problem.failures.saturating_sub(1)));
            }
        }
        let trouble = self.trouble(error, now);
        self.report(now, changes, trouble, next_at_ms, actions, moderators)
    }

    /// Counts failures in a row.
    fn trouble(&mut self, error: Option<Error>, now: f64) -> Option<(Error, f64, u32)> {
        let (since, failures) = self.failing.take().unwrap_or((now, 0));
        let error = error?;
        let failures = failures.saturating_add(1);
        self.failing = Some((since, failures));
        Some((error, since, failures))
    }

    /// The session that the gateway describes.
    fn described(&self) -> Result<Option<Found<S, M::Peer>>, Error> {
        let Some(meeting) = &self.meeting else {
            return Ok(None);
        };
        if !meeting.session.is_object() {
            return Ok(None);
        }
        let failed = |message| decode_error(message, meeting.session.clone());
        let mut peers = Vec::new();
        for listed in &meeting.peers {
            peers.push(<M::Peer>::from_js(listed.peer.clone()).map_err(failed)?);
        }
        peers.retain(Peer::has_fields);
        Ok(Some(Found {
            id: js::text(&meeting.session, "id"),
            session: S::from_js(meeting.session.clone()).map_err(failed)?,
            peers,
        }))
    }

    /// What there is to report after a poll that ended now.
    fn update(
        &mut self,
        changes: Changes<M>,
        error: Option<Error>,
        stats: PollStats,
    ) -> Box<Update<S, M>> {
        let now = Date::now();
        let trouble = self.trouble(error, now);
        if trouble.is_none() {
            let at = now - stats.age_ms;
            self.at = Some(at);
            if let Some(meeting) = &mut self.meeting {
                meeting.read_at = at;
            }
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
        self.report(now, changes, trouble, next_at_ms, Vec::new(), JsValue::NULL)
    }

    fn report(
        &self,
        now: f64,
        changes: Changes<M>,
        trouble: Option<(Error, f64, u32)>,
        next_at_ms: f64,
        actions: Vec<JsValue>,
        moderators: JsValue,
    ) -> Box<Update<S, M>> {
        let roster = self.roster.as_ref();
        Box::new(Update {
            at_ms: self.at,
            // A clock may be set back.
            age_ms: self.at.map(|at| (now - at).max(0.0)),
            session: self.session.clone(),
            members: roster.map_or_else(Vec::new, |roster| roster.members.clone()),
            changes,
            trouble,
            next_at_ms,
            rate_limit: self.rate_limit.clone(),
            actions,
            moderators,
        })
    }
}
