//! What an object does by itself: it reads a watched meeting, sends heartbeats, closes what has expired,
//! exports the audit and deletes old lines. One alarm wakes it for the earliest; with nothing to do it
//! sleeps.

use std::rc::Rc;

use worker::{Date, DateInit, Result, ScheduledTime};

use realtimekit_gateway::live::HEARTBEAT_MS;
use realtimekit_gateway::live::feed::Feed;
use realtimekit_gateway::live::log::Encoded;
use realtimekit_gateway::live::schedule::Hint;
use realtimekit_gateway::platform::Clock;

use super::socket::Text;
use super::state::{FEED, Meeting, SESSIONS};
use super::watchers::NAMES_EVERY_MS;
use crate::account::protocol::{ToAccount, account, send};
use crate::counters;

/// With at least so much time until the next alarm, in milliseconds, the object may be forgotten, and its
/// feed is saved.
const MAY_SLEEP_MS: u64 = 5000;

/// How often outdated state is forgotten, and the number of sockets noted, in milliseconds.
const TIDY_MS: u64 = 10_000;

impl Meeting {
    /// Does what is due, and sets the alarm for the rest. Only one task does so at a time.
    pub(super) async fn run(self: &Rc<Self>) {
        if self.is_reading.replace(true) {
            return;
        }
        while self.step().await {}
        self.is_reading.set(false);
        if let Err(error) = self.set_alarm().await {
            tracing::error!(%error, "the alarm cannot be set");
        }
    }

    /// One round; says whether another may be due at once.
    async fn step(self: &Rc<Self>) -> bool {
        self.close_expired();
        self.export_if_due();
        self.delete_old();
        let Some(key) = self.key() else {
            return false;
        };
        if self.sockets.borrow().is_empty() {
            return false;
        }
        let now = self.clock.monotonic_ms();
        if self.webhook_due.get().is_some_and(|due| due <= now) {
            self.webhook_due.set(None);
            self.webhook_read_at.set(now);
            self.schedule.borrow_mut().hint(now, Hint::Webhook);
        }
        if self.names_due().is_some_and(|due| due <= now) {
            self.feed.borrow_mut().send_names();
            self.names_at.set(now);
            self.publish();
        }
        if self.heartbeat_due() <= now {
            let heartbeat = self.feed.borrow().heartbeat(self.clock.unix_ms());
            self.send_to_all(&Text::encode(heartbeat));
        }
        let spacing = self.spacing();
        let pace = self.config.policy.pace();
        let due = self.schedule.borrow_mut().next(now, pace, spacing);
        if due > now {
            return false;
        }
        self.read(&key, spacing).await;
        true
    }

    fn names_due(&self) -> Option<u64> {
        let owed = self.feed.borrow().owes_names();
        owed.then(|| self.names_at.get().saturating_add(NAMES_EVERY_MS))
    }

    fn heartbeat_due(&self) -> u64 {
        self.sent_at.get().saturating_add(HEARTBEAT_MS)
    }

    /// When the object next has something to do, in milliseconds since 1970.
    fn next_due(&self) -> Option<u64> {
        let now = self.clock.monotonic_ms();
        let mut due: Vec<u64> = Vec::new();
        due.extend(self.export_due.get());
        due.extend(self.deletion_due());
        let sockets = self.sockets.borrow();
        if !sockets.is_empty() {
            let pace = self.config.policy.pace();
            let spacing = self.spacing();
            due.push(self.schedule.borrow_mut().next(now, pace, spacing));
            due.push(self.heartbeat_due());
            due.extend(self.names_due());
            due.extend(self.webhook_due.get());
            due.extend(sockets.iter().map(|socket| socket.ends_ms()).min());
        }
        due.into_iter().min()
    }

    async fn set_alarm(&self) -> Result<()> {
        let next = self.next_due();
        let now = self.clock.unix_ms();
        if let Some(next) = next
            && next.saturating_sub(now) >= MAY_SLEEP_MS
        {
            self.save_feed()?;
        }
        if self.armed.get() == next {
            return Ok(());
        }
        self.armed.set(next);
        let storage = self.state.storage();
        match next {
            None => storage.delete_alarm().await,
            Some(next) => {
                let date = js_sys::Date::from(Date::new(DateInit::Millis(next.max(now))));
                storage.set_alarm(ScheduledTime::new(date)).await
            }
        }
    }

    fn save_feed(&self) -> Result<()> {
        if self.saved_seq.get().is_some() || self.sockets.borrow().is_empty() {
            return Ok(());
        }
        let feed = self.feed.borrow();
        if let Some(saved) = Feed::save(&feed) {
            self.notes.set(FEED, &saved)?;
            self.saved_seq.set(Some(feed.log().seq()));
        }
        Ok(())
    }

    /// After a request: notes new sessions, passes the counters on, and sets the alarm.
    pub(super) fn after_request(self: &Rc<Self>) {
        let version = self.gateway.sessions_version();
        if self.sessions_version.replace(version) != version {
            let sessions = self.gateway.sessions();
            if let Err(error) = self.notes.set(SESSIONS, &sessions) {
                tracing::error!(%error, "the sessions cannot be noted");
            }
            self.notify_account(ToAccount::Sessions(sessions));
        }
        let now = self.clock.unix_ms();
        if let Some(deltas) = counters::take_due(now) {
            self.notify_account(ToAccount::Counted(deltas));
        }
        if now.saturating_sub(self.tidied_at.get()) >= TIDY_MS {
            self.tidied_at.set(now);
            self.gateway.tidy();
            self.note_sockets();
        }
        self.go_on();
    }

    /// Sends a message to the account object, without waiting for it.
    pub(super) fn notify_account(self: &Rc<Self>, message: ToAccount) {
        let this = Rc::clone(self);
        self.state.wait_until(async move {
            this.send_to_account(&message).await;
        });
    }

    /// Sends a message to the account object; says whether it arrived.
    pub(super) async fn send_to_account(&self, message: &ToAccount) -> bool {
        let sent = match account(&self.env, &self.config.policy.account_id) {
            Ok(stub) => send(&stub, message).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = &sent {
            tracing::warn!(%error, "the account object cannot be reached");
        }
        sent.is_ok()
    }
}
