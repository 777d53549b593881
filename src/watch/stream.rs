//! The watch for Rust: a stream of snapshots.

use super::participant::WatchedParticipant;
use super::poll::Poller;
use super::snapshot::Snapshot;
use super::watcher::{MAX_PER_PAGE, Watcher};
use crate::api::inner::{ClientInner, millis};
use crate::api::invalid_argument::InvalidArgument;
use crate::api::resources::ActiveSessions;
use crate::id::{AccountId, AppId, MeetingId};
use crate::js;
use crate::models::Session;
use crate::transport::globals::use_globals;
use futures_core::Stream;
use std::fmt;
use std::future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

impl ActiveSessions<'_> {
    /// Watches a meeting: who is there, who joins and who leaves, poll after poll.
    pub fn watch(&self, app: &AppId, meeting: &MeetingId) -> Watch {
        let account = self.0.account();
        let poller = Poller {
            app: app.segment(),
            meeting: meeting.segment(),
            account: account.map(AccountId::segment),
            timeout_ms: None,
            per_page: MAX_PER_PAGE,
            signal: None,
        };
        let mut watcher = Watcher::new(poller, 2000);
        watcher.socket_class = js::global("WebSocket");
        Watch {
            client: Rc::new(self.0.inner()),
            state: Some(Box::new(watcher)),
            polls: false,
        }
    }
}

/// Polls a session again and again, and yields a [`Snapshot`] after each poll, successful or not.
///
/// It is a [`Stream`]; [`next`](Self::next) works without one. It polls only when it is asked and a poll is due, so
/// there is one poll at a time, and an idle watch sends nothing. A failed poll yields the last known data, its age and
/// the error; polls continue at longer intervals. It honours `Retry-After`, and leaves half of a rate limit to others.
/// A hidden page polls at most twice a minute.
///
/// If the base URL is that of a gateway that [pushes](Self::push), it polls once and then shows what the gateway sends, with
/// the actions of moderators. When the connection breaks it connects again, and misses nothing.
///
/// It ends with its [signal](Self::signal), or after an [`InvalidArgument`]. Dropping it cleans up timers, listeners
/// and requests.
///
/// ```no_run
/// # use realtimekit_moderator::{InvalidArgument, Room};
/// # async fn show(room: Room) -> Result<(), InvalidArgument> {
/// let mut watch = room.watch();
/// while let Some(snapshot) = watch.next().await {
///     let snapshot = snapshot?;
///     for participant in &snapshot.joined {
///         println!("{:?} joined", participant.display_name);
///     }
///     if let Some(trouble) = &snapshot.trouble {
///         println!("{:?} old: {}", snapshot.age, trouble.error);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until it is polled"]
pub struct Watch {
    client: Rc<ClientInner>,
    /// `None` after its end.
    state: Option<Box<Watcher<Session, WatchedParticipant>>>,
    /// Whether a step is in progress.
    polls: bool,
}

impl Watch {
    /// The next snapshot; `None` after the end. If it is dropped before it is ready, the next call continues.
    pub async fn next(&mut self) -> Option<Result<Snapshot, InvalidArgument>> {
        future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Sets how long to wait between two polls. Default: two seconds.
    pub fn interval(self, interval: Duration) -> Self {
        self.with(|state| state.interval_ms = millis(interval))
    }

    /// Sets the account, if it is not the client's.
    pub fn account(self, account: &AccountId) -> Self {
        self.with(|state| state.poller.account = Some(account.segment()))
    }

    /// Sets how long a request may take, if it is not the client's timeout.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|state| state.poller.timeout_ms = Some(millis(timeout)))
    }

    /// Sets how many participants to request per page, 1–200. Default: 200.
    pub fn per_page(self, per_page: u32) -> Self {
        self.with(|state| state.poller.per_page = per_page)
    }

    /// Sets whether the gateway may push changes over a WebSocket, if it offers that. Default: true. The watch then polls
    /// only while there is no connection.
    pub fn push(self, push: bool) -> Self {
        self.with(|state| {
            state.socket_class = match push {
                true => js::global("WebSocket"),
                false => JsValue::UNDEFINED,
            };
        })
    }

    /// Lets `signal` end the watch at any time, without an error.
    pub fn signal(self, signal: &AbortSignal) -> Self {
        self.with(|state| state.poller.signal = Some(signal.clone()))
    }

    fn with(mut self, change: impl FnOnce(&mut Watcher<Session, WatchedParticipant>)) -> Self {
        if let Some(state) = &mut self.state {
            change(state);
        }
        self
    }
}

impl Stream for Watch {
    type Item = Result<Snapshot, InvalidArgument>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let watch = &mut *self;
        let Some(state) = &mut watch.state else {
            return Poll::Ready(None);
        };
        use_globals();
        watch.polls = true;
        let update = ready!(state.poll_next(&watch.client, context));
        watch.polls = false;
        let item = match update {
            Ok(Some(update)) => {
                return Poll::Ready(Some(Ok(Snapshot::of(
                    *update,
                    watch.client.config.headers(),
                ))));
            }
            Ok(None) => None,
            Err(error) => Some(Err(error.into())),
        };
        watch.state = None;
        Poll::Ready(item)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("polls", &self.polls)
            .field("ended", &self.state.is_none())
            .finish_non_exhaustive()
    }
}
