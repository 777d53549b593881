//! The audit's journal: in files, one a day, appended to and read back by meeting; or on standard
//! output.

mod day;
mod destination;
mod file;
mod head;
mod index;
mod read;
mod recent;
mod scan;
mod shared;
mod stdout;
mod tail;
mod writer;

#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::task;
use tokio::time::Instant;

use crate::platform::{Journal, JournalFailure, Line, Page};

use day::Day;
use file::Opener;
use shared::{Shared, Written};
use tail::Tail;
use writer::{Commit, Writer};

pub use destination::AuditJournal;
pub use stdout::StdoutJournal;

/// The shortest time between a failed trial and the next one.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// The failure that an appended line survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// A power loss: the line is on the disk.
    #[default]
    Disk,
    /// A crash of the process: the system has the line.
    Os,
}

/// The journal, in a folder that it locks.
pub struct FileJournal {
    shared: Arc<Shared>,
    /// Absent if each caller writes its own lines.
    writer: Option<Writer>,
}

impl FileJournal {
    /// Opens the journal in a folder, which is made if it is missing.
    ///
    /// Also returns the texts of the lines with a `key` that are no older than `since_unix_ms`, in
    /// the order they were written.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made, is used by another process, or cannot be read.
    pub fn open(
        dir: &Path,
        durability: Durability,
        since_unix_ms: u64,
    ) -> io::Result<(Self, Vec<String>)> {
        let open: Opener = Box::new(file::open);
        Self::open_with(dir, durability, since_unix_ms, open, Box::new(Day::today))
    }

    fn open_with(
        dir: &Path,
        durability: Durability,
        since_unix_ms: u64,
        open: Opener,
        today: Box<dyn Fn() -> Day + Send + Sync>,
    ) -> io::Result<(Self, Vec<String>)> {
        let lock = file::take_folder(dir)?;
        let found = scan::scan(dir, since_unix_ms)?;
        let synced = durability == Durability::Disk;
        let shared = Arc::new(Shared {
            folder: dir.to_owned(),
            tail: Mutex::new(Tail::new(dir.to_owned(), open, synced)),
            index: Mutex::new(found.index),
            failure: Mutex::new(None),
            tried: AsyncMutex::new(None),
            today,
            _lock: lock,
        });
        let writer = match durability {
            Durability::Disk => Some(Writer::start(Arc::clone(&shared) as Arc<dyn Commit>)?),
            Durability::Os => None,
        };
        Ok((Self { shared, writer }, found.keyed))
    }

    /// Whether lines can be written: at once if the last write succeeded. Otherwise it tries a
    /// write, because a balancer may send no mutation until this succeeds.
    ///
    /// # Errors
    ///
    /// If the last write failed, and writes still fail.
    pub async fn ready(&self) -> Result<(), JournalFailure> {
        if !self.shared.has_failed() {
            return Ok(());
        }
        // One trial at a time, and at most one a second, for any number of callers.
        let mut tried = self.shared.tried.lock().await;
        if let Some((at, failure)) = &*tried
            && at.elapsed() < TRY_AGAIN
            && self.shared.has_failed()
        {
            return Err(JournalFailure::clone(failure));
        }
        let shared = Arc::clone(&self.shared);
        let result = task::spawn_blocking(move || shared.try_out())
            .await
            .unwrap_or_else(|_| Err(JournalFailure("the trial was given up".to_owned())));
        *tried = result
            .as_ref()
            .err()
            .map(|failure| (Instant::now(), failure.clone()));
        result
    }

    async fn write(&self, line: Written) -> Result<(), JournalFailure> {
        match &self.writer {
            None => self.shared.commit(&[line]),
            Some(writer) => writer.write(Some(line)).await,
        }
    }
}

impl Journal for FileJournal {
    async fn append(&self, line: Line) -> Result<(), JournalFailure> {
        self.write(Written::new(line)?).await
    }

    async fn page(
        &self,
        app_id: &str,
        meeting_id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, JournalFailure> {
        let shared = Arc::clone(&self.shared);
        let (app_id, meeting_id) = (app_id.to_owned(), meeting_id.to_owned());
        // Files may be slow, and these threads have sockets to serve.
        task::spawn_blocking(move || shared.page(&app_id, &meeting_id, before, limit))
            .await
            .unwrap_or_else(|_| Err(JournalFailure("the reading was given up".to_owned())))
    }
}
