//! What the watchers of one meeting know: the last good data, the numbered events, and who watches.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::diff::{Change, Difference, difference};
use super::handshake::Resume;
use super::log::{Encoded, Event, EventLog};
use super::message::{Message, PauseBody, PauseReason, TroubleBody};
use super::peer::Peer;
use super::reading::{Problem, ReadFailure, Reading};
use super::session::Session;
use super::watching::Watching;
use crate::grant::Grant;

/// How long the session's growing facts are not sent by themselves, in milliseconds.
const GROWTH_MS: u64 = 60_000;

/// A pause that is shorter is not reported, in milliseconds.
const SHORT_PAUSE_MS: u64 = 5_000;

/// What a good read meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learned {
    /// It was no newer than what was known.
    Stale,
    /// No one has joined, left or returned.
    Nothing,
    /// Someone has, or the session is another one.
    Change,
}

/// A quiet feed, for a platform that may forget it while its sockets stay open.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFeed {
    stream: String,
    seq: u64,
    read_at: u64,
    session_sent: u64,
    session: Option<String>,
    peers: Vec<String>,
}

/// How a socket begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Whether the missed events follow, or else a snapshot.
    pub resumed: bool,
    /// The number after which events are sent.
    pub seq: u64,
}

/// The feed of one meeting.
pub struct Feed<M> {
    stream: String,
    log: EventLog<M>,
    /// The last good data, and when it was read.
    known: Option<(Reading, u64)>,
    /// When the session's facts were last sent.
    session_sent: u64,
    trouble: Option<Trouble>,
    pause: Option<PauseBody>,
    watching: Watching,
    /// Whether moderators are named, and whether their list has changed.
    names: bool,
    names_changed: bool,
    /// The snapshot of a number.
    snapshot: Option<(u64, M)>,
}

struct Trouble {
    since: u64,
    failures: u32,
    next_at: u64,
    problem: Problem,
}

impl Trouble {
    fn body(&self) -> TroubleBody<'_> {
        TroubleBody {
            since: self.since,
            failures: self.failures,
            next_at: self.next_at,
            error: &self.problem,
        }
    }
}

impl<M: Encoded> Feed<M> {
    /// A feed without data. `stream` differs from that of every other feed; `names` says whether
    /// moderators are named to each other.
    pub fn new(stream: String, names: bool) -> Self {
        Self {
            stream,
            log: EventLog::default(),
            known: None,
            session_sent: 0,
            trouble: None,
            pause: None,
            watching: Watching::default(),
            names,
            names_changed: false,
            snapshot: None,
        }
    }

    /// What a later process needs to go on with the same stream: `None` before the first good read,
    /// and while the meeting cannot be read.
    pub fn save(&self) -> Option<SavedFeed> {
        let (reading, read_at) = self.known.as_ref()?;
        let is_quiet = self.trouble.is_none() && self.pause.is_none();
        is_quiet.then(|| SavedFeed {
            stream: self.stream.clone(),
            seq: self.log.seq(),
            read_at: *read_at,
            session_sent: self.session_sent,
            session: reading
                .session
                .as_ref()
                .map(|session| session.raw().get().to_owned()),
            peers: reading
                .peers
                .iter()
                .map(|peer| peer.raw().get().to_owned())
                .collect(),
        })
    }

    /// The feed that was saved, without its old events; its sockets must be opened again. `None` if
    /// it cannot be read.
    pub fn restore(saved: SavedFeed, names: bool) -> Option<Self> {
        let session = match saved.session {
            None => None,
            Some(json) => Some(Session::new(&RawValue::from_string(json).ok()?)?),
        };
        let peers = saved
            .peers
            .into_iter()
            .map(|json| Peer::new(&RawValue::from_string(json).ok()?))
            .collect::<Option<_>>()?;
        Some(Self {
            log: EventLog::after_seq(saved.seq),
            known: Some((Reading { session, peers }, saved.read_at)),
            session_sent: saved.session_sent,
            ..Self::new(saved.stream, names)
        })
    }

