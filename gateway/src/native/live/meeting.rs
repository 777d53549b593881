//! A watched meeting: its feed, and the task that reads it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::frame::Frame;
use super::hub::{LiveHub, REMEMBERED};
use super::random::random;
use crate::grant::Grant;
use crate::live::feed::Feed;
use crate::live::schedule::{Hint, Schedule, Spacing};
use crate::live::settle::{Moment, settle};
use crate::native::api_handler::ApiHandler;
use crate::native::clock::SystemClock;
use crate::platform::{Clock, MeetingKey};

/// How often the list of moderators is sent at most.
const NAMES_EVERY: Duration = Duration::from_millis(500);

/// A wait without a handler, which there is only for a moment at the start.
const NO_HANDLER: Duration = Duration::from_millis(50);

/// A meeting that is watched, or was a minute ago.
pub(super) struct WatchedMeeting {
    key: MeetingKey,
    feed: Mutex<Feed<Frame>>,
    schedule: Mutex<Schedule>,
    clock: SystemClock,
    /// The number of the last event, for the sockets.
    seq: watch::Sender<u64>,
    /// Wakes the task: a hint, or a socket.
    wake: Notify,
    /// How many API requests the last read took.
    requests: AtomicU64,
}

impl WatchedMeeting {
    pub(super) fn new(key: MeetingKey, names: bool) -> Self {
        let stream = Uuid::now_v7().simple().to_string();
        Self {
            key,
            feed: Mutex::new(Feed::new(stream, names)),
            schedule: Mutex::default(),
            clock: SystemClock::start(),
            seq: watch::Sender::new(0),
            wake: Notify::new(),
            requests: AtomicU64::new(2),
        }
    }

    pub(super) fn key(&self) -> &MeetingKey {
        &self.key
    }

    /// The feed. What changes it must call `publish` afterwards.
    pub(super) fn feed(&self) -> MutexGuard<'_, Feed<Frame>> {
        self.feed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn sockets(&self) -> usize {
        self.feed().watching().sockets()
    }

    pub(super) fn requests_per_read(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// The numbers of new events.
    pub(super) fn events(&self) -> watch::Receiver<u64> {
        self.seq.subscribe()
    }

    /// Tells the sockets about new events.
    fn publish(&self, seq: u64) {
        self.seq
            .send_if_modified(|known| std::mem::replace(known, seq) != seq);
    }

    /// Changes the feed, and notifies the sockets.
    fn change<T>(&self, change: impl FnOnce(&mut Feed<Frame>) -> T) -> T {
        let mut feed = self.feed();
        let changed = change(&mut feed);
        let seq = feed.log().seq();
        drop(feed);
        self.publish(seq);
        changed
    }

    /// Something has happened at the API: the meeting is read now.
    pub(super) fn hint(&self, hint: Hint) {
        self.schedule().hint(self.clock.monotonic_ms(), hint);
        self.wake.notify_one();
    }

    /// The settings have changed: when the meeting is read next is decided again.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// A moderator's action is over.
    pub(super) fn acted(&self, record: &Map<String, Value>) {
        self.change(|feed| feed.acted(self.clock.unix_ms(), record));
    }

    /// A moderator opens a socket; `false` if they have too many.
    pub(super) fn opened(&self, grant: &Grant, most: usize) -> bool {
        let mut feed = self.feed();
        if feed.watching().sockets_of(grant) >= most {
            return false;
        }
        feed.opened(grant, self.clock.unix_ms());
        drop(feed);
        self.wake.notify_one();
        true
    }

    /// A moderator's socket is closed.
    pub(super) fn closed(&self, grant: &Grant) {
        self.feed().closed(grant);
        self.wake.notify_one();
    }

    /// Reads the meeting while it is watched, until no one has watched it for a minute.
    pub(super) async fn run(self: &Arc<Self>, hub: &LiveHub) {
        let mut names_sent: Option<Instant> = None;
        loop {
            if self.sockets() == 0 {
                if timeout(REMEMBERED, self.wake.notified()).await.is_err() && hub.forget(self) {
                    return;
                }
                continue;
            }
            let Some(handler) = hub.handler() else {
                sleep(NO_HANDLER).await;
                continue;
            };
            let now = self.clock.monotonic_ms();
            let sustained = handler.gateway.pace_ms(hub.requests_per_round());
            let spacing = Spacing::new(sustained, self.sockets());
            let due = self.schedule().next(now, hub.settings().pace, spacing);
            let mut wait = Duration::from_millis(due.saturating_sub(now));
            if self.feed().owes_names() {
                let names_due = names_sent.map_or(Duration::ZERO, |sent| {
                    NAMES_EVERY.saturating_sub(sent.elapsed())
                });
                if names_due.is_zero() {
                    self.change(Feed::send_names);
                    names_sent = Some(Instant::now());
                } else {
                    wait = wait.min(names_due);
                }
            }
            if !wait.is_zero() {
                tokio::select! {
                    () = sleep(wait) => {}
                    () = self.wake.notified() => {}
                }
                continue;
            }
            self.read(hub, &handler, spacing).await;
        }
    }

    async fn read(&self, hub: &LiveHub, handler: &ApiHandler, spacing: Spacing) {
        let now = self.clock.monotonic_ms();
        let anew = self.schedule().begin(now, spacing);
        let read_at = self.clock.unix_ms();
        let (read, stats) = handler.gateway.read_meeting(&self.key, anew).await;
        self.requests
            .store(stats.requests.max(1), Ordering::Relaxed);
        let at = Moment {
            unix_ms: self.clock.unix_ms(),
            now: self.clock.monotonic_ms(),
            random: random(),
        };
        let data_at = read_at.saturating_sub(stats.age_ms);
        let terms = (hub.settings().pace, spacing);
        self.change(|feed| settle(feed, &mut self.schedule(), read, data_at, at, terms));
    }
}
