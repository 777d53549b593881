//! The outcome of a mutation: its response, its audit record, and whether it is remembered.

use super::refuse;
use crate::api_response::{ApiResponse, Refusal};
use crate::audit::Outcome;

/// The longest response that is remembered for its key, in bytes: the audit holds it too.
const LONGEST_REMEMBERED: usize = 16 * 1024;

/// The outcome of a mutation that was sent or could not be sent.
pub(super) struct MutationResult {
    pub(super) response: ApiResponse,
    pub(super) outcome: Outcome,
    pub(super) failed: Vec<String>,
    pub(super) reason: Option<String>,
}

impl MutationResult {
    pub(super) fn of(mut response: ApiResponse, once: bool) -> Self {
        let outcome = match (response.is_good(), response.leaves_open()) {
            (true, _) => Outcome::Done,
            (false, true) => Outcome::Unknown,
            (false, false) => Outcome::Refused,
        };
        // Overrides the API's advice: a retry might create a second poll.
        if once && outcome == Outcome::Unknown {
            response
                .headers
                .retain(|(name, _)| *name != "x-should-retry");
            response = response.with("x-should-retry", &b"false"[..]);
        }
        Self {
            response,
            outcome,
            failed: Vec::new(),
            reason: None,
        }
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        let sent = matches!(refusal, Refusal::Lost { .. } | Refusal::TimedOut { .. });
        Self {
            response: refuse(refusal),
            outcome: if sent {
                Outcome::Unknown
            } else {
                Outcome::Refused
            },
            failed: Vec::new(),
            reason: Some(refusal.message()),
        }
    }

    /// Whether a repeat of the key gets this response. After a refusal, or if a repeat is harmless,
    /// the request is carried out again.
    pub(super) fn remember(&self, once: bool) -> bool {
        let short = self.response.body.len() <= LONGEST_REMEMBERED;
        short && (self.outcome == Outcome::Done || (once && self.outcome == Outcome::Unknown))
    }
}
