//! A read that has been admitted, answered: from what the API says, or from the journal.

use metrics::Counter;

use super::{Admitted, Gateway, count};
use crate::answer::{Answer, Refusal};
use crate::audit;
use crate::counts::Family;
use crate::input;
use crate::platform::{Clock, Journal, UpRequest, Upstream};
use crate::reads::Place;
use crate::route::Action;

static READS: Family<&str, Counter> =
    Family::new(|source| metrics::counter!("rtk_gateway_reads_total", "source" => *source));

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// Answers a read.
    pub async fn read(&self, admitted: &Admitted) -> Answer {
        match self.try_read(admitted).await {
            Ok(answer) => answer,
            Err(refusal) => count(&refusal).answer(),
        }
    }

    async fn try_read(&self, admitted: &Admitted) -> Result<Answer, Refusal> {
        let Action::Operation(operation) = admitted.target.action else {
            return self.audit(admitted).await;
        };
        let query = admitted.query.clone()?;
        let path = admitted.target.path_up(operation).ok_or(Refusal::NoRoute)?;
        let request = UpRequest {
            operation: operation.name,
            method: operation.method,
            path: path + &query,
            body: None,
        };
        let new = || self.limits.new_read(&admitted.grant);
        let got = self
            .reads
            .get(&admitted.place, request, &self.upstream, new);
        let (answer, source) = got.await?;
        READS.with(source.word(), |counter| counter.increment(1));
        Ok(answer)
    }

    async fn audit(&self, admitted: &Admitted) -> Result<Answer, Refusal> {
        let (per_page, before) = input::audit_page(admitted.query.as_deref().ok())?;
        let Place { app_id, meeting_id } = &admitted.place;
        let page = self
            .journal
            .page(app_id.as_str(), meeting_id.as_str(), before, per_page);
        match page.await {
            Ok(page) => Ok(Answer::json(200, &audit::page(page))),
            Err(failure) => {
                tracing::error!(what = failure.0, "the audit cannot be read");
                Err(Refusal::AuditUnread)
            }
        }
    }
}
