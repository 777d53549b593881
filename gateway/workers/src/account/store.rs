//! What the account object keeps in its database: known sessions, watched meetings, a silence, and the
//! counters.

use serde::Deserialize;
use worker::{Result, SqlStorage, SqlStorageValue};

use realtimekit_gateway::read_cache::KnownSession;

use super::protocol::WATCHED_MS;
use crate::counters::Delta;

/// How long a session is known after it was last seen, in milliseconds: a day.
const KNOWN_MS: u64 = 24 * 60 * 60 * 1000;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS sessions (
        app_id TEXT NOT NULL, session_id TEXT NOT NULL, meeting_id TEXT NOT NULL, seen INTEGER NOT NULL,
        PRIMARY KEY (app_id, session_id)
    );
    CREATE TABLE IF NOT EXISTS watched (
        meeting TEXT PRIMARY KEY, sockets INTEGER NOT NULL, seen INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value REAL NOT NULL);
";

/// The name of the silence among the numbers: no counter has a space.
const SILENT_UNTIL: &str = "silent until";

/// The database.
pub(super) struct Store(SqlStorage);

#[derive(Deserialize)]
struct Text {
    value: String,
}

#[derive(Deserialize)]
struct Counter {
    name: String,
    value: f64,
}

fn text(text: &str) -> SqlStorageValue {
    text.into()
}

impl Store {
    pub(super) fn open(sql: SqlStorage) -> Result<Self> {
        sql.exec(SCHEMA, None)?;
        Ok(Self(sql))
    }

    fn texts(&self, query: &str, bindings: Vec<SqlStorageValue>) -> Result<Vec<String>> {
        let rows: Vec<Text> = self.0.exec(query, bindings)?.to_array()?;
        Ok(rows.into_iter().map(|row| row.value).collect())
    }

    /// Notes sessions and their meetings, and forgets old ones.
    pub(super) fn note_sessions(&self, sessions: &[KnownSession], unix_ms: u64) -> Result<()> {
        for one in sessions {
            let query = "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)";
            let (app, session, meeting) = (&one.app_id, &one.session_id, &one.meeting_id);
            let seen = (one.seen_unix_ms as f64).into();
            let bindings = vec![text(app), text(session), text(meeting), seen];
            self.0.exec(query, bindings)?;
        }
        let query = "DELETE FROM sessions WHERE seen < ?";
        let oldest = unix_ms.saturating_sub(KNOWN_MS) as f64;
        self.0.exec(query, vec![oldest.into()])?;
        Ok(())
    }

    /// The meeting of a session.
    pub(super) fn meeting_of(&self, app_id: &str, session_id: &str) -> Result<Option<String>> {
        let query = "SELECT meeting_id AS value FROM sessions WHERE app_id = ? AND session_id = ?";
        let found = self.texts(query, vec![text(app_id), text(session_id)])?;
        Ok(found.into_iter().next())
    }

    /// Notes how many sockets a meeting has at a time.
    pub(super) fn watch(&self, meeting: &str, sockets: u32, unix_ms: u64) -> Result<()> {
        let (query, bindings) = match sockets {
            0 => ("DELETE FROM watched WHERE meeting = ?", vec![text(meeting)]),
            sockets => (
                "INSERT OR REPLACE INTO watched VALUES (?, ?, ?)",
                vec![
                    text(meeting),
                    f64::from(sockets).into(),
                    (unix_ms as f64).into(),
                ],
            ),
        };
        self.0.exec(query, bindings)?;
        Ok(())
    }

    /// The watched meetings with this ID, in any app.
    pub(super) fn watched(&self, meeting_id: &str) -> Result<Vec<String>> {
        let query = "SELECT meeting AS value FROM watched WHERE substr(meeting, instr(meeting, '/') + 1) = ?";
        self.texts(query, vec![text(meeting_id)])
    }

    /// How many meetings are watched at a time, and how many sockets they have.
    pub(super) fn count_watched(&self, unix_ms: u64) -> Result<(f64, f64)> {
        let lost = unix_ms.saturating_sub(WATCHED_MS) as f64;
        self.0
            .exec("DELETE FROM watched WHERE seen < ?", vec![lost.into()])?;
        let query = "SELECT 'meetings' AS name, COUNT(*) AS value FROM watched
            UNION ALL SELECT 'sockets', COALESCE(SUM(sockets), 0) FROM watched";
        let rows: Vec<Counter> = self.0.exec(query, None)?.to_array()?;
        let value = |name| rows.iter().find(|row| row.name == name);
        let value = |name| value(name).map_or(0.0, |row| row.value);
        Ok((value("meetings"), value("sockets")))
    }

    fn number(&self, name: &str) -> Result<f64> {
        let query = "SELECT name, value FROM numbers WHERE name = ?";
        let rows: Vec<Counter> = self.0.exec(query, vec![text(name)])?.to_array()?;
        Ok(rows.first().map_or(0.0, |row| row.value))
    }

    /// Until when nothing may be sent, in milliseconds since 1970; 0 if it may.
    pub(super) fn silent_until(&self) -> Result<u64> {
        Ok(self.number(SILENT_UNTIL)? as u64)
    }

    /// Notes until when nothing may be sent.
    pub(super) fn silence_until(&self, unix_ms: u64) -> Result<()> {
        let query = "INSERT OR REPLACE INTO numbers VALUES (?, ?)";
        self.0
            .exec(query, vec![text(SILENT_UNTIL), (unix_ms as f64).into()])?;
        Ok(())
    }

    /// Adds to the counters.
    pub(super) fn count(&self, deltas: &[Delta]) -> Result<()> {
        for delta in deltas {
            let query = "INSERT INTO numbers VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = value + excluded.value";
            self.0
                .exec(query, vec![text(&delta.name), delta.value.into()])?;
        }
        Ok(())
    }

    /// The counters, in the order of their names.
    pub(super) fn counters(&self) -> Result<Vec<(String, f64)>> {
        let query = "SELECT name, value FROM numbers ORDER BY name";
        let rows: Vec<Counter> = self.0.exec(query, None)?.to_array()?;
        let counters = rows.into_iter().filter(|row| row.name != SILENT_UNTIL);
        Ok(counters.map(|row| (row.name, row.value)).collect())
    }
}
