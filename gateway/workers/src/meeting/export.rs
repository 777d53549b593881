//! The audit in R2, if the Worker has the bucket: one file a day and meeting, in the process's format.

use std::rc::Rc;

use realtimekit_gateway::audit;
use realtimekit_gateway::platform::Clock;

use super::state::{EXPORTED, Meeting};

/// The bucket's binding.
const BUCKET: &str = "AUDIT";

/// How long lines wait, in milliseconds: a file is written as a whole, with all that came by then.
const EXPORT_AFTER_MS: u64 = 30_000;

impl Meeting {
    /// A line may have been written.
    pub(super) fn note_export(&self) {
        if self.export_due.get().is_none() && self.env.bucket(BUCKET).is_ok() {
            let due = self.clock.unix_ms().saturating_add(EXPORT_AFTER_MS);
            self.export_due.set(Some(due));
        }
    }

    /// The object starts or wakes: lines that an earlier one has not exported are due.
    pub(super) fn resume_export(&self) {
        let exported: u64 = self.notes.get(EXPORTED).unwrap_or_default();
        let waiting = self.gateway.journal().days_after(exported);
        let is_waiting = waiting.is_ok_and(|(days, _)| !days.is_empty());
        if is_waiting && self.env.bucket(BUCKET).is_ok() {
            self.export_due.set(Some(self.clock.unix_ms()));
        }
    }

    /// Exports in a task of its own: watchers must not wait for the bucket.
    pub(super) fn export_if_due(self: &Rc<Self>) {
        let now = self.clock.unix_ms();
        if self.export_due.get().is_none_or(|due| now < due) {
            return;
        }
        // Also for a failure, for lines that come meanwhile, and so that an object that is forgotten wakes.
        let again = now.saturating_add(EXPORT_AFTER_MS);
        self.export_due.set(Some(again));
        if self.is_exporting.replace(true) {
            return;
        }
        let this = Rc::clone(self);
        self.state.wait_until(async move {
            match this.export().await {
                Ok(true) => this.export_due.set(None),
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, "the audit cannot be exported");
                    metrics::counter!("rtk_gateway_audit_export_failures_total").increment(1);
                }
            }
            this.is_exporting.set(false);
            this.run().await;
        });
    }

    /// Says whether no line has come meanwhile.
    async fn export(&self) -> worker::Result<bool> {
        let (Some(key), Ok(bucket)) = (self.key(), self.env.bucket(BUCKET)) else {
            return Ok(true);
        };
        let exported: u64 = self.notes.get(EXPORTED).unwrap_or_default();
        let (days, last) = self.gateway.journal().days_after(exported)?;
        for day in days {
            let mut file = String::new();
            for line in self.gateway.journal().day(day)? {
                file.push_str(&line);
                file.push('\n');
            }
            let time = audit::time(day.saturating_mul(86_400_000));
            let date = time.get(..10).unwrap_or_default();
            let name = format!("{}/audit-{date}.jsonl", key.name());
            bucket.put(name, file.into_bytes()).execute().await?;
        }
        self.notes.set(EXPORTED, &last)?;
        let (waiting, _) = self.gateway.journal().days_after(last)?;
        Ok(waiting.is_empty())
    }
}
