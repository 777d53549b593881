//! Carries out an admitted mutation: once for its key, between its intent and its outcome.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt;

use realtimekit_moderator::internal::operation::{
    GET_ACTIVE_SESSION, Idempotency, KICK_ALL_PARTICIPANTS, KICK_PARTICIPANTS, MUTE_PARTICIPANTS,
    Operation, UPDATE_MEETING,
};

use super::audit_record::{digest, no_audit};
use super::outcome::MutationResult;
use super::{Admitted, Gateway, refuse};
use crate::api_response::{ApiResponse, Refusal};
use crate::audit::{self, Outcome, Phase, Record};
use crate::bulk;
use crate::idempotency::{IdempotencyGuard, Lookup, is_key};
use crate::input::{self, Body};
use crate::platform::{Claim, Clock, Journal, Permit, Purpose, Upstream, UpstreamRequest};
use crate::route::Action;
use crate::upstream_outcome::{accepted, count_up, from_upstream};

/// The approximate size of a record without the request's own texts, in bytes.
const RECORD_BYTES: u32 = 1024;

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// Carries out a mutation, or refuses it; `body` is the body, or why it is missing. The caller
    /// must run it to completion, even if the client disconnects.
    pub async fn act(&self, admitted: &Admitted, body: Result<Bytes, Refusal>) -> ApiResponse {
        let Action::Operation(operation) = admitted.target.action else {
            return refuse(&Refusal::NoRoute);
        };
        let parsed = body.and_then(|bytes| {
            admitted.query.clone()?;
            admitted.reason.clone()?;
            if admitted.key.as_deref().is_some_and(|key| !is_key(key)) {
                let what = "Idempotency-Key must be 1 to 255 visible ASCII characters";
                return Err(Refusal::Invalid(what.to_owned()));
            }
            Body::parse(operation, admitted.content_type.as_deref(), &bytes)
        });
        let body = match parsed {
            Ok(body) => body,
            Err(refusal) => return self.refused(admitted, &Body::default(), refusal).await,
        };
        // An intent, an outcome, and the failed targets.
        let asked = body.bytes().map_or(0, |bytes| bytes.len());
        let asked = u32::try_from(asked).unwrap_or(u32::MAX);
        let bytes = asked.saturating_mul(3).saturating_add(RECORD_BYTES);
        if let Err(wait) = self.limits.write(&admitted.grant, bytes) {
            return self.too_many(admitted, wait).await;
        }
        let mut record = self.record(admitted, &body);
        record.key = admitted.key.clone();
        record.digest = record.key.as_ref().map(|_| digest(admitted, &body));
        let guard = match self.idempotency.lookup(operation, &record) {
            Lookup::First(guard) => guard,
            Lookup::Done(response) => return replayed(response),
            Lookup::Wait(first) => {
                tracing::debug!(request_id = admitted.id, "waits for the first with its key");
                return match first.await {
                    Ok(response) => replayed(response),
                    Err(_) => {
                        let again = operation.idempotency != Idempotency::NonIdempotent;
                        refuse(&Refusal::Lost { again })
                    }
                };
            }
            Lookup::Unknown => {
                return self.refused(admitted, &body, Refusal::FateUnknown).await;
            }
            Lookup::Reused => return self.refused(admitted, &body, Refusal::KeyReused).await,
        };
        self.first(operation, admitted, &body, record, guard).await
    }

    /// Carries out a mutation for the first time.
    async fn first(
        &self,
        operation: &'static Operation,
        admitted: &Admitted,
        body: &Body,
        mut record: Record,
        guard: IdempotencyGuard,
    ) -> ApiResponse {
        // Before the intent is written: a request that cannot be sent needs no intent. After the key was looked
        // up: what was done may have ended the session, and a repeat gets its response all the same.
        let allowed = self.check_protected(operation, admitted, body).await;
        let permit = match allowed {
            Ok(()) => self.permit(admitted, purpose(operation, body)).await,
            Err(refusal) => Err(refusal),
        };
        let permit = match permit {
            Ok(permit) => permit,
            Err(refusal) => {
                let response = self.refused(admitted, body, refusal).await;
                guard.finish(&response, false);
                return response;
            }
        };
        let intent = record.line();
        let estimated = intent.text.len().saturating_mul(2);
        if let Err(failure) = self.journal.append(intent).await {
            permit.not_sent();
            let response = refuse(&no_audit(&failure.0));
            guard.finish(&response, false);
            return response;
        }
        self.reads.touch(&admitted.meeting);
        let done = self.carry_out(operation, admitted, body, permit).await;
        self.reads.touch(&admitted.meeting);

        let once = operation.idempotency == Idempotency::NonIdempotent;
        let remember = done.remember(once);
        record.phase = Phase::Outcome;
        record.time = audit::time(self.clock.unix_ms());
        record.outcome = Some(done.outcome);
        record.status = Some(done.response.status);
        record.ray = done.response.header("cf-ray").map(str::to_owned);
        record.duration_ms = Some(self.clock.monotonic_ms() - admitted.started);
        record.failed = done.failed;
        record.reason = done.reason;
        record.response = (record.key.is_some() && remember).then(|| (&done.response).into());
        let line = record.line();
        // A long response counts too, although a finished mutation is not refused for it.
        let more = line.text.len().saturating_sub(estimated);
        let _ = self
            .limits
            .write(&admitted.grant, u32::try_from(more).unwrap_or(u32::MAX));
        let watched = self.is_watched(&admitted.meeting);
        let shown = watched.then(|| line.text.clone());
        if let Err(failure) = self.journal.append(line).await {
            // The mutation is done and its intent is written: its moderator gets the response.
            no_audit(&failure.0);
        }
        if let Some(line) = shown {
            self.show_action(&admitted.meeting, &line, true);
        }
        match done.outcome {
            // It may have been carried out, and its response is too long to remember: no repeat.
            Outcome::Done | Outcome::Unknown if once && !remember => drop(guard),
            _ => guard.finish(&done.response, remember),
        }
        done.response
    }

    /// A permit to send one request for a mutation.
    async fn permit(
        &self,
        admitted: &Admitted,
        purpose: Purpose,
    ) -> Result<Box<dyn Permit>, Refusal> {
        let within = self.limits.request(&admitted.grant);
        within.map_err(Refusal::TooMany)?;
        let claim = Claim {
            purpose,
            meeting: admitted.meeting.clone(),
            moderator: Some(admitted.grant.moderator()),
        };
        self.budget.take(claim).await.map_err(Refusal::NoBudget)
    }

    async fn carry_out(
        &self,
        operation: &'static Operation,
        admitted: &Admitted,
        body: &Body,
        permit: Box<dyn Permit>,
    ) -> MutationResult {
        let once = operation.idempotency == Idempotency::NonIdempotent;
        let Some(path) = admitted.target.path_up(operation) else {
            return MutationResult::refused(&Refusal::NoRoute);
        };
        let request = |body: &Body| UpstreamRequest {
            operation: operation.name,
            method: operation.method,
            path: path.clone(),
            body: body.bytes(),
        };
        let people = body.people();
        let many = people.len() > 1
            && (*operation == KICK_PARTICIPANTS || *operation == MUTE_PARTICIPANTS);
        if !many {
            return match self.send(permit, request(body), once).await {
                Ok(response) => MutationResult::of(response, once),
                Err(refusal) => MutationResult::refused(&refusal),
            };
        }
        // Boxed: otherwise every mutation's future would have the size of this one.
        let acting = self.act_on_many(admitted, people, permit, request).boxed();
        match acting.await {
            Ok(outcome) => MutationResult {
                outcome: match (outcome.some, outcome.unsure) {
                    (true, _) => Outcome::Done,
                    (false, true) => Outcome::Unknown,
                    (false, false) => Outcome::Refused,
                },
                failed: if outcome.some {
                    outcome.failed
                } else {
                    Vec::new()
                },
                response: outcome.response,
                reason: None,
            },
            Err(refusal) => MutationResult::refused(&refusal),
        }
    }

    /// Acts on the participants of a list that the API knows.
    async fn act_on_many(
        &self,
        admitted: &Admitted,
        people: Vec<input::Person>,
        permit: Box<dyn Permit>,
        request: impl Fn(&Body) -> UpstreamRequest + Send + Sync,
    ) -> Result<bulk::BulkOutcome, Refusal> {
        // The first request has its permit already.
        let first = Mutex::new(Some(permit));
        let send_one = |request: UpstreamRequest| {
            let first = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            async move {
                let permit = match first {
                    Some(permit) => permit,
                    None => self.permit(admitted, Purpose::Mutation).await?,
                };
                self.send(permit, request, false).await
            }
        };
        let send = |list: Vec<input::Person>| send_one(request(&Body::of_people(list.iter())));
        let is_session_empty = || async {
            let Some(request) = self.request(&GET_ACTIVE_SESSION, &admitted.meeting, None) else {
                return false;
            };
            matches!(send_one(request).await, Ok(response) if response.status == 404)
        };
        let ends = admitted.started.saturating_add(self.settings.bulk_ms);
        let limits = bulk::Limits {
            requests: self.settings.bulk,
            is_over: || self.clock.monotonic_ms() >= ends,
        };
        bulk::act(people, limits, send, is_session_empty).await
    }

    /// Sends a mutation's request, once.
    async fn send(
        &self,
        permit: Box<dyn Permit>,
        request: UpstreamRequest,
        once: bool,
    ) -> Result<ApiResponse, Refusal> {
        let operation = request.operation;
        let sent = from_upstream(self.upstream.send(request).await, !once);
        count_up(operation, &sent);
        match &sent {
            Ok(response) => permit.answered(response),
            Err(Refusal::NotSent) => permit.not_sent(),
            Err(_) => drop(permit),
        }
        let sent = accepted(sent);
        self.note_token(&sent);
        sent
    }
}

/// What a mutation's request is for.
fn purpose(operation: &Operation, body: &Body) -> Purpose {
    let essential = [KICK_ALL_PARTICIPANTS.name, UPDATE_MEETING.name].contains(&operation.name)
        || (*operation == KICK_PARTICIPANTS && body.people().len() == 1);
    match essential {
        true => Purpose::Essential,
        false => Purpose::Mutation,
    }
}

fn replayed(response: ApiResponse) -> ApiResponse {
    response.with("idempotent-replayed", &b"true"[..])
}
