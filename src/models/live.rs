//! What a gateway pushes besides the participants of a meeting.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An action of a moderator: the record of the gateway's audit. Without the permission `audit` only [`at`](Self::at) is
/// known.
///
/// Source: `docs/live.md`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ModeratorAction {
    /// The ID of the record in the audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// When it happened, as ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// When it happened, in milliseconds since 1970, if the record is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    /// The moderator's `sub`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moderator: Option<String>,
    /// The operation, as in the API description: `KickParticipants`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// What became of it: `done`, `failed`, `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The moderators who watch a meeting.
///
/// Source: `docs/live.md`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Moderators {
    /// How many there are.
    pub count: u64,
    /// At most 50 of them, the earliest first.
    pub moderators: Vec<Moderator>,
}

/// A moderator who watches a meeting.
///
/// Source: `docs/live.md`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Moderator {
    /// The `sub` of the moderator's grant.
    pub sub: String,
    /// The name in the grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Since when, in milliseconds since 1970.
    pub since: f64,
}
