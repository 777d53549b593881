//! What came of a mutation: what it is answered, what the audit says of it, whether it is
//! remembered.

use super::count;
use crate::answer::{Answer, Refusal};
use crate::audit::Fate;

/// A longer answer is not remembered for its key, in bytes: it is in the audit too.
const LONGEST_REMEMBERED: usize = 16 * 1024;

/// What came of a mutation that was sent, or could not be.
pub(super) struct Done {
    pub(super) answer: Answer,
    pub(super) fate: Fate,
    pub(super) failed: Vec<String>,
    pub(super) reason: Option<String>,
}

impl Done {
    pub(super) fn of(mut answer: Answer, once: bool) -> Self {
        let fate = match (answer.is_good(), answer.leaves_open()) {
            (true, _) => Fate::Done,
            (false, true) => Fate::Unknown,
            (false, false) => Fate::Refused,
        };
        // Whatever the API advises: to try again might make a second poll.
        if once && fate == Fate::Unknown {
            answer.headers.retain(|(name, _)| *name != "x-should-retry");
            answer = answer.with("x-should-retry", &b"false"[..]);
        }
        Self {
            answer,
            fate,
            failed: Vec::new(),
            reason: None,
        }
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        let sent = matches!(refusal, Refusal::Lost { .. } | Refusal::TimedOut { .. });
        Self {
            answer: count(refusal).answer(),
            fate: if sent { Fate::Unknown } else { Fate::Refused },
            failed: Vec::new(),
            reason: Some(refusal.message()),
        }
    }

    /// Whether who asks again with the same key gets this answer. Where it surely was not done, or
    /// where to do it again does no harm, they may try again.
    pub(super) fn remember(&self, once: bool) -> bool {
        let short = self.answer.body.len() <= LONGEST_REMEMBERED;
        short && (self.fate == Fate::Done || (once && self.fate == Fate::Unknown))
    }
}
