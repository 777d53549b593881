//! The watch for Rust: a stream of snapshots.

use super::look::{Looker, Tally};
use super::pace::Looked;
use super::roster::{Changes, Roster};
use super::snapshot::{Snapshot, Trouble};
use super::wait::Pause;
use crate::client::Client;
use crate::error::{Error, InvalidArgument};
use crate::hints::RateLimit;
use crate::id::{AccountId, AppId, MeetingId};
use crate::js;
use crate::models::Session;
use futures_core::Stream;
use js_sys::Date;
use std::future::{self, Future};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use web_sys::AbortSignal;

/// The most that the API puts on a page.
const MOST_PER_PAGE: u32 = 200;

/// Looks at a session again and again, and gives a [`Snapshot`] after each look, good or failed.
///
/// It is a [`Stream`]; [`next`](Self::next) is there for who has no use for one. It looks when it
/// is asked and the time has come, so there are never two looks at once, and what is not asked
/// sends nothing. A failed look shows what the last good one found, how old that is and why;
/// looks go on, at longer intervals, until one is good again. What a server asks for is kept to,
/// and half of what is left of a rate limit is left to others. A page that nobody sees looks
/// twice a minute at the most.
///
/// It ends with its [signal](Self::signal), or after an [`InvalidArgument`]. Dropped it leaves nothing
/// behind: no timer, no listener, no request under way.
///
/// ```no_run
/// # use realtimekit_moderator::id::{AppId, MeetingId};
/// # use realtimekit_moderator::{Client, InvalidArgument};
/// # async fn show(client: Client, app: AppId, meeting: MeetingId) -> Result<(), InvalidArgument> {
/// let mut watch = client.active_session().watch(&app, &meeting);
/// while let Some(snapshot) = watch.next().await {
///     let snapshot = snapshot?;
///     for who in &snapshot.joined {
///         println!("{:?} has come", who.display_name);
///     }
///     if let Some(trouble) = &snapshot.trouble {
///         println!("{:?} ms old: {}", snapshot.age_ms, trouble.error);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is looked at until it is asked"]
pub struct Watch {
    /// `None` while it looks, and when it has ended.
    state: Option<Box<State>>,
    step: Option<Pin<Box<dyn Future<Output = Step>>>>,
}

/// What a step gives: a state to go on from, unless it was the last, and an item.
type Step = (
    Option<Box<State>>,
    Option<Result<Snapshot, InvalidArgument>>,
);

/// All that is known between two looks.
struct State {
    looker: Looker,
    interval: Duration,
    /// What the next look waits for; `None` before the first.
    pause: Option<Pause>,
    /// What the newest good look found, and when.
    roster: Option<Roster>,
    session: Option<Session>,
    at: Option<f64>,
    /// Since when looks have failed, and how many.
    failing: Option<(f64, u32)>,
    rate_limit: Option<RateLimit>,
}

impl Watch {
    pub(crate) fn new(client: &Client, app: &AppId, meeting: &MeetingId) -> Self {
        let state = State {
            looker: Looker {
                client: client.clone(),
                app: app.clone(),
                meeting: meeting.clone(),
                account: None,
                timeout: None,
                per_page: MOST_PER_PAGE,
                signal: None,
            },
            interval: Duration::from_secs(2),
            pause: None,
            roster: None,
            session: None,
            at: None,
            failing: None,
            rate_limit: None,
        };
        Self {
            state: Some(Box::new(state)),
            step: None,
        }
    }

    /// The next snapshot; `None` when the watch has ended. Given up before it is there, it goes on
    /// when the next one is asked for.
    pub async fn next(&mut self) -> Option<Result<Snapshot, InvalidArgument>> {
        future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// How long to wait between two looks, if nothing is in the way. Default: two seconds.
    pub fn interval(self, interval: Duration) -> Self {
        self.with(|state| state.interval = interval)
    }

    /// The account, if it is not the client's.
    pub fn account(self, account: &AccountId) -> Self {
        self.with(|state| state.looker.account = Some(account.clone()))
    }

    /// How long a request may take, if it is not as long as the client's others.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|state| state.looker.timeout = Some(timeout))
    }

    /// How many participants to ask for at once, 1 to 200. Default: 200.
    pub fn per_page(self, per_page: u32) -> Self {
        self.with(|state| state.looker.per_page = per_page)
    }

