//! What a watch reports after each poll, for Rust.

use super::participant::WatchedParticipant;
use super::watcher::Update;
use crate::models::Session;
use crate::transport::error::Error;
use crate::transport::rate_limit::RateLimit;
use std::rc::Rc;

/// A session according to the last successful poll, and what has changed since the snapshot before.
#[derive(Debug)]
#[non_exhaustive]
pub struct Snapshot {
    /// When the last successful poll ended, in milliseconds since 1970, minus the `Age` of its oldest response.
    /// `None` if there was none yet.
    pub at_ms: Option<f64>,
    /// How old the data was when the snapshot was made, in milliseconds. 0 after a successful poll with fresh
    /// responses.
    pub age_ms: Option<f64>,
    /// The session. `None` if none is live, or none was found yet.
    pub session: Option<Session>,
    /// Everyone who was in this session, each once, in order of their first join. A participant who has not changed is
    /// the same `Rc` as in the snapshot before.
    pub participants: Vec<Rc<WatchedParticipant>>,
    /// Those seen for the first time in this session. Empty after the first successful poll, which later ones are
    /// compared with.
    pub joined: Vec<Rc<WatchedParticipant>>,
    /// Those who were present and no longer are, or were away between two polls.
    pub left: Vec<Rc<WatchedParticipant>>,
    /// Those who had left and are present again. If they were away between two polls, they are in `left`, too.
    pub came_back: Vec<Rc<WatchedParticipant>>,
    /// Why the poll failed; `None` if it did not.
    pub trouble: Option<Trouble>,
    /// When the next poll is due, in milliseconds since 1970. It may be earlier if the page is shown again or the
    /// network is back.
    pub next_at_ms: f64,
    /// The last known rate limit.
    pub rate_limit: Option<RateLimit>,
}

/// Polls that have failed in a row.
#[derive(Debug)]
#[non_exhaustive]
pub struct Trouble {
    /// Why the last one failed.
    pub error: Error,
    /// When the first one failed, in milliseconds since 1970.
    pub since_ms: f64,
    /// How many there are.
    pub failures: u32,
}

impl From<Update<Session, WatchedParticipant>> for Snapshot {
    fn from(update: Update<Session, WatchedParticipant>) -> Self {
        let trouble = update.trouble;
        Self {
            at_ms: update.at_ms,
            age_ms: update.age_ms,
            session: update.session,
            participants: update.members,
            joined: update.changes.joined,
            left: update.changes.left,
            came_back: update.changes.returned,
            trouble: trouble.map(|(error, since_ms, failures)| Trouble {
                error,
                since_ms,
                failures,
            }),
            next_at_ms: update.next_at_ms,
            rate_limit: update.rate_limit,
        }
    }
}
