//! Serves an admitted read from the API, from memory, or from the journal.

use metrics::Counter;

use super::{Admitted, Gateway, refuse};
use crate::api_response::{ApiResponse, Refusal};
use crate::audit;
use crate::input;
use crate::metrics::CounterFamily;
use crate::platform::{Clock, Journal, MeetingKey, Upstream, UpstreamRequest};
use crate::read_cache::Source;
use crate::route::Action;

static READS: CounterFamily<&str, Counter> =
    CounterFamily::new(|source| metrics::counter!("rtk_gateway_reads_total", "source" => *source));

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// The response to a read.
    pub async fn read(&self, admitted: &Admitted) -> ApiResponse {
        self.read_with_source(admitted).await.0
    }

    /// The response to a read, and its source if it is the API's.
    pub async fn read_with_source(&self, admitted: &Admitted) -> (ApiResponse, Option<Source>) {
        match self.try_read(admitted).await {
            Ok(read) => read,
            Err(refusal) => (refuse(&refusal), None),
        }
    }

    async fn try_read(
        &self,
        admitted: &Admitted,
    ) -> Result<(ApiResponse, Option<Source>), Refusal> {
        let Action::Operation(operation) = admitted.target.action else {
            return Ok((self.audit(admitted).await?, None));
        };
        let query = admitted.query.clone()?;
        let path = admitted.target.path_up(operation).ok_or(Refusal::NoRoute)?;
        let request = UpstreamRequest {
            operation: operation.name,
            method: operation.method,
            path: path + &query,
            body: None,
        };
        let new = || self.limits.new_read(&admitted.grant);
        let got = self
            .reads
            .get(&admitted.meeting, request, &self.upstream, new)
            .await;
        // A response from memory says nothing about the token.
        if !matches!(
            &got,
            Ok((_, Source::Memory | Source::Stale | Source::Limited))
        ) {
            self.note_token(&got);
        }
        let (response, source) = got?;
        READS.with(source.word(), |counter| counter.increment(1));
        Ok((response, Some(source)))
    }

    async fn audit(&self, admitted: &Admitted) -> Result<ApiResponse, Refusal> {
        let (per_page, before) = input::audit_page(admitted.query.as_deref().ok())?;
        let MeetingKey { app_id, meeting_id } = &admitted.meeting;
        let page = self
            .journal
            .page(app_id.as_str(), meeting_id.as_str(), before, per_page);
        match page.await {
            Ok(page) => Ok(ApiResponse::json(200, &audit::page(page))),
            Err(failure) => {
                tracing::error!(what = failure.0, "the audit cannot be read");
                Err(Refusal::AuditUnread)
            }
        }
    }
}