    /// A socket that was open before is counted again; the list of moderators is as it was.
    pub fn reopened(&mut self, grant: &Grant, since: u64) {
        self.watching.add(grant, since);
    }

    /// The name of the series of numbers.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// The events.
    pub fn log(&self) -> &EventLog<M> {
        &self.log
    }

    /// Who watches.
    pub fn watching(&self) -> &Watching {
        &self.watching
    }

    /// When the data was last read, in milliseconds since 1970.
    pub fn read_at(&self) -> Option<u64> {
        self.known.as_ref().map(|(_, read_at)| *read_at)
    }

    /// How many reads have failed in a row.
    pub fn failures(&self) -> u32 {
        self.trouble.as_ref().map_or(0, |trouble| trouble.failures)
    }

    /// A read was good; its data is from `read_at`. Times are in milliseconds since 1970.
    pub fn read(&mut self, now: u64, read_at: u64, mut reading: Reading) -> Learned {
        let healed = self.trouble.is_some() || self.pause.is_some();
        let Some((before, before_at)) = &mut self.known else {
            self.replace(now, read_at, reading);
            return Learned::Change;
        };
        if read_at <= *before_at {
            return Learned::Stale;
        }
        let difference = difference(before, &mut reading);
        let change = match difference {
            Difference::Everything => {
                self.replace(now, read_at, reading);
                return Learned::Change;
            }
            Difference::Nothing if !healed => {
                *before_at = read_at;
                return Learned::Nothing;
            }
            Difference::Nothing => Change::default(),
            Difference::Change(change) => *change,
        };
        let only_grew =
            change.peers.is_empty() && change.removed.is_empty() && change.session.only_grew;
        let overdue = now.saturating_sub(self.session_sent) >= GROWTH_MS;
        let has_growth = !change.session.fields.is_empty();
        if only_grew && !healed && !(overdue && has_growth) {
            *before_at = read_at;
            // The session before stays: its facts are what the watchers know.
            before.peers = reading.peers;
            return Learned::Nothing;
        }
        if has_growth {
            self.session_sent = now;
        }
        let seq = self.log.next_seq();
        let json = Message::change(seq, read_at, &change, &reading.peers).json();
        (self.trouble, self.pause) = (None, None);
        self.known = Some((reading, read_at));
        self.push(json, None);
        let moved = [&change.joined, &change.left, &change.returned];
        match moved.iter().all(|list| list.is_empty()) {
            true => Learned::Nothing,
            false => Learned::Change,
        }
    }

    fn replace(&mut self, now: u64, read_at: u64, reading: Reading) {
        (self.trouble, self.pause) = (None, None);
        self.session_sent = now;
        self.known = Some((reading, read_at));
        let seq = self.log.next_seq();
        if let Some(json) = self.snapshot_json(seq) {
            self.push(json, None);
        }
    }

    /// A read has failed; the next one is due at `next_at`.
    pub fn failed(&mut self, now: u64, next_at: u64, failure: &ReadFailure) {
        let reason = match failure {
            ReadFailure::Failed(problem) => {
                return self.note_trouble(now, next_at, problem.clone());
            }
            ReadFailure::Limited(_) => PauseReason::Api,
            ReadFailure::NoBudget(_) => PauseReason::Budget,
        };
        let is_short =
            reason == PauseReason::Budget && next_at.saturating_sub(now) < SHORT_PAUSE_MS;
        let is_known = self
            .pause
            .is_some_and(|pause| pause.reason == reason && pause.until > now);
        if is_short || is_known {
            return;
        }
        let body = PauseBody {
            until: next_at,
            reason,
        };
        self.pause = Some(body);
        let seq = self.log.next_seq();
        self.push(Message::Pause { seq, body }.json(), None);
    }

