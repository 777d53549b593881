//! All watched meetings, and what their sockets share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::meeting::WatchedMeeting;
use crate::audit;
use crate::live::schedule::{Hint, Pace};
use crate::native::api_handler::ApiHandler;
use crate::platform::{LiveSink, MeetingKey};
use crate::route::Id;

/// How long after a shutdown the first clients return at least, in milliseconds.
const RETURN_MS: u64 = 500;

/// How often the requests of a round are counted.
const ROUND_EVERY: Duration = Duration::from_millis(500);

/// How much later the last of so many clients returns, in milliseconds for each.
const RETURN_SPREAD_MS: u64 = 2;

/// The operator's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveSettings {
    /// When meetings are read.
    pub pace: Pace,
    /// The most sockets of one moderator in a meeting.
    pub sockets_per_moderator: usize,
    /// Whether moderators are named to each other.
    pub moderators: bool,
}

/// The watched meetings. A reload keeps it.
pub struct LiveHub {
    meetings: Mutex<HashMap<MeetingKey, Arc<WatchedMeeting>>>,
    settings: RwLock<LiveSettings>,
    /// The current handler, with the core.
    handler: RwLock<Weak<ApiHandler>>,
    /// Changes when grants may have lost their rights.
    grants: watch::Sender<()>,
    stop: CancellationToken,
    tasks: TaskTracker,
    /// When the requests of a round were last counted, and how many they are.
    round: Mutex<(Option<Instant>, u64)>,
}

impl LiveHub {
    /// A hub without meetings.
    pub fn new(settings: LiveSettings) -> Arc<Self> {
        Arc::new(Self {
            meetings: Mutex::default(),
            settings: RwLock::new(settings),
            handler: RwLock::new(Weak::new()),
            grants: watch::Sender::new(()),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            round: Mutex::default(),
        })
    }

    /// Uses another configuration's handler and settings from now on.
    pub fn adopt(&self, handler: &Arc<ApiHandler>, settings: LiveSettings) {
        let current = self.handler.write();
        *current.unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(handler);
        let current = self.settings.write();
        *current.unwrap_or_else(PoisonError::into_inner) = settings;
        // Each waits as long as the settings before said.
        for meeting in self.meetings().values() {
            meeting.wake();
        }
    }

    /// Grants may have lost their rights: each socket verifies its own again.
    pub fn verify_grants(&self) {
        self.grants.send_replace(());
    }

    /// A webhook names a meeting: it is read now, if it is watched.
    pub fn webhook(&self, meeting_id: &Id) {
        // An event does not name its app.
        let meetings = self.meetings();
        for meeting in meetings.values() {
            if meeting.key().meeting_id == *meeting_id {
                meeting.hint(Hint::Webhook);
            }
        }
    }

    /// How many sockets there are.
    pub fn sockets(&self) -> usize {
        let meetings = self.meetings();
        meetings.values().map(|meeting| meeting.sockets()).sum()
    }

    /// Tells all clients to return later, and ends when all sockets are closed.
    pub async fn shut_down(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(super) fn settings(&self) -> LiveSettings {
        *self.settings.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn handler(&self) -> Option<Arc<ApiHandler>> {
        let current = self.handler.read();
        current.unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    pub(super) fn grants(&self) -> watch::Receiver<()> {
        self.grants.subscribe()
    }

    pub(super) fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    pub(super) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// After how long one of all clients returns after a shutdown, in milliseconds.
    pub(super) fn return_ms(&self, random: f64) -> u64 {
        let sockets = self.sockets() as u64;
        let spread = sockets.saturating_mul(RETURN_SPREAD_MS).max(2000);
        // Far below 2^53.
        RETURN_MS + (spread as f64 * random) as u64
    }

    fn meetings(&self) -> MutexGuard<'_, HashMap<MeetingKey, Arc<WatchedMeeting>>> {
        self.meetings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, meeting: &MeetingKey) -> Option<Arc<WatchedMeeting>> {
        self.meetings().get(meeting).cloned()
    }

    /// A meeting, which is watched from now on. `open` runs before anything can remove it.
    pub(super) fn open<T>(
        self: &Arc<Self>,
        key: &MeetingKey,
        open: impl FnOnce(&Arc<WatchedMeeting>) -> T,
    ) -> T {
        let mut meetings = self.meetings();
        let known = meetings.get(key).cloned();
        let meeting = known.unwrap_or_else(|| {
            let meeting = Arc::new(WatchedMeeting::new(key.clone(), self.settings().moderators));
            meetings.insert(key.clone(), Arc::clone(&meeting));
            let (hub, own) = (Arc::clone(self), Arc::clone(&meeting));
            self.tasks.spawn(async move {
                let stop = hub.stop.clone();
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = own.run(&hub) => {}
                }
            });
            meeting
        });
        open(&meeting)
    }

    /// Forgets a meeting, unless it is watched again.
    pub(super) fn forget(&self, meeting: &WatchedMeeting) -> bool {
        let mut meetings = self.meetings();
        let is_idle = meeting.sockets() == 0;
        if is_idle {
            meetings.remove(meeting.key());
        }
        is_idle
    }

    /// How many API requests one read of each watched meeting takes together, counted now and then.
    pub(super) fn requests_per_round(&self) -> u64 {
        let mut round = self.round.lock().unwrap_or_else(PoisonError::into_inner);
        if round
            .0
            .is_none_or(|counted| counted.elapsed() >= ROUND_EVERY)
        {
            let meetings = self.meetings();
            let watched = meetings.values().filter(|meeting| meeting.sockets() > 0);
            let requests = watched.map(|meeting| meeting.requests_per_read()).sum();
            *round = (Some(Instant::now()), requests);
        }
        round.1
    }
}

impl LiveSink for LiveHub {
    fn is_watched(&self, meeting: &MeetingKey) -> bool {
        self.meetings().contains_key(meeting)
    }

    fn acted(&self, meeting: &MeetingKey, line: &str, sent: bool) {
        let Some(meeting) = self.find(meeting) else {
            return;
        };
        if let Some(record) = audit::shown(line) {
            meeting.acted(&record);
        }
        if sent {
            meeting.hint(Hint::Action);
        }
    }
}

/// How long a meeting that no one watches is remembered, so that clients can resume.
pub(super) const REMEMBERED: Duration = Duration::from_secs(60);
