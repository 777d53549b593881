//! The audit's journal in an object's SQLite database: the lines of one meeting, appended and read back.

use std::future::Future;

use serde::Deserialize;
use worker::send::{SendFuture, SendWrapper};
use worker::{Result, Storage};

use realtimekit_gateway::audit::Record;
use realtimekit_gateway::idempotency::REMEMBERED_MS;
use realtimekit_gateway::platform::{Clock, Journal, JournalFailure, Line, PAGE_BYTES, Page};

use super::database::{Database, whole};
use super::part::{Exported, Part, Row};
use crate::clock::WorkerClock;

/// The journal of one meeting.
pub(crate) struct SqlJournal(SendWrapper<Inner>);

struct Inner {
    storage: Storage,
    database: Database,
}

/// A line that was written: its number, its time and its text.
#[derive(Deserialize)]
struct Stored {
    seq: f64,
    at: f64,
    text: String,
}

fn failure(error: worker::Error) -> JournalFailure {
    JournalFailure(error.to_string())
}

impl SqlJournal {
    /// The journal, and its lines of the last ten minutes that have a key.
    pub(super) fn open(storage: Storage, database: Database) -> Result<(Self, Vec<String>)> {
        let since = WorkerClock.unix_ms().saturating_sub(REMEMBERED_MS);
        let query = "SELECT seq, at, text FROM lines WHERE at >= ? ORDER BY seq";
        let has_key = |text: &String| {
            serde_json::from_str::<Record>(text).is_ok_and(|record| record.key.is_some())
        };
        let mut keyed = Vec::new();
        for line in database.rows::<Stored>(query, vec![(since as f64).into()])? {
            keyed.extend(Some(line?.text).filter(has_key));
        }
        let journal = Self(SendWrapper::new(Inner { storage, database }));
        Ok((journal, keyed))
    }

    /// When the oldest line was written that comes after one number and not after another, in milliseconds
    /// since 1970.
    pub(super) fn oldest(&self, after: u64, through: u64) -> Result<Option<u64>> {
        let query = "SELECT MIN(at) AS value FROM lines WHERE seq > ? AND seq <= ?";
        let bindings = vec![(after as f64).into(), (through as f64).into()];
        self.0.database.number(query, bindings)
    }

    /// The number of the last line.
    pub(super) fn last(&self) -> Result<u64> {
        let query = "SELECT MAX(seq) AS value FROM lines";
        let last = self.0.database.number(query, Vec::new())?;
        Ok(last.unwrap_or_default())
    }

    /// Deletes what is older, through a line's number.
    pub(super) fn delete_before(&self, unix_ms: u64, through: u64) -> Result<()> {
        let query = "DELETE FROM lines WHERE at < ? AND seq <= ?";
        let bindings = vec![(unix_ms as f64).into(), (through as f64).into()];
        self.0.database.write(query, bindings)
    }

    /// The next file for the bucket: the last one with more lines, or a new one.
    pub(super) fn part(&self, exported: Exported) -> Result<Option<Part>> {
        let grown = self.part_from(exported.first)?;
        // Its first line may have been deleted since, and what is in the bucket must not get shorter.
        let grown =
            grown.filter(|part| part.first == exported.first && part.last > exported.through);
        match grown {
            Some(part) => Ok(Some(part)),
            None => self.part_from(exported.through.saturating_add(1)),
        }
    }

    fn part_from(&self, seq: u64) -> Result<Option<Part>> {
        let query = "SELECT seq, at, text FROM lines WHERE seq >= ? ORDER BY seq";
        let rows = self.0.database.rows(query, vec![(seq as f64).into()])?;
        Part::of(rows.map(|row: Result<Stored>| {
            let Stored { seq, at, text } = row?;
            let (seq, at) = (whole(seq), whole(at));
            Ok(Row { seq, at, text })
        }))
    }

    fn write(&self, line: &Line) -> Result<()> {
        let database = &self.0.database;
        let first = "SELECT MIN(seq) AS value FROM lines WHERE id = ?";
        let place = database.number(first, vec![line.id.as_str().into()])?;
        let at = WorkerClock.unix_ms() as f64;
        let insert = "INSERT INTO lines (place, id, at, text) VALUES (?, ?, ?, ?)";
        let (id, text) = (line.id.as_str().into(), line.text.as_str().into());
        let bindings = vec![
            (place.unwrap_or_default() as f64).into(),
            id,
            at.into(),
            text,
        ];
        database.write(insert, bindings)?;
        if place.is_none() {
            let own = "UPDATE lines SET place = seq WHERE seq = last_insert_rowid()";
            database.write(own, Vec::new())?;
        }
        Ok(())
    }

    fn read(&self, before: Option<u64>, limit: usize) -> Result<Page> {
        let database = &self.0.database;
        let total = "SELECT COUNT(DISTINCT place) AS value FROM lines";
        let total = database.number(total, Vec::new())?.unwrap_or_default();
        // One more than asked for shows whether an older page exists. A line may be long, so they are read
        // one by one.
        let query = "SELECT place AS seq, at, text FROM lines AS line
            WHERE place < ? AND seq = (SELECT MAX(seq) FROM lines WHERE place = line.place)
            ORDER BY place DESC LIMIT ?";
        let before = before.map_or(f64::MAX, |before| before as f64);
        let bindings = vec![before.into(), ((limit + 1) as f64).into()];
        let (mut lines, mut last) = (Vec::new(), None);
        let mut bytes = 0;
        for row in database.rows::<Stored>(query, bindings)? {
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
