//! What an object notes about itself in its database: the known sessions, how far the audit was exported, and
//! the feed of a quiet meeting.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use worker::Result;

use super::database::Database;

/// SQLite's rows have 2 MB at most: longer texts take several.
const ROW_BYTES: usize = 1 << 20;

/// The notes.
pub(super) struct Notes(pub(super) Database);

#[derive(Deserialize)]
struct Row {
    value: String,
}

impl Notes {
    /// A note.
    pub(super) fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let query = "SELECT value FROM notes WHERE name = ? ORDER BY part";
        let rows = self.0.rows::<Row>(query, vec![name.into()]).ok()?;
        let mut text = String::new();
        for row in rows {
            text.push_str(&row.ok()?.value);
        }
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
                .write(query, vec![name.into(), part.into(), head.into()])?;
            rest = tail;
            part += 1;
        }
        Ok(())
    }

    /// Deletes a note.
    pub(super) fn delete(&self, name: &str) -> Result<()> {
        let query = "DELETE FROM notes WHERE name = ?";
        self.0.write(query, vec![name.into()])
    }
}
