//! The audit in R2, if the Worker has the bucket: files of a day and meeting, in the process's format. No line is
//! deleted from the database before it is there.

use std::rc::Rc;

use realtimekit_gateway::audit;
use realtimekit_gateway::platform::Clock;

use super::part::{DAY_MS, EXPORT_AFTER_MS, Exported, again_ms};
use super::state::{EXPORTED, Meeting};
use crate::config::BUCKET;

impl Meeting {
    /// A line may have been written.
    pub(super) fn note_export(&self) {
        if self.config.has_bucket && self.export_due.get().is_none() {
            let due = self.clock.unix_ms().saturating_add(EXPORT_AFTER_MS);
            self.export_due.set(Some(due));
        }
    }

    /// The object starts or wakes: lines that an earlier one has not exported are due.
    pub(super) fn resume_export(&self) {
        if self.waiting_since().is_some() {
            self.export_due.set(Some(self.clock.unix_ms()));
        }
    }

    /// When the oldest line was written that is not in the bucket yet.
    fn waiting_since(&self) -> Option<u64> {
        let after = self.exported.get().through;
        let waiting = || self.gateway.journal().oldest(after, u64::MAX).ok()?;
        self.config.has_bucket.then(waiting)?
    }

    /// Exports in a task of its own: watchers must not wait for the bucket.
    pub(super) fn export_if_due(self: &Rc<Self>) {
        let now = self.clock.unix_ms();
        if self.export_due.get().is_none_or(|due| now < due) {
            return;
        }
        let waiting = self.waiting_since();
        // Also for a failure, and so that an object that is forgotten wakes.
        let again = waiting.map(|since| now.saturating_add(again_ms(now.saturating_sub(since))));
        self.export_due.set(again);
        if waiting.is_none() || self.is_exporting.replace(true) {
            return;
        }
        let this = Rc::clone(self);
        self.state.wait_until(async move {
            match this.export().await {
                Ok(()) => {
                    this.export_due.set(None);
                    // Lines that came meanwhile.
                    if this.waiting_since().is_some() {
                        this.note_export();
                    }
                }
                Err(error) => {
                    let waiting_since = this.waiting_since().map(audit::time);
                    let database_bytes = this.state.storage().sql().database_size();
                    tracing::error!(
                        %error,
                        waiting_since,
                        database_bytes,
                        "the audit cannot be exported: its lines stay in the database"
                    );
                    metrics::counter!("rtk_gateway_audit_export_failures_total").increment(1);
                }
            }
            this.is_exporting.set(false);
            this.run().await;
        });
    }

    /// Exports the lines that are there now, file by file.
    async fn export(&self) -> worker::Result<()> {
        let Some(key) = self.key() else {
            return Ok(());
        };
        let bucket = self.env.bucket(BUCKET)?;
        let last = self.gateway.journal().last()?;
        while self.exported.get().through < last {
            let part = self.gateway.journal().part(self.exported.get())?;
            let Some(part) = part else {
                break;
            };
            let (name, first, through) = (part.name(&key.name()), part.first, part.last);
            bucket.put(name, part.text.into_bytes()).execute().await?;
            let exported = Exported { through, first };
            self.notes.set(EXPORTED, &exported)?;
            self.exported.set(exported);
        }
        Ok(())
    }

    /// When the oldest line that may be deleted is to be.
    pub(super) fn deletion_due(&self) -> Option<u64> {
        let days = self.config.retention_days?;
        let oldest = self.gateway.journal().oldest(0, self.deletable()).ok()??;
        Some(oldest.saturating_add(days.saturating_mul(DAY_MS)))
    }

    /// Deletes the lines that are old enough.
    pub(super) fn delete_old(&self) {
        let now = self.clock.unix_ms();
        if self.deletion_due().is_none_or(|due| now < due) {
            return;
        }
        let days = self.config.retention_days.unwrap_or_default();
        let before = now
            .saturating_sub(days.saturating_mul(DAY_MS))
            .saturating_add(1);
        let deleted = self
            .gateway
            .journal()
            .delete_before(before, self.deletable());
        if let Err(error) = deleted {
            tracing::error!(%error, "old lines of the audit cannot be deleted");
        }
    }

    /// The number of the last line that may be deleted.
    fn deletable(&self) -> u64 {
        match self.config.has_bucket {
            true => self.exported.get().through,
            false => u64::MAX,
        }
    }
}
