//! What a watch tells after each look.

use super::roster::WatchedParticipant;
use crate::error::Error;
use crate::hints::RateLimit;
use crate::models::Session;
use std::rc::Rc;

/// A session as the newest good look found it, and what has changed since the snapshot before.
#[derive(Debug)]
#[non_exhaustive]
pub struct Snapshot {
    /// When the newest good look ended, in milliseconds since 1970, or as much earlier as its
    /// oldest answer is old by its `Age` header; `None` while there has been none.
    pub at_ms: Option<f64>,
    /// How old what is shown was when the snapshot was made, in milliseconds: 0 after a good look
    /// of fresh answers.
    pub age_ms: Option<f64>,
    /// The session. `None` if none is live, or none has been found yet.
    pub session: Option<Session>,
    /// Everybody who was in this session, each once, in order of their first join. Who has not
    /// changed is the same `Rc` as in the snapshot before.
    pub participants: Vec<Rc<WatchedParticipant>>,
    /// Who was seen for the first time in this session. Nobody by the first good look, which is
    /// what the others are compared with.
    pub joined: Vec<Rc<WatchedParticipant>>,
    /// Who was in and is no longer, or was out between two looks.
    pub left: Vec<Rc<WatchedParticipant>>,
    /// Who had left and is in again. Who was out between two looks is in `left`, too.
    pub came_back: Vec<Rc<WatchedParticipant>>,
    /// Why the look failed; `None` if it did not.
    pub trouble: Option<Trouble>,
    /// When the next look will be, in milliseconds since 1970. It may be earlier, when the page
    /// is shown again or the network is back.
    pub next_at_ms: f64,
    /// The newest that is known of a limit.
    pub rate_limit: Option<RateLimit>,
}

/// Looks that have failed one after the other.
#[derive(Debug)]
#[non_exhaustive]
pub struct Trouble {
    /// Why the last of them did.
    pub error: Error,
    /// When the first of them had failed, in milliseconds since 1970.
    pub since_ms: f64,
    /// How many they are.
    pub failures: u32,
}
