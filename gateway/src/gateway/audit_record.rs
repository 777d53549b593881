//! The audit records of mutations, sent or refused.

use sha2::{Digest, Sha256};

use realtimekit_moderator::internal::operation::DELETE_MEETING_PARTICIPANT;

use super::{Admitted, Gateway, refuse};
use crate::api_response::{ApiResponse, Refusal};
use crate::audit::{self, Outcome, Phase, Record};
use crate::grant::{Grant, Issuer};
use crate::input::Body;
use crate::platform::{Clock, Journal, Upstream};

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// Refuses a known moderator's request. Refused mutations are written to the audit, within the
    /// moderator's share.
    pub(super) async fn refused(
        &self,
        admitted: &Admitted,
        body: &Body,
        refusal: Refusal,
    ) -> ApiResponse {
        if admitted.acts() {
            self.write_refusal(admitted, body, &refusal).await;
        }
        refuse(&refusal)
    }

    /// Writes that a mutation was refused. Records beyond the moderator's share are only counted,
    /// and noted once a minute.
    pub(super) async fn write_refusal(&self, admitted: &Admitted, body: &Body, refusal: &Refusal) {
        let record = Record {
            phase: Phase::Outcome,
            outcome: Some(match refusal {
                Refusal::FateUnknown => Outcome::Unknown,
                _ => Outcome::Refused,
            }),
            status: Some(refusal.status()),
            duration_ms: Some(self.clock.monotonic_ms() - admitted.started),
            reason: Some(refusal.message()),
            ..self.record(admitted, body)
        };
        let line = record.line();
        let bytes = u32::try_from(line.text.len()).unwrap_or(u32::MAX);
        let within = self.limits.write(&admitted.grant, bytes).is_ok();
        if !within && !matches!(refusal, Refusal::TooMany(_)) {
            metrics::counter!("rtk_gateway_audit_left_out_total").increment(1);
            return;
        }
        let shown = self
            .is_watched(&admitted.meeting)
            .then(|| line.text.clone());
        if let Err(failure) = self.journal.append(line).await {
            no_audit(&failure.0);
        } else if let Some(line) = shown {
            self.show_action(&admitted.meeting, &line, false);
        }
    }

    /// The record of a mutation before it is sent.
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
            grant: admitted.grant.id.clone(),
            client: admitted.client.clone(),
            operation: admitted.operation().to_owned(),
            app_id: admitted.meeting.app_id.as_str().to_owned(),
            meeting_id: admitted.meeting.meeting_id.as_str().to_owned(),
            targets,
            question: text("question"),
            set: text("status"),
            outcome: None,
            status: None,
            ray: None,
            duration_ms: None,
            failed: Vec::new(),
            reason: None,
            moderator_reason: admitted.reason.clone().ok().flatten(),
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

/// A digest of a request; its key's entry holds the moderator and meeting.
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
