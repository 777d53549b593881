//! What a watch reports after each poll, for Rust.

use super::participant::WatchedParticipant;
use super::watcher::Update;
use crate::api::convert;
use crate::api::decode::decode;
use crate::api::error::Error;
use crate::api::rate_limit::RateLimit;
use crate::models::{ModeratorAction, Moderators, Session};
use crate::request::headers::Headers;
use crate::shared::Arc;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A session according to the last successful poll, and what has changed since the snapshot before.
///
/// It is plain data: `Send`, `Sync`, comparable and serializable, so it fits into any signal, store or server function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// When the last successful poll ended, in milliseconds since 1970 as in JavaScript's `Date`, minus the `Age` of
    /// its oldest response. `None` if there was none yet.
    pub at_ms: Option<f64>,
    /// How old the data was when the snapshot was made. Zero after a successful poll with fresh responses.
    pub age: Option<Duration>,
    /// The session. `None` if none is live, or none was found yet.
    pub session: Option<Session>,
    /// Everyone who was in this session, each once, in order of their first join. A participant who has not changed is
    /// the same `Arc` as in the snapshot before.
    pub participants: Vec<Arc<WatchedParticipant>>,
    /// Those seen for the first time in this session. Empty after the first successful poll, which later ones are
    /// compared with.
    pub joined: Vec<Arc<WatchedParticipant>>,
    /// Those who were present and no longer are, or were away between two polls.
    pub left: Vec<Arc<WatchedParticipant>>,
    /// Those who had left and are present again. If they were away between two polls, they are in `left`, too.
    pub came_back: Vec<Arc<WatchedParticipant>>,
    /// Why the poll failed; `None` if it did not.
    pub trouble: Option<Trouble>,
    /// When the next poll is due, or the next message at the latest, in milliseconds since 1970. It may be earlier if the
    /// page is shown again or the network is back.
    pub next_at_ms: f64,
    /// The last known rate limit.
    pub rate_limit: Option<RateLimit>,
    /// What moderators have done since the snapshot before, if the gateway pushes.
    #[serde(default)]
    pub actions: Vec<ModeratorAction>,
    /// The moderators who watch the meeting; `None` if the gateway does not say.
    #[serde(default)]
    pub moderators: Option<Moderators>,
}

/// Polls that have failed in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Trouble {
    /// Why the last one failed.
    pub error: Error,
    /// When the first one failed, in milliseconds since 1970.
    pub since_ms: f64,
    /// How many there are.
    pub failures: u32,
}

impl Snapshot {
    /// A snapshot of these participants, for tests of what shows it. Set its other fields as needed.
    pub fn new(participants: impl IntoIterator<Item = WatchedParticipant>) -> Self {
        Self {
            participants: participants.into_iter().map(Arc::new).collect(),
            ..Self::default()
        }
    }

    /// The participants who are in the session now.
    pub fn present(&self) -> impl Iterator<Item = &Arc<WatchedParticipant>> {
        self.participants.iter().filter(|one| one.present)
    }

    /// The snapshot of an update, whose requests were sent with these headers.
    pub(crate) fn of(update: Update<Session, WatchedParticipant>, sent: &Headers) -> Self {
        let trouble = update.trouble;
        let age = |ms: f64| Duration::try_from_secs_f64(ms / 1000.0).unwrap_or_default();
        Self {
            at_ms: update.at_ms,
            age: update.age_ms.map(age),
            session: update.session,
            participants: update.members,
            joined: update.changes.joined,
            left: update.changes.left,
            came_back: update.changes.returned,
            trouble: trouble.map(|(error, since_ms, failures)| Trouble {
                error: convert::error(error, sent),
                since_ms,
                failures,
            }),
            next_at_ms: update.next_at_ms,
            rate_limit: update.rate_limit.map(Into::into),
            // What is not of the described form is left out.
            actions: update
                .actions
                .iter()
                .filter_map(|action| decode(action).ok())
                .collect(),
            moderators: decode(&update.moderators).unwrap_or_default(),
        }
    }
}

impl Trouble {
    /// A first failure at that time, for tests of what shows it.
    pub fn new(error: Error, since_ms: f64) -> Self {
        Self {
            error,
            since_ms,
            failures: 1,
        }
    }
}
