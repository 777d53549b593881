//! What a meeting's object holds in memory.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use worker::send::SendWrapper;
use worker::{Env, Error, Result, State};

use realtimekit_gateway::gateway::{Gateway, Parts};
use realtimekit_gateway::live::feed::{Feed, SavedFeed};
use realtimekit_gateway::live::schedule::Schedule;
use realtimekit_gateway::platform::{Budget, KeySource, LiveSink, MeetingKey};
use secrecy::ExposeSecret;

use super::database::{Database, MEETING};
use super::journal::SqlJournal;
use super::notes::Notes;
use super::part::Exported;
use super::socket::{Socket, Text};
use super::watchers::Sink;
use crate::account::budget::{ObjectName, RemoteBudget};
use crate::account::protocol::account;
use crate::clock::WorkerClock;
use crate::config::Config;
use crate::entry::keys::PublishedKeys;
use crate::random;
use crate::upstream::{FetchUpstream, UpstreamSettings};

/// The names of the notes.
pub(super) const SESSIONS: &str = "sessions";
pub(super) const FEED: &str = "feed";
pub(super) const EXPORTED: &str = "exported";

/// A meeting.
pub(super) struct Meeting {
    pub(super) state: State,
    pub(super) env: Env,
    pub(super) config: Rc<Config>,
    pub(super) clock: WorkerClock,
    pub(super) gateway: Gateway<WorkerClock, FetchUpstream, SqlJournal>,
    pub(super) notes: Notes,
    /// Known from the first request on.
    key: RefCell<Option<MeetingKey>>,
    /// Its name, for the budget.
    name: ObjectName,
    pub(super) feed: RefCell<Feed<Text>>,
    pub(super) schedule: RefCell<Schedule>,
    pub(super) sockets: RefCell<Vec<Socket>>,
    /// The last event that the sockets have, and when they last got a message.
    pub(super) sent_seq: Cell<u64>,
    pub(super) sent_at: Cell<u64>,
    /// When the list of moderators was last sent.
    pub(super) names_at: Cell<u64>,
    /// When the last socket closed.
    pub(super) idle_since: Cell<u64>,
    /// When the last read that a webhook caused began.
    pub(super) webhook_read_at: Cell<u64>,
    /// When a webhook that came soon after is passed on.
    pub(super) webhook_due: Cell<Option<u64>>,
    /// Whether a task reads the meeting.
    pub(super) is_reading: Cell<bool>,
    /// How many requests the last read took.
    pub(super) requests: Cell<u64>,
    /// The number of the event that the saved feed has, if it is saved.
    pub(super) saved_seq: Cell<Option<u64>>,
    /// The time that the alarm is set to.
    pub(super) armed: Cell<Option<u64>>,
    /// What the notes and the account object know of the sessions.
    pub(super) sessions_version: Cell<u64>,
    /// Whether lines wait to be exported, and since when.
    pub(super) export_due: Cell<Option<u64>>,
    /// Whether lines are being exported, and how far they are.
    pub(super) is_exporting: Cell<bool>,
    pub(super) exported: Cell<Exported>,
    /// How many sockets the account object knows of, and since when; nothing if that is not certain.
    pub(super) noted_sockets: Cell<Option<(u32, u64)>>,
    /// Whether a task notes them.
    pub(super) is_noting: Cell<bool>,
    /// When outdated state was last forgotten.
    pub(super) tidied_at: Cell<u64>,
}