    /// Lets `signal` end it, at any time and quietly.
    pub fn signal(self, signal: &AbortSignal) -> Self {
        self.with(|state| state.looker.signal = Some(signal.clone()))
    }

    fn with(mut self, change: impl FnOnce(&mut State)) -> Self {
        if let Some(state) = &mut self.state {
            change(state);
        }
        self
    }
}

impl Stream for Watch {
    type Item = Result<Snapshot, InvalidArgument>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(state) = self.state.take() {
            self.step = Some(Box::pin(state.step()));
        }
        let Some(step) = &mut self.step else {
            return Poll::Ready(None);
        };
        let (state, item) = ready!(step.as_mut().poll(context));
        self.step = None;
        self.state = state;
        Poll::Ready(item)
    }
}

impl State {
    /// Waits and looks.
    async fn step(mut self: Box<Self>) -> Step {
        if let Err(invalid) = self.check() {
            return (None, Some(Err(invalid)));
        }
        if let Some(pause) = self.pause.take() {
            pause.pass(self.looker.signal.as_ref()).await;
        }
        if self.aborted() {
            return (None, None);
        }
        let mut tally = Tally::default();
        let found = self.looker.look(&mut tally).await;
        if self.aborted() {
            return (None, None);
        }
        let mut changes = Changes::default();
        let error = match found {
            Err(Error::InvalidArgument(invalid)) => return (None, Some(Err(invalid))),
            Err(error) => Some(error),
            Ok(found) => {
                let (session, peers) = found.unzip();
                let id = session.as_ref().and_then(|session| session.id.as_deref());
                let (roster, since) =
                    Roster::new(self.roster.as_ref(), id, peers.unwrap_or_default());
                changes = since;
                self.roster = Some(roster);
                self.session = session;
                None
            }
        };
        let snapshot = self.snapshot(error, changes, tally);
        (Some(self), Some(Ok(snapshot)))
    }

    fn check(&self) -> Result<(), InvalidArgument> {
        if self.interval.as_millis() == 0 {
            return Err(InvalidArgument::new(
                "interval",
                "must be a positive integer",
            ));
        }
        if !(1..=MOST_PER_PAGE).contains(&self.looker.per_page) {
            return Err(InvalidArgument::new("per_page", "must be from 1 to 200"));
        }
        Ok(())
    }

    fn aborted(&self) -> bool {
        let signal = self.looker.signal.as_ref();
        signal.is_some_and(|signal| js::get(signal, "aborted").is_truthy())
    }

    /// What there is to tell after a look that ended now.
    fn snapshot(&mut self, error: Option<Error>, changes: Changes, tally: Tally) -> Snapshot {
        let now = Date::now();
        let trouble = match error {
            None => {
                self.at = Some(now - tally.age_ms);
                self.failing = None;
                None
            }
            Some(error) => {
                let (since_ms, before) = self.failing.unwrap_or((now, 0));
                let failures = before.saturating_add(1);
                self.failing = Some((since_ms, failures));
                Some(Trouble {
                    error,
                    since_ms,
                    failures,
                })
            }
        };
        let limit = tally.rate_limit.as_ref();
        let pause = Pause::new(Looked {
            interval_ms: self.interval.as_millis() as f64,
            failures: self.failing.map_or(0, |(_, failures)| failures),
            retry_after: tally.retry_after.unwrap_or(f64::NAN),
            requests: f64::from(tally.requests),
            remaining: limit.map_or(f64::NAN, |limit| limit.remaining),
            reset: limit.map_or(f64::NAN, |limit| limit.reset),
        });
        let next_at_ms = pause.next_at;
        self.pause = Some(pause);
        self.rate_limit = tally.rate_limit.or(self.rate_limit.take());
        let roster = self.roster.as_ref();
        Snapshot {
            at_ms: self.at,
            // A clock may be set back.
            age_ms: self.at.map(|at| (now - at).max(0.0)),
            session: self.session.clone(),
            participants: roster.map_or_else(Vec::new, |roster| roster.participants.clone()),
            joined: changes.joined,
            left: changes.left,
            came_back: changes.came_back,
            trouble,
            next_at_ms,
            rate_limit: self.rate_limit.clone(),
        }
    }
}
