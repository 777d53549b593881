//! A request that was taken from the budget.

use std::sync::Arc;

use super::{ApiBudget, Now};
use crate::api_response::ApiResponse;
use crate::platform::Claim;

/// A request taken from the budget. Dropping it ends it, with or without a response.
pub struct Taken {
    pub(super) budget: Arc<ApiBudget>,
    pub(super) claim: Claim,
    /// The window it was taken in, and how many were over by then.
    pub(super) window: u64,
    pub(super) over: u64,
    /// Whether what is left is known to count it, or it was not sent.
    pub(super) is_reported: bool,
}

impl Taken {
    /// The response has come, and may say how many requests are left.
    pub fn answered(mut self, response: &ApiResponse, now: Now) {
        self.is_reported = self.budget.answered(&self, response, now);
    }

    /// It was never sent, so the API did not count it.
    pub fn not_sent(mut self) {
        self.is_reported = true;
        let mut state = self.budget.state();
        if self.window == state.window {
            state.left = state.left.saturating_add(1).min(state.limit);
            let used = state.used_for(self.claim.purpose);
            if let Some(used) = used.get_mut(&self.claim.meeting) {
                *used = used.saturating_sub(1);
            }
            state.used = state.used.saturating_sub(1);
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.budget.state().end(self.is_reported);
    }
}
