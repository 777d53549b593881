//! A mutation that has been admitted, carried out: once for its key, between its intent and its
//! outcome.

use bytes::Bytes;
use futures_util::FutureExt;

use realtimekit_moderator::operation::{
    GET_ACTIVE_SESSION, Idempotency, KICK_PARTICIPANTS, MUTE_PARTICIPANTS, Operation,
};

use super::audit_record::{digest, no_audit};
use super::outcome::MutationResult;
use super::{Admitted, Gateway, count};
use crate::api_budget::Purpose;
use crate::api_response::{ApiResponse, Refusal};
use crate::audit::{self, Outcome, Phase, Record};
use crate::bulk;
use crate::grant::Grant;
use crate::idempotency::{IdempotencyGuard, Lookup, is_key};
use crate::input::{self, Body};
use crate::platform::{Clock, Journal, Upstream, UpstreamError, UpstreamRequest};
use crate::read_cache::count_up;
use crate::route::Action;

/// What a record takes in the audit beside what was asked for, in bytes, more or less.
const RECORD_BYTES: u32 = 1024;

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// Carries out a mutation, or refuses it; `body` is what came, or why it did not. To be driven
    /// to its end, whoever waits for it.
    pub async fn act(&self, admitted: &Admitted, body: Result<Bytes, Refusal>) -> ApiResponse {
        let Action::Operation(operation) = admitted.target.action else {
            return count(&Refusal::NoRoute).response();
        };
        let parsed = body.and_then(|bytes| {
            admitted.query.clone()?;
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
        // An intent, an outcome, and whom of many it failed for.
        let asked = body.bytes().map_or(0, |bytes| bytes.len());
        let asked = u32::try_from(asked).unwrap_or(u32::MAX);
        let bytes = asked.saturating_mul(3).saturating_add(RECORD_BYTES);
        if let Err(wait) = self.limits.write(&admitted.grant, bytes) {
            return self.too_many(admitted, wait).await;
        }
        let mut record = self.record(admitted, &body);
        record.key = admitted.key.clone();
        record.digest = record.key.as_ref().map(|_| digest(admitted, &body));
        let ticket = match self.once.turn(operation, &record) {
            Lookup::First(ticket) => ticket,
            Lookup::Done(response) => return replayed(response),
            Lookup::Wait(first) => {
                return match first.await {
                    Ok(response) => replayed(response),
                    Err(_) => {
                        let again = operation.idempotency != Idempotency::NonIdempotent;
                        count(&Refusal::Lost { again }).response()
                    }
                };
            }
            Lookup::Unknown => {
                return self.refused(admitted, &body, Refusal::FateUnknown).await;
            }
            Lookup::Reused => return self.refused(admitted, &body, Refusal::KeyReused).await,
        };
        self.first(operation, admitted, &body, record, ticket).await
    }

    /// Carries out a mutation that has not been before.
    async fn first(
        &self,
        operation: &'static Operation,
        admitted: &Admitted,
        body: &Body,
        mut record: Record,
        ticket: IdempotencyGuard,
    ) -> ApiResponse {
        if let Err(wait) = self.free() {
            let response = self.refused(admitted, body, Refusal::NoBudget(wait)).await;
            ticket.finish(&response, false);
            return response;
        }
        if let Err(failure) = self.journal.append(record.line()).await {
            let response = count(&no_audit(&failure.0)).response();
            ticket.finish(&response, false);
            return response;
        }
        self.reads.touch(&admitted.place);
        let done = self.carry_out(operation, admitted, body).await;
        self.reads.touch(&admitted.place);

        let once = operation.idempotency == Idempotency::NonIdempotent;
        let remember = done.remember(once);
        record.phase = Phase::Outcome;
        record.time = audit::time(self.clock.unix_ms());
        record.outcome = Some(done.fate);
        record.status = Some(done.response.status);
        record.ray = done.response.header("cf-ray").map(str::to_owned);
        record.duration_ms = Some(self.clock.monotonic_ms() - admitted.started);
        record.failed = done.failed;
        record.reason = done.reason;
        record.response = (record.key.is_some() && remember).then(|| (&done.response).into());
        if let Err(failure) = self.journal.append(record.line()).await {
            // It has been done, and its intent is written: to hide the response would help nobody.
            no_audit(&failure.0);
        }
        match done.fate {
            // Too long to be remembered, and nobody knows what came of it.
            Outcome::Unknown if once && !remember => drop(ticket),
            _ => ticket.finish(&done.response, remember),
        }
        done.response
    }

    /// Whether the budget allows a mutation now.
    fn free(&self) -> Result<(), u64> {
        let now = self.clock.monotonic_ms();
        self.budget.allows(Purpose::Mutation, now)
    }

    async fn carry_out(
        &self,
        operation: &'static Operation,
        admitted: &Admitted,
        body: &Body,
    ) -> MutationResult {
        let once = operation.idempotency == Idempotency::NonIdempotent;
        let grant = &admitted.grant;
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
            return match self.send(grant, request(body), once).await {
                Ok(response) => MutationResult::of(response, once),
                Err(refusal) => MutationResult::refused(&refusal),
            };
        }
        // Apart, for every mutation would take the room that this one takes.
        let acting = self.act_on_many(admitted, people, once, request).boxed();
        match acting.await {
            Ok(outcome) => MutationResult {
                fate: match (outcome.some, outcome.unsure) {
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

    /// Acts on those of a list whom the API knows.
    async fn act_on_many(
        &self,
        admitted: &Admitted,
        people: Vec<input::Person>,
        once: bool,
        request: impl Fn(&Body) -> UpstreamRequest + Send,
    ) -> Result<bulk::BulkOutcome, Refusal> {
        let grant = &admitted.grant;
        let send = |list: Vec<input::Person>| {
            self.send(grant, request(&Body::of_people(list.iter())), once)
        };
        let nobody = || async {
            let Some(request) = self.request(&GET_ACTIVE_SESSION, &admitted.place, None) else {
                return false;
            };
            matches!(self.send(grant, request, false).await, Ok(response) if response.status == 404)
        };
        bulk::act(people, self.settings.bulk, send, nobody).await
    }

    /// Sends a mutation's request, once.
    async fn send(
        &self,
        grant: &Grant,
        request: UpstreamRequest,
        once: bool,
    ) -> Result<ApiResponse, Refusal> {
        self.limits.request(grant).map_err(Refusal::TooMany)?;
        let now = self.clock.monotonic_ms();
        let taken = self.budget.take(Purpose::Mutation, now);
        let taken = taken.map_err(Refusal::NoBudget)?;
        let operation = request.operation;
        let sent = self.upstream.send(request).await;
        let sent = sent.map_err(|failure| match failure {
            UpstreamError::NotSent => Refusal::NotSent,
            UpstreamError::Lost => Refusal::Lost { again: !once },
            UpstreamError::TimedOut => Refusal::TimedOut { again: !once },
        });
        count_up(operation, &sent);
        match &sent {
            Ok(response) => taken.answered(response, self.clock.monotonic_ms()),
            Err(Refusal::NotSent) => taken.not_sent(),
            Err(_) => drop(taken),
        }
        sent
    }
}

fn replayed(response: ApiResponse) -> ApiResponse {
    response.with("idempotent-replayed", &b"true"[..])
}
