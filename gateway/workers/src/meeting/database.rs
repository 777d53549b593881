//! The object's SQLite database. The first line or note makes its tables: the object of a meeting that was only
//! read, or that does not exist, stores nothing.

use std::cell::Cell;
use std::rc::Rc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use worker::{Result, SqlStorage, SqlStorageValue};

use crate::account::budget::ObjectName;

/// The note with the meeting's name: an object that wakes by itself has no request that names it.
pub(super) const MEETING: &str = "meeting";

/// A record's place is that of its first line, its text that of its last.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS lines (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        place INTEGER NOT NULL,
        id TEXT NOT NULL,
        at INTEGER NOT NULL,
        text TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS lines_of_record ON lines (id);
    CREATE INDEX IF NOT EXISTS lines_by_place ON lines (place);
    CREATE INDEX IF NOT EXISTS lines_by_time ON lines (at);
    CREATE TABLE IF NOT EXISTS notes (
        name TEXT NOT NULL, part INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, part)
    );
";

/// The database; clones are the same one.
#[derive(Clone)]
pub(super) struct Database {
    sql: SqlStorage,
    name: ObjectName,
    has_tables: Rc<Cell<bool>>,
}

#[derive(Deserialize)]
struct Number {
    value: Option<f64>,
}

impl Database {
    /// Opens it, and writes nothing into a new one.
    pub(super) fn open(sql: SqlStorage, name: &ObjectName) -> Result<Self> {
        let database = Self {
            sql,
            name: ObjectName::clone(name),
            has_tables: Rc::new(Cell::new(true)),
        };
        let tables = "SELECT COUNT(*) AS value FROM sqlite_master WHERE name = 'notes'";
        let has_tables = database.number(tables, Vec::new())? > Some(0);
        database.has_tables.set(has_tables);
        if has_tables {
            // An earlier version may have had fewer.
            database.sql.exec(SCHEMA, None)?;
        }
        Ok(database)
    }

    /// Whether anything was ever written.
    pub(super) fn has_tables(&self) -> bool {
        self.has_tables.get()
    }

    /// The rows of a query, one by one.
    pub(super) fn rows<T: DeserializeOwned>(
        &self,
        query: &str,
        bindings: Vec<SqlStorageValue>,
    ) -> Result<impl Iterator<Item = Result<T>>> {
        let rows = self.has_tables().then(|| self.sql.exec(query, bindings));
        Ok(rows.transpose()?.into_iter().flat_map(|rows| rows.next()))
    }

    /// The number that a query is for. All of ours are whole and below 2^53.
    pub(super) fn number(
        &self,
        query: &str,
        bindings: Vec<SqlStorageValue>,
    ) -> Result<Option<u64>> {
        let row = self.rows::<Number>(query, bindings)?.next().transpose()?;
        Ok(row.and_then(|row| row.value).map(whole))
    }

    /// Makes the tables, with the meeting's name, unless they are there.
    pub(super) fn begin(&self) -> Result<()> {
        if self.has_tables() {
            return Ok(());
        }
        let name = self.name.get().ok_or("no request has named the meeting")?;
        let name = serde_json::to_string(name).unwrap_or_default();
        self.sql.exec(SCHEMA, None)?;
        let note = "INSERT OR REPLACE INTO notes VALUES (?, 0, ?)";
        self.sql.exec(note, vec![MEETING.into(), name.into()])?;
        self.has_tables.set(true);
        Ok(())
    }

    /// Writes; the first time it makes the tables.
    pub(super) fn write(&self, query: &str, bindings: Vec<SqlStorageValue>) -> Result<()> {
        self.begin()?;
        self.sql.exec(query, bindings)?;
        Ok(())
    }
}

/// A number of SQLite.
pub(super) fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}
