//! A participant that a call for several did not work for.

use serde::{Deserialize, Serialize};

/// A participant that a kick or mute of several did not work for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct FailedParticipant {
    /// The ID as it was sent: a `user_id` or a `custom_participant_id`.
    pub id: String,
    /// The status of the API, such as 404; 1011 if the gateway did not try.
    pub code: u64,
    /// Why it failed.
    pub message: String,
    /// Whether it may have worked all the same: its response was lost.
    pub maybe_applied: bool,
}
