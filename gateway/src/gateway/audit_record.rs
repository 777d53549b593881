//! What is written down of a mutation, and of one that is refused.

use sha2::{Digest, Sha256};

use realtimekit_moderator::operation::DELETE_MEETING_PARTICIPANT;

use super::{Admitted, Gateway, count};
use crate::api_response::{ApiResponse, Refusal};
use crate::audit::{self, Outcome, Phase, Record};
use crate::grant::{Grant, Issuer};
use crate::input::Body;
use crate::platform::{Clock, Journal, Upstream};

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// Refuses a request of somebody's whom we know; a mutation is written down.
    pub(super) async fn refused(
        &self,
        admitted: &Admitted,
        body: &Body,
        refusal: Refusal,
    ) -> ApiResponse {
        let response = count(&refusal).response();
        if admitted.acts() {
            let record = Record {
                phase: Phase::Outcome,
                outcome: Some(match refusal {
                    Refusal::FateUnknown => Outcome::Unknown,
                    _ => Outcome::Refused,
                }),
                status: Some(response.status),
                duration_ms: Some(self.clock.monotonic_ms() - admitted.started),
                reason: Some(refusal.message()),
                ..self.record(admitted, body)
            };
            if let Err(failure) = self.journal.append(record.line()).await {
                no_audit(&failure.0);
            }
        }
        response
    }

    /// What is written of a mutation before it is sent.
    pub(super) fn record(&self, admitted: &Admitted, body: &Body) -> Record {
        let text = |name: &str| body.text(name).map(str::to_owned);
        let mut targets: Vec<_> = body.people().into_iter().map(|one| one.id).collect();
        if admitted.operation() == DELETE_MEETING_PARTICIPANT.name {
            let id = admitted.target.id("participant_id");
            targets.extend(id.map(|id| id.as_str().to_owned()));
        }
        Record {
            id: admitted.id.clone(),
            phase: Phase::Intent,
            time: audit::time(self.clock.unix_ms()),
            moderator: admitted.grant.moderator.clone(),
            issuer: issuer(&admitted.grant).to_owned(),
            name: admitted.grant.name.clone(),
            operation: admitted.operation().to_owned(),
            app_id: admitted.place.app_id.as_str().to_owned(),
            meeting_id: admitted.place.meeting_id.as_str().to_owned(),
            targets,
            question: text("question"),
            set: text("status"),
            outcome: None,
            status: None,
            ray: None,
            duration_ms: None,
            failed: Vec::new(),
            reason: None,
            key: None,
            digest: None,
            response: None,
        }
    }
}

fn issuer(grant: &Grant) -> &'static str {
    match grant.issuer {
        Issuer::Secret => "secret",
        Issuer::Identity => "identity",
    }
}

/// What a request asks, in a few letters: all but whose it is, which its key's name holds.
pub(super) fn digest(admitted: &Admitted, body: &Body) -> String {
    let mut hash = Sha256::new();
    hash.update(admitted.operation());
    hash.update([0]);
    if let Some(id) = admitted.target.id("participant_id") {
        hash.update(id.as_str());
    }
    hash.update([0]);
    hash.update(body.bytes().unwrap_or_default());
    let hash = hash.finalize();
    hash.iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The journal has failed.
pub(super) fn no_audit(what: &str) -> Refusal {
    tracing::error!(what, "the audit cannot be written");
    metrics::counter!("rtk_gateway_audit_failures_total").increment(1);
    Refusal::NoAudit
}
