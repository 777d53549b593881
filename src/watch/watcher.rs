//! The loop of a watch: wait for a message or poll, and compare. Rust callers and the npm package see it through types of their own.

use super::channel::{Channel, MAX_SILENCE_MS, Reconnection};
use super::interval::PollOutcome;
use super::meeting::{Effect, Meeting};
use super::poll::{Found, PollStats, Poller, SERVERS_ID, decode_error};
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
use wasm_bindgen::JsValue;

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
    /// The class of WebSockets; `undefined` if the watch only polls.
    pub(crate) socket_class: JsValue,
    channel: Option<Channel>,
    reconnection: Reconnection,
    /// The meeting as the channel describes it.
    meeting: Option<Meeting>,
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
            socket_class: JsValue::UNDEFINED,
            channel: None,
            reconnection: Reconnection::default(),
            meeting: None,
        }
    }

    /// Waits until a poll is due, and polls. Returns `None` once its signal is aborted.
    pub(crate) async fn next(
        &mut self,
        client: &ClientInner,
    ) -> Result<Option<Update<S, M>>, InvalidArgument> {
        self.validate()?;
        loop {
            if self.is_aborted() {
                return Ok(None);
            }
            if self.channel.is_some() {
                if let Some(update) = self.receive(client).await {
                    return Ok(Some(update));
                }
                continue;
            }
            // After a failure or a loss, the wait comes first.
            if self.failing.is_none() && self.connect(client) {
                continue;
            }
            if let Some(sleep) = self.sleep.take() {
                sleep.wait(self.poller.signal.as_ref()).await;
                if self.is_aborted() {
                    return Ok(None);
                }
                if self.connect(client) {
                    continue;
                }
            }
            break;
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

    /// Opens the live channel, if there is one and it is time.
    fn connect(&mut self, client: &ClientInner) -> bool {
        // The first snapshot is polled: behind some proxies a connection takes its whole time limit.
        let is_first = self.roster.is_none();
        if is_first || self.socket_class.is_undefined() || Date::now() < self.reconnection.at {
            return false;
        }
        let known = self.meeting.as_ref().filter(|known| !known.seq.is_nan());
        let resume = known.map(|known| (known.stream.as_str(), known.seq));
        self.channel = Channel::connect(&self.poller, client, &self.socket_class, resume);
        self.channel.is_some()
    }

    /// Waits for messages of the live channel. Returns what there is to report; `None` if it is nothing, or the end.
    async fn receive(&mut self, client: &ClientInner) -> Option<Update<S, M>> {
        let channel = self.channel.as_mut()?;
        if !channel.renew(&self.poller, client) {
            self.channel = None;
            return None;
        }
        let messages = channel.next(self.poller.signal.as_ref()).await?;
        let meeting = self.meeting.get_or_insert_with(Meeting::new);
        let (mut is_news, mut has_changed, mut ends) = (false, false, None);
        for message in messages {
            let effect = match message.as_f64() {
                Some(_) => Effect::Broken,
                None => meeting.take(&js::parse_json(&message), Date::now()),
            };
            match effect {
                Effect::Broken => ends = Some(None),
                Effect::Reconnect(ms) => ends = Some(Some(ms)),
                _ => channel.is_open = true,
            }
            is_news |= matches!(effect, Effect::News | Effect::Participants);
            has_changed |= effect == Effect::Participants;
            if ends.is_some() {
                break;
            }
        }
        if let Some(after_ms) = ends {
            if channel.is_open {
                self.reconnection.after_end(after_ms, Math::random());
                // All watchers of a gateway that restarts would poll it at once.
                let ms = self.reconnection.at - Date::now();
                self.sleep = Some(Sleep::new(PollOutcome::pause(ms)));
            } else {
                self.reconnection.after_failure(Math::random());
                self.sleep = None;
            }
            self.channel = None;
        }
        // Before the first snapshot there is nothing to see, unless the gateway cannot read the meeting.
        let is_known = self
            .meeting
            .as_ref()
            .is_some_and(|known| !known.session.is_undefined() || known.trouble.is_some());
        (is_news && is_known).then(|| self.pushed(has_changed))
    }

    /// What there is to report of the meeting that the gateway describes.
    fn pushed(&mut self, has_changed: bool) -> Update<S, M> {
        let now = Date::now();
        let mut changes = Changes::default();
        let mut trouble = None;
        if has_changed {
            match self.compare() {
                Ok(found) => changes = found,
                Err(error) => trouble = Some((error, now, 1)),
            }
        }
        let mut next_at_ms = now + f64::from(MAX_SILENCE_MS);
        let (mut actions, mut moderators) = (Vec::new(), JsValue::NULL);
        if let Some(meeting) = &mut self.meeting {
            self.at = Some(meeting.read_at).filter(|at| !at.is_nan()).or(self.at);
            actions = mem::take(&mut meeting.actions);
            moderators = meeting.moderators.clone();
            next_at_ms = meeting.next_at.unwrap_or(next_at_ms);
            if let Some(problem) = &meeting.trouble {
                trouble = Some((problem.error(), problem.since, problem.failures));
            }
        }
        self.failing = None;
        self.report(now, changes, trouble, next_at_ms, actions, moderators)
    }

    /// Compares the meeting that the gateway describes with what is known.
    fn compare(&mut self) -> Result<Changes<M>, Error> {
        let Some(meeting) = &self.meeting else {
            return Ok(Changes::default());
        };
        let failed = |message| decode_error(message, meeting.session.clone());
        let (mut session, mut id, mut peers) = (None, None, Vec::new());
        if meeting.session.is_object() {
            id = js::get(&meeting.session, "id").as_string();
            session = Some(S::from_js(meeting.session.clone()).map_err(failed)?);
            for listed in &meeting.peers {
                peers.push(<M::Peer>::from_js(listed.peer.clone()).map_err(failed)?);
            }
            peers.retain(Peer::has_fields);
        }
        let (roster, changes) = Roster::new(self.roster.as_ref(), id, peers);
        self.roster = Some(roster);
        self.session = session;
        Ok(changes)
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
    ) -> Update<S, M> {
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
            actions,
            moderators,
        }
    }
}
