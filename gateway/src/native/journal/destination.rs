//! The journal in files or on standard output, as the configuration says.

use super::{FileJournal, StdoutJournal};
use crate::platform::{Journal, JournalFailure, Line, Page};

/// The audit's journal.
pub enum AuditJournal {
    /// In files, which survive a restart.
    Files(FileJournal),
    /// On standard output.
    Stdout(StdoutJournal),
}

impl AuditJournal {
    /// Whether lines can be written.
    ///
    /// # Errors
    ///
    /// If the last write failed, and writes still fail.
    pub async fn ready(&self) -> Result<(), JournalFailure> {
        match self {
            Self::Files(journal) => journal.ready().await,
            Self::Stdout(journal) => journal.ready().await,
        }
    }
}

impl Journal for AuditJournal {
    async fn append(&self, line: Line) -> Result<(), JournalFailure> {
        match self {
            Self::Files(journal) => journal.append(line).await,
            Self::Stdout(journal) => journal.append(line).await,
        }
    }

    async fn page(
        &self,
        app_id: &str,
        meeting_id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, JournalFailure> {
        match self {
            Self::Files(journal) => journal.page(app_id, meeting_id, before, limit).await,
            Self::Stdout(journal) => journal.page(app_id, meeting_id, before, limit).await,
        }
    }
}
