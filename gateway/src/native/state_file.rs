//! The state that a restart keeps besides the audit: the end of a `Retry-After`, and the meeting of
//! each session. A file beside the audit's, rewritten after changes; without files nothing is kept.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::read_cache::KnownSession;

/// The content of the file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct State {
    /// The end of the API's `Retry-After`, in milliseconds since 1970.
    #[serde(default)]
    pub(super) silent_until_unix_ms: Option<u64>,
    /// The sessions whose meeting is known.
    #[serde(default)]
    pub(super) sessions: Vec<KnownSession>,
}

/// The file.
#[derive(Clone)]
pub(super) struct StateFile(Option<PathBuf>);

impl StateFile {
    /// In the audit's folder, which this process locks.
    pub(super) fn new(folder: Option<&Path>) -> Self {
        Self(folder.map(|folder| folder.join("state.json")))
    }

    /// Its content. An unreadable file counts as empty: the state only saves requests.
    pub(super) fn load(&self) -> State {
        let Some(path) = &self.0 else {
            return State::default();
        };
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return State::default(),
            Err(error) => {
                tracing::warn!(%error, "the state of the last run cannot be read");
                return State::default();
            }
        };
        serde_json::from_slice(&text).unwrap_or_else(|_| {
            tracing::warn!("the state of the last run is not readable");
            State::default()
        })
    }

    /// Replaces it atomically.
    pub(super) fn save(&self, state: &State) -> io::Result<()> {
        let Some(path) = &self.0 else {
            return Ok(());
        };
        let new = path.with_extension("json.new");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&new)?;
        file.write_all(&serde_json::to_vec(state)?)?;
        fs::rename(&new, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_loaded_and_what_is_broken_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = StateFile::new(Some(folder.path()));
        assert!(file.load().sessions.is_empty());
        let state = State {
            silent_until_unix_ms: Some(7),
            sessions: vec![KnownSession {
                app_id: "a".into(),
                meeting_id: "m".into(),
                session_id: "s".into(),
                seen_unix_ms: 5,
            }],
        };
        file.save(&state).unwrap();
        let loaded = file.load();
        assert_eq!(loaded.silent_until_unix_ms, Some(7));
        assert_eq!(loaded.sessions, state.sessions);
        fs::write(folder.path().join("state.json"), "{").unwrap();
        assert_eq!(file.load().silent_until_unix_ms, None);
    }
}
