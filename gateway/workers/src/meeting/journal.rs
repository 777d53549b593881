//! The audit's journal in an object's SQLite database: the lines of one meeting, appended and read back.

use std::future::Future;

use serde::Deserialize;
use worker::send::{SendFuture, SendWrapper};
use worker::{Result, SqlStorage, Storage};

use realtimekit_gateway::audit::Record;
use realtimekit_gateway::idempotency::REMEMBERED_MS;
use realtimekit_gateway::platform::{Clock, Journal, JournalFailure, Line, PAGE_BYTES, Page};

use crate::clock::WorkerClock;

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
";

/// The journal of one meeting.
pub(crate) struct SqlJournal(SendWrapper<Inner>);

struct Inner {
    storage: Storage,
    sql: SqlStorage,
}

/// A line that was written: its number and its text.
#[derive(Deserialize)]
pub(crate) struct Stored {
    pub(crate) seq: f64,
    pub(crate) text: String,
}

#[derive(Deserialize)]
struct Number {
    value: Option<f64>,
}

fn failure(error: worker::Error) -> JournalFailure {
    JournalFailure(error.to_string())
}

/// A number of SQLite; all of ours are whole and below 2^53.
fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

impl SqlJournal {
    /// Opens the journal; also returns its lines of the last ten minutes that have a key.
    pub(crate) fn open(storage: Storage) -> Result<(Self, Vec<String>)> {
        let sql = storage.sql();
        sql.exec(SCHEMA, None)?;
        let journal = Self(SendWrapper::new(Inner { storage, sql }));
        let since = WorkerClock.unix_ms().saturating_sub(REMEMBERED_MS);
        let recent = journal.lines_since(since)?;
        let keyed = recent.into_iter().map(|line| line.text);
        let has_key = |text: &String| {
            serde_json::from_str::<Record>(text).is_ok_and(|record| record.key.is_some())
        };
        Ok((journal, keyed.filter(has_key).collect()))
    }

    fn lines_since(&self, unix_ms: u64) -> Result<Vec<Stored>> {
        let query = "SELECT seq, text FROM lines WHERE at >= ? ORDER BY seq";
        self.0
            .sql
            .exec(query, vec![(unix_ms as f64).into()])?
            .to_array()
    }

    fn number(&self, query: &str, bindings: Vec<worker::SqlStorageValue>) -> Result<Option<u64>> {
        let rows: Vec<Number> = self.0.sql.exec(query, bindings)?.to_array()?;
        Ok(rows.first().and_then(|row| row.value).map(whole))
    }

    /// When the oldest line was written, in milliseconds since 1970.
    pub(crate) fn oldest(&self) -> Result<Option<u64>> {
        self.number("SELECT MIN(at) AS value FROM lines", Vec::new())
    }

    /// Deletes what is older.
    pub(crate) fn delete_before(&self, unix_ms: u64) -> Result<()> {
        let query = "DELETE FROM lines WHERE at < ?";
        self.0.sql.exec(query, vec![(unix_ms as f64).into()])?;
        Ok(())
    }

    /// The days, as milliseconds since 1970, that have lines after a number, and the last number.
    pub(crate) fn days_after(&self, seq: u64) -> Result<(Vec<u64>, u64)> {
        let query = "SELECT DISTINCT at / 86400000 AS value FROM lines WHERE seq > ?";
        let days: Vec<Number> = self
            .0
            .sql
            .exec(query, vec![(seq as f64).into()])?
            .to_array()?;
        let last = self.number("SELECT MAX(seq) AS value FROM lines", Vec::new())?;
        let days = days.into_iter().filter_map(|day| day.value);
        Ok((days.map(whole).collect(), last.unwrap_or(seq)))
    }

    /// The lines of a day, counted from 1970, in the order they were written.
    pub(crate) fn day(&self, day: u64) -> Result<Vec<String>> {
        let query = "SELECT seq, text FROM lines WHERE at >= ? AND at < ? ORDER BY seq";
        let (from, to) = (day * 86_400_000, (day + 1) * 86_400_000);
        let bindings = vec![(from as f64).into(), (to as f64).into()];
        let lines: Vec<Stored> = self.0.sql.exec(query, bindings)?.to_array()?;
        Ok(lines.into_iter().map(|line| line.text).collect())
    }

    fn write(&self, line: &Line) -> Result<()> {
        let first = "SELECT MIN(seq) AS value FROM lines WHERE id = ?";
        let place = self.number(first, vec![line.id.as_str().into()])?;
        let at = WorkerClock.unix_ms() as f64;
        let insert = "INSERT INTO lines (place, id, at, text) VALUES (?, ?, ?, ?)";
        let bindings = |place: f64| {
            let text = line.text.as_str();
            vec![
                place.into(),
                line.id.as_str().into(),
                at.into(),
                text.into(),
            ]
        };
        match place {
            Some(place) => self.0.sql.exec(insert, bindings(place as f64))?,
            None => {
                self.0.sql.exec(insert, bindings(0.0))?;
                let own = "UPDATE lines SET place = seq WHERE seq = last_insert_rowid()";
                self.0.sql.exec(own, None)?
            }
        };
        Ok(())
    }

    fn read(&self, before: Option<u64>, limit: usize) -> Result<Page> {
        let total = "SELECT COUNT(DISTINCT place) AS value FROM lines";
        let total = self.number(total, Vec::new())?.unwrap_or_default();
        // One more than asked for shows whether an older page exists. A line may be long, so they are read
        // one by one.
        let query = "SELECT place AS seq, text FROM lines AS line
            WHERE place < ? AND seq = (SELECT MAX(seq) FROM lines WHERE place = line.place)
            ORDER BY place DESC LIMIT ?";
        let before = before.map_or(f64::MAX, |before| before as f64);
        let bindings = vec![before.into(), ((limit + 1) as f64).into()];
        let (mut lines, mut last) = (Vec::new(), None);
        let mut bytes = 0;
        for row in self.0.sql.exec(query, bindings)?.next::<Stored>() {
            if lines.len() == limit || bytes >= PAGE_BYTES {
                return Ok(Page {
                    lines,
                    total,
                    next: last,
                });
            }
            let row = row?;
            bytes += row.text.len();
            last = Some(whole(row.seq));
            lines.push(row.text);
        }
        Ok(Page {
            lines,
            total,
            next: None,
        })
    }
}

impl Journal for SqlJournal {
    fn append(
        &self,
        line: Line,
    ) -> impl Future<Output = std::result::Result<(), JournalFailure>> + Send {
        SendFuture::new(async move {
            self.write(&line).map_err(failure)?;
            // Explicit, so that it holds also where no output gate does it.
            self.0.storage.sync().await.map_err(failure)
        })
    }

    fn page(
        &self,
        _app_id: &str,
        _meeting_id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> impl Future<Output = std::result::Result<Page, JournalFailure>> + Send {
        SendFuture::new(async move { self.read(before, limit).map_err(failure) })
    }
}