impl Meeting {
    /// The object, as it starts or wakes.
    pub(super) fn open(state: State, env: Env) -> Result<Rc<Self>> {
        let config = Config::of(&env).map_err(Error::from)?;
        let storage = state.storage();
        let object = ObjectName::default();
        let database = Database::open(storage.sql(), &object)?;
        let notes = Notes(database.clone());
        let (journal, recent) = SqlJournal::open(storage, database)?;
        let account = account(&env, &config.policy.account_id)?;
        let upstream = &config.policy.upstream;
        let key_source = config.policy.identity.as_ref().map(|identity| {
            let (url, timeout) = (identity.jwks_url.clone(), upstream.connect_timeout);
            Arc::new(PublishedKeys::new(url, timeout)) as Arc<dyn KeySource>
        });
        let parts = Parts {
            settings: config.settings.clone(),
            verifier: Arc::clone(&config.verifier),
            key_source,
            upstream: FetchUpstream::new(UpstreamSettings {
                base_url: upstream.base_url.clone(),
                token: upstream.api_token.expose_secret().to_owned(),
                timeout: upstream.timeout,
                max_response_bytes: upstream.max_response_bytes,
            }),
        };
        let clock = Arc::new(WorkerClock);
        let budget: Arc<dyn Budget> = Arc::new(RemoteBudget::new(account, &object));
        let lines = recent.iter().map(String::as_str);
        let gateway = Gateway::new(parts, &clock, budget, journal, lines);
        gateway.restore_sessions(notes.get(SESSIONS).unwrap_or_default());
        let key = notes.get::<String>(MEETING);
        let key = key.and_then(|name| MeetingKey::parse(&name));
        if let Some(key) = &key {
            let _ = object.set(key.name());
        }
        let names = config.policy.live.moderators;
        let sessions_version = Cell::new(gateway.sessions_version());
        let exported = notes.get(EXPORTED).unwrap_or_default();
        Ok(Rc::new_cyclic(|this: &Weak<Self>| {
            let sink = Arc::new(Sink(SendWrapper::new(this.clone())));
            let meeting = Self {
                gateway: gateway.with_live(sink as Arc<dyn LiveSink>),
                state,
                env,
                clock: WorkerClock,
                notes,
                key: RefCell::new(key),
                name: object,
                feed: RefCell::new(Feed::new(random::name(), names)),
                schedule: RefCell::default(),
                sockets: RefCell::default(),
                sent_seq: Cell::new(0),
                sent_at: Cell::new(0),
                names_at: Cell::new(0),
                idle_since: Cell::new(0),
                webhook_read_at: Cell::new(0),
                webhook_due: Cell::new(None),
                is_reading: Cell::new(false),
                requests: Cell::new(2),
                saved_seq: Cell::new(None),
                armed: Cell::new(None),
                sessions_version,
                export_due: Cell::new(None),
                is_exporting: Cell::new(false),
                exported: Cell::new(exported),
                noted_sockets: Cell::new(None),
                is_noting: Cell::new(false),
                tidied_at: Cell::new(0),
                config,
            };
            meeting.wake();
            meeting.resume_export();
            meeting
        }))
    }

    /// The meeting, if a request has named it.
    pub(super) fn key(&self) -> Option<MeetingKey> {
        self.key.borrow().clone()
    }

    /// A request names the object's meeting.
    pub(super) fn set_key(&self, name: &str) -> Result<MeetingKey> {
        if let Some(key) = self.key() {
            return Ok(key);
        }
        let key = MeetingKey::parse(name).ok_or("the meeting's name is none")?;
        // It is set once, with the key.
        let _ = self.name.set(key.name());
        *self.key.borrow_mut() = Some(key.clone());
        Ok(key)
    }

    /// Takes the sockets that were open while the object slept, and the feed it had.
    fn wake(&self) {
        let open = self.state.get_websockets();
        if open.is_empty() {
            return;
        }
        let saved: Option<SavedFeed> = self.notes.get(FEED);
        let names = self.config.policy.live.moderators;
        let feed = saved.and_then(|saved| Feed::restore(saved, names));
        let (Some(mut feed), Some(key)) = (feed, self.key()) else {
            // The sockets have events that are not known here: they begin anew.
            for socket in open {
                let _ = socket.close(Some(1012), Some("restart"));
            }
            return;
        };
        let now = realtimekit_gateway::platform::Clock::unix_ms(&self.clock);
        let mut sockets = Vec::new();
        for socket in open {
            match Socket::woken(&socket, &key, now) {
                Some(woken) => sockets.push(woken),
                // It would get nothing, and be counted nowhere.
                None => drop(socket.close(Some(1012), Some("restart"))),
            }
        }
        for socket in &sockets {
            feed.reopened(&socket.grant, socket.since);
        }
        let seq = feed.log().seq();
        *self.schedule.borrow_mut() = Schedule::after_read(feed.read_at().unwrap_or_default());
        self.sent_seq.set(seq);
        self.saved_seq.set(Some(seq));
        // Sooner rather than later: when the last message was sent is not known.
        self.sent_at.set(feed.read_at().unwrap_or_default());
        *self.feed.borrow_mut() = feed;
        *self.sockets.borrow_mut() = sockets;
    }
}
