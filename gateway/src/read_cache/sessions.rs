//! The meeting of each session that the API has named. A session that has ended stays readable for
//! its meeting's moderators for a day, also after a restart.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::api_response::ApiResponse;
use crate::platform::MeetingKey;
use crate::route::Id;

/// How long a session is known after it was last seen, in milliseconds: a day.
pub(super) const KNOWN_MS: u64 = 24 * 60 * 60 * 1000;

/// How often a session that is seen again counts as changed, in milliseconds: once an hour.
const NOTED_MS: u64 = 60 * 60 * 1000;

/// The most known sessions.
const MOST_SESSIONS: usize = 16_384;

/// A session that the API has named as a meeting's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownSession {
    /// Its app.
    pub app_id: String,
    /// Its meeting.
    pub meeting_id: String,
    /// The session.
    pub session_id: String,
    /// When the API last named it, in milliseconds since 1970.
    pub seen_unix_ms: u64,
}

/// The known sessions.
#[derive(Default)]
pub(super) struct Sessions {
    /// By app and session: the meeting, and when it was last seen.
    known: HashMap<(Id, Id), (Id, u64)>,
    /// Grows with each change that must be saved.
    version: u64,
}

impl Sessions {
    /// The API has named a session as a meeting's.
    pub(super) fn seen(&mut self, meeting: &MeetingKey, session: Id, unix_ms: u64) {
        let key = (meeting.app_id.clone(), session);
        let known = self.known.get(&key);
        let noted = known.is_some_and(|(meeting_id, seen)| {
            *meeting_id == meeting.meeting_id && unix_ms.saturating_sub(*seen) < NOTED_MS
        });
        if noted {
            return;
        }
        self.known
            .insert(key, (meeting.meeting_id.clone(), unix_ms));
        self.version += 1;
        if self.known.len() > MOST_SESSIONS {
            let oldest = self.known.iter().min_by_key(|(_, (_, seen))| *seen);
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                self.known.remove(&key);
            }
        }
    }

    pub(super) fn meeting_of(&self, app_id: &Id, session_id: &Id) -> Option<Id> {
        let known = self.known.get(&(app_id.clone(), session_id.clone()))?;
        Some(known.0.clone())
    }

    pub(super) fn forget_old(&mut self, unix_ms: u64) {
        // A clock that was set back expires nothing.
        self.known
            .retain(|_, (_, seen)| unix_ms.saturating_sub(*seen) < KNOWN_MS + NOTED_MS);
    }

    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// The sessions, to be saved for a restart.
    pub(super) fn save(&self) -> Vec<KnownSession> {
        let known = self.known.iter();
        known
            .map(|((app_id, session_id), (meeting_id, seen))| KnownSession {
                app_id: app_id.as_str().to_owned(),
                meeting_id: meeting_id.as_str().to_owned(),
                session_id: session_id.as_str().to_owned(),
                seen_unix_ms: *seen,
            })
            .collect()
    }

    /// Restores the sessions of an earlier process; invalid IDs are left out.
    pub(super) fn restore(&mut self, saved: Vec<KnownSession>) {
        for one in saved.into_iter().take(MOST_SESSIONS) {
            let ids = (
                Id::new(&one.app_id),
                Id::new(&one.meeting_id),
                Id::new(&one.session_id),
            );
            if let (Some(app_id), Some(meeting_id), Some(session_id)) = ids {
                self.known
                    .insert((app_id, session_id), (meeting_id, one.seen_unix_ms));
            }
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }
}

/// The ID of the session in a response.
pub(super) fn session_of(response: &ApiResponse) -> Option<Id> {
    #[derive(Deserialize)]
    struct Envelope {
        data: Session,
    }
    #[derive(Deserialize)]
    struct Session {
        id: String,
    }
    if !response.is_good() {
        return None;
    }
    let envelope: Envelope = serde_json::from_slice(&response.body).ok()?;
    Id::new(&envelope.data.id)
}