    fn note_trouble(&mut self, now: u64, next_at: u64, problem: Problem) {
        let (since, failures) = self
            .trouble
            .as_ref()
            .map_or((now, 0), |trouble| (trouble.since, trouble.failures));
        let trouble = Trouble {
            since,
            failures: failures.saturating_add(1),
            next_at,
            problem,
        };
        let seq = self.log.next_seq();
        let body = trouble.body();
        let json = Message::Trouble { seq, body }.json();
        self.trouble = Some(trouble);
        self.push(json, None);
    }

    /// A moderator's action is over; `record` is what the audit shows.
    pub fn acted(&mut self, now: u64, record: &Map<String, Value>) {
        let seq = self.log.next_seq();
        let message = |action| {
            Message::Action {
                seq,
                at: now,
                action,
            }
            .json()
        };
        self.push(message(Some(record)), Some(message(None)));
    }

    /// A moderator opens a socket.
    pub fn opened(&mut self, grant: &Grant, now: u64) {
        self.names_changed |= self.watching.add(grant, now);
    }

    /// A moderator's socket is closed.
    pub fn closed(&mut self, grant: &Grant) {
        self.names_changed |= self.watching.remove(grant);
    }

    /// Whether the list of moderators has changed and must be sent.
    pub fn owes_names(&self) -> bool {
        self.names && self.names_changed
    }

    /// Sends the list of moderators, if it has changed.
    pub fn send_names(&mut self) {
        if !self.owes_names() {
            return;
        }
        self.names_changed = false;
        let seq = self.log.next_seq();
        let list = self.watching.list();
        let json = Message::Moderators { seq, list }.json();
        self.push(json, None);
    }

    /// How a socket begins that gives its last number, or none.
    pub fn start(&self, resume: Option<&Resume>) -> Start {
        let known = resume
            .filter(|resume| resume.stream == self.stream && self.known.is_some())
            .filter(|resume| self.log.after(resume.seq, 0).is_some());
        let seq = match known {
            Some(resume) => resume.seq,
            // Without a snapshot, the events so far are all there is.
            None if self.known.is_none() && self.log.after(0, 0).is_some() => 0,
            None => self.log.seq(),
        };
        Start {
            resumed: known.is_some(),
            seq,
        }
    }

    /// The snapshot of the last number, once the meeting was read. Sockets that open between two
    /// events share it.
    pub fn snapshot(&mut self) -> Option<(u64, M)> {
        let seq = self.log.seq();
        if let Some((of, message)) = &self.snapshot
            && *of == seq
        {
            return Some((seq, message.clone()));
        }
        let message = M::encode(self.snapshot_json(seq)?);
        self.snapshot = Some((seq, message.clone()));
        Some((seq, message))
    }

    fn snapshot_json(&self, of: u64) -> Option<Bytes> {
        let (reading, read_at) = self.known.as_ref()?;
        let mut message = Message::snapshot(of, *read_at, reading);
        if let Message::Snapshot {
            moderators,
            trouble,
            pause,
            ..
        } = &mut message
        {
            *moderators = self.names.then(|| self.watching.list());
            *trouble = self.trouble.as_ref().map(Trouble::body);
            *pause = self.pause;
        }
        Some(message.json())
    }

    /// A heartbeat.
    pub fn heartbeat(&self, now: u64) -> Bytes {
        let (seq, read_at) = (self.log.seq(), self.read_at());
        Message::Heartbeat { seq, now, read_at }.json()
    }

    /// The events after a number, at most `most`.
    pub fn after(&self, seq: u64, most: usize) -> Option<Vec<Event<M>>> {
        self.log.after(seq, most)
    }

    fn push(&mut self, full: Bytes, brief: Option<Bytes>) {
        self.snapshot = None;
        self.log.push(full, brief);
    }
}

#[cfg(test)]
#[path = "feed/tests.rs"]
mod tests;
