//! The state that writer and readers of the journal share.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;

use crate::platform::{JournalFailure, Line};

use super::day::Day;
use super::index::{Entry, Index, Place};
use super::tail::Tail;
use super::writer::Commit;

/// The journal's state.
pub(super) struct Shared {
    pub(super) folder: PathBuf,
    /// Locked before the index, so that the index has the files' order.
    pub(super) tail: Mutex<Tail>,
    pub(super) index: Mutex<Index>,
    /// Why the last write failed, if it did.
    pub(super) failure: Mutex<Option<JournalFailure>>,
    /// The time and the error of the last failed trial.
    pub(super) tried: AsyncMutex<Option<(Instant, JournalFailure)>>,
    pub(super) today: Box<dyn Fn() -> Day + Send + Sync>,
    /// Held during writes.
    pub(super) _lock: File,
}

/// A line to be written.
pub(super) struct Written(Line);

impl Written {
    /// Refuses a line that could not be found after a restart. The record ensures, and a property
    /// test verifies, that text and fields agree: to parse the text takes as long as to write it.
    pub(super) fn new(line: Line) -> Result<Self, JournalFailure> {
        let is_line = !line.text.is_empty()
            && !line.text.contains('\n')
            && u32::try_from(line.text.len()).is_ok();
        match is_line {
            true => Ok(Self(line)),
            false => Err(JournalFailure("this is no line of the audit's".to_owned())),
        }
    }

    /// The line.
    pub(super) fn line(&self) -> &Line {
        &self.0
    }

    /// Its size in bytes.
    pub(super) fn size(&self) -> usize {
        self.0.text.len().saturating_add(1)
    }
}

impl Commit for Shared {
    fn commit(&self, lines: &[Written]) -> Result<(), JournalFailure> {
        let mut tail = lock(&self.tail);
        let texts = lines.iter().map(|written| written.0.text.as_str());
        let appended = tail.append((self.today)(), texts);
        self.forget_lost(&mut tail);
        self.check(appended.map(|(day, start)| self.note(lines, day, start)))
    }
}

impl Shared {
    /// Tries whether lines can be written.
    pub(super) fn try_out(&self) -> Result<(), JournalFailure> {
        let mut tail = lock(&self.tail);
        let result = tail.try_out((self.today)());
        self.forget_lost(&mut tail);
        self.check(result)
    }

    /// Whether the last write failed.
    pub(super) fn has_failed(&self) -> bool {
        lock(&self.failure).is_some()
    }

    fn forget_lost(&self, tail: &mut Tail) {
        if let Some(day) = tail.take_lost() {
            lock(&self.index).forget(day);
        }
    }

    /// Remembers the result. The tail is still locked, so this is the last write's result.
    fn check(&self, result: io::Result<()>) -> Result<(), JournalFailure> {
        let result =
            result.map_err(|error| JournalFailure(format!("the audit cannot be written: {error}")));
        *lock(&self.failure) = result.as_ref().err().cloned();
        result
    }

    fn note(&self, lines: &[Written], day: Day, start: u64) {
        let mut index = lock(&self.index);
        let mut offset = start;
        for written in lines {
            let line = &written.0;
            let length = u32::try_from(line.text.len());
            if let Ok(length) = length {
                let entry = Entry {
                    id: &line.id,
                    app_id: &line.app_id,
                    meeting_id: &line.meeting_id,
                    is_intent: line.is_intent,
                };
                let place = Place {
                    day,
                    length,
                    offset,
                };
                index.note(entry, place);
            }
            offset = offset.saturating_add(u64::try_from(written.size()).unwrap_or(u64::MAX));
        }
    }
}

/// Ignores poisoning: the data behind a lock is consistent between any two steps.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
