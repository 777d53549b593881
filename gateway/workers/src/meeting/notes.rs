//! What an object notes about itself in its database: its meeting, the known sessions, how far the audit was
//! exported, and the feed of a quiet meeting.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use worker::{Result, SqlStorage};

/// SQLite's rows have 2 MB at most: longer texts take several.
const ROW_BYTES: usize = 1 << 20;

/// The notes.
pub(super) struct Notes(SqlStorage);

#[derive(Deserialize)]
struct Row {
    value: String,
}

impl Notes {
    pub(super) fn open(sql: SqlStorage) -> Result<Self> {
        let schema = "CREATE TABLE IF NOT EXISTS notes (
            name TEXT NOT NULL, part INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, part)
        )";
        sql.exec(schema, None)?;
        Ok(Self(sql))
    }

    /// A note.
    pub(super) fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let query = "SELECT value FROM notes WHERE name = ? ORDER BY part";
        let rows: Vec<Row> = self
            .0
            .exec(query, vec![name.into()])
            .and_then(|rows| rows.to_array())
            .ok()?;
        let text: String = rows.into_iter().map(|row| row.value).collect();
        serde_json::from_str(&text).ok()
    }

    /// Writes a note.
    pub(super) fn set(&self, name: &str, value: &impl serde::Serialize) -> Result<()> {
        self.delete(name)?;
        let text = serde_json::to_string(value).unwrap_or_default();
        let mut rest = text.as_str();
        let mut part = 0;
        while !rest.is_empty() {
            let (head, tail) = rest.split_at(rest.floor_char_boundary(ROW_BYTES));
            let query = "INSERT INTO notes VALUES (?, ?, ?)";
            self.0
                .exec(query, vec![name.into(), part.into(), head.into()])?;
            rest = tail;
            part += 1;
        }
        Ok(())
    }

    /// Deletes a note.
    pub(super) fn delete(&self, name: &str) -> Result<()> {
        let query = "DELETE FROM notes WHERE name = ?";
        self.0.exec(query, vec![name.into()])?;
        Ok(())
    }
}
