//! A request's way: admitted or not, then read or carried out.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use metrics::Counter;
use sha2::{Digest, Sha256};

use realtimekit_moderator::operation::{
    DELETE_MEETING_PARTICIPANT, GET_ACTIVE_SESSION, KICK_PARTICIPANTS, MUTE_PARTICIPANTS,
    Operation, Repeat,
};

use crate::answer::{Answer, Refusal};
use crate::audit::{self, Fate, Phase, Record};
use crate::budget::{Budget, Purpose, Terms};
use crate::bulk;
use crate::counts::Family;
use crate::grant::{Grant, Issuer};
use crate::input::{self, Body};
use crate::keys::{Keys, Refused};
use crate::limits::{Limits, PerMinute};
use crate::once::{Once, Ticket, Turn, is_key};
use crate::platform::{Clock, Journal, KeySource, UpFailure, UpRequest, Upstream};
use crate::reads::{Lifetimes, Place, Reads, count_up};
use crate::route::{Action, Id, Target, path};

/// After an unknown key's ID the published keys are fetched anew, but not again for so long: half
/// a minute, in milliseconds.
const FETCH_AGAIN_MS: u64 = 30_000;

/// A longer answer is not remembered for its key, in bytes: it is in the audit too.
const LONGEST_REMEMBERED: usize = 16 * 1024;

/// What a record takes in the audit beside what was asked for, in bytes, more or less.
const RECORD_BYTES: u32 = 1024;

/// What an operator decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The account whose meetings these are.
    pub account_id: Id,
    /// How long answers are good for.
    pub lifetimes: Lifetimes,
    /// The API's limit and how it is shared.
    pub budget: Terms,
    /// What one moderator may ask.
    pub per_minute: PerMinute,
    /// How many requests one kick or mute may cost.
    pub bulk: u32,
}

/// A request but for its body.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// An ID of our own.
    pub id: &'a str,
    /// The method.
    pub method: &'a str,
    /// The path as it came, not decoded.
    pub path: &'a str,
    /// The query as it came.
    pub query: Option<&'a str>,
    /// The token it bears.
    pub token: Option<&'a str>,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Idempotency-Key`.
    pub key: Option<&'a str>,
    /// Whether a body comes.
    pub body: bool,
}

/// A request that may pass.
#[derive(Clone, Debug)]
pub struct Admitted {
    id: String,
    target: Target,
    grant: Arc<Grant>,
    place: Place,
    /// As it goes up, or why it does not.
    query: Result<String, Refusal>,
    content_type: Option<String>,
    key: Option<String>,
    started: u64,
}

impl Admitted {
    /// Whether it changes something: then it must be carried to its end, whoever waits for it.
    pub fn acts(&self) -> bool {
        self.target.action.acts()
    }

    /// Who asks.
    pub fn moderator(&self) -> &str {
        &self.grant.moderator
    }

    /// What is asked for.
    pub fn operation(&self) -> &'static str {
        self.target.action.name()
    }
}

/// A request that may not pass.
#[derive(Clone, Debug)]
pub struct Denied {
    /// What it is answered.
    pub answer: Answer,
    /// What was asked for; empty if that is nothing there is.
    pub operation: &'static str,
    /// Who asked, if they have a genuine grant.
    pub moderator: Option<String>,
}

/// A fetch of the published keys, and when it began. It is kept here, so that whoever asked for it
/// may go away, and the next one finds it under way or done.
type Fetch = (u64, Shared<BoxFuture<'static, ()>>);

/// The gateway, wherever it runs.
pub struct Gateway<C: Clock + 'static, U, J> {
    settings: Settings,
    clock: Arc<C>,
    keys: Arc<Keys>,
    key_source: Option<Arc<dyn KeySource>>,
    /// When the published keys were last fetched because one was missing.
    fetched: Mutex<Option<Fetch>>,
    limits: Limits<C>,
    budget: Arc<Budget>,
    reads: Reads<C>,
    once: Once<C>,
    upstream: U,
    journal: J,
}

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// A gateway. `recent` are the journal's lines of the last ten minutes that bear a key.
    pub fn new<'a>(
        settings: Settings,
        clock: C,
        keys: Arc<Keys>,
        key_source: Option<Arc<dyn KeySource>>,
        upstream: U,
        journal: J,
        recent: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let clock = Arc::new(clock);
        let budget = Arc::new(Budget::new(settings.budget));
        Self {
            limits: Limits::new(settings.per_minute, &clock),
            reads: Reads::new(&clock, &budget, settings.lifetimes),
            once: Once::new(&clock, recent),
            fetched: Mutex::new(None),
            settings,
            clock,
            keys,
            key_source,
            budget,
            upstream,
            journal,
        }
    }

    /// The journal.
    pub fn journal(&self) -> &J {
        &self.journal
    }

    /// Forgets what is old, and tells how many requests to the API are left.
    pub fn tidy(&self) -> u64 {
        self.limits.tidy();
        self.budget.left(self.clock.monotonic_ms())
    }

    /// Lets a request pass, or says why not. Its body need not have come yet.
    ///
    /// # Errors
    ///
    /// The answer it gets instead.
    pub async fn admit(&self, head: &Head<'_>) -> Result<Admitted, Denied> {
        let started = self.clock.monotonic_ms();
        let nobody = |operation: &'static str| {
            move |refusal: Refusal| Denied {
                answer: count(&refusal).answer(),
                operation,
                moderator: None,
            }
        };
        let target = Target::parse(head.method, head.path);
        let target = target.ok_or_else(|| nobody("")(Refusal::NoRoute))?;
        let operation = target.action.name();
        let grant = self.grant(head.token).await.map_err(nobody(operation))?;
        let moderator = grant.moderator.clone();
        let admitted = self.admit_to(head, target, grant, started).await;
        admitted.map_err(|answer| Denied {
            answer,
            operation,
            moderator: Some(moderator),
        })
    }

    /// Lets somebody's request pass, or says why not.
    async fn admit_to(
        &self,
        head: &Head<'_>,
        target: Target,
        grant: Arc<Grant>,
        started: u64,
    ) -> Result<Admitted, Answer> {
        let refuse = |refusal: Refusal| count(&refusal).answer();
        let account = target.id("account_id");
        let app_id = target.id("app_id").cloned();
        let (Some(account), Some(app_id)) = (account, app_id) else {
            return Err(refuse(Refusal::NoRoute));
        };
        let other_account = *account != self.settings.account_id;
        // Before anything is asked of the API for its sake.
        let query = match target.action {
            Action::Operation(operation) => input::query(operation, head.query),
            Action::Audit => Ok(head.query.unwrap_or_default().to_owned()),
        };
        // A body that is not looked at here might be looked at by a cache in front.
        if head.body && !target.action.acts() {
            let what = "the operation takes no body".to_owned();
            return Err(refuse(Refusal::Invalid(what)));
        }
        let query = match query {
            Err(refusal) if !target.action.acts() => return Err(refuse(refusal)),
            query => query,
        };
        let place = match target.id("meeting_id").cloned() {
            Some(meeting_id) => Ok(Place { app_id, meeting_id }),
            None if other_account => Err(Refusal::OtherAccount),
            None => self.place_of_session(&grant, app_id, &target).await,
        };
        let place = place.map_err(refuse)?;
        let admitted = Admitted {
            id: head.id.to_owned(),
            target,
            grant,
            place,
            query,
            content_type: head.content_type.map(str::to_owned),
            key: head.key.map(str::to_owned),
            started,
        };
        let permission = admitted.target.action.permission();
        let Place { app_id, meeting_id } = &admitted.place;
        let allowed = match other_account {
            true => Err(Refusal::OtherAccount),
            false => admitted.grant.allows(app_id, meeting_id, permission),
        };
        let meeting = allowed.is_ok().then_some(meeting_id);
        let within = match admitted.acts() {
            // What is refused counts too, for it is written down.
            true => self.limits.act(&admitted.grant, meeting),
            false => self.limits.read(&admitted.grant, meeting),
        };
        if let Err(wait) = within {
            return Err(self.too_many(&admitted, wait).await);
        }
        match allowed {
            Ok(()) => Ok(admitted),
            Err(refusal) => Err(self.refused(&admitted, &Body::default(), refusal).await),
        }
    }

    /// Refuses what is over a limit; writes that down now and then.
    async fn too_many(&self, admitted: &Admitted, wait: u64) -> Answer {
        let refusal = Refusal::TooMany(wait);
        match admitted.acts() && self.limits.note(&admitted.grant) {
            true => self.refused(admitted, &Body::default(), refusal).await,
            false => count(&refusal).answer(),
        }
    }

    /// The grant that a token is.
    async fn grant(&self, token: Option<&str>) -> Result<Arc<Grant>, Refusal> {
        let token = token.ok_or(Refusal::GrantMissing)?;
        let now_s = self.clock.unix_ms() / 1000;
        match self.keys.grant(token, now_s) {
            Ok(grant) => return Ok(grant),
            Err(Refused::No(refusal)) => return Err(refusal),
            Err(Refused::UnknownKey) => {}
        }
        if let Some(fetch) = self.fetch_keys() {
            fetch.await;
        }
        match self.keys.grant(token, now_s) {
            Ok(grant) => Ok(grant),
            Err(Refused::No(refusal)) => Err(refusal),
            Err(Refused::UnknownKey) => Err(Refusal::GrantInvalid),
        }
    }

    /// The fetch of the published keys that is under way, or was lately, or begins now: one for all
    /// who need it.
    fn fetch_keys(&self) -> Option<Shared<BoxFuture<'static, ()>>> {
        let source = self.key_source.as_ref()?;
        let now = self.clock.monotonic_ms();
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, fetch)) = &*fetched
            && now.saturating_sub(*at) < FETCH_AGAIN_MS
        {
            return Some(fetch.clone());
        }
        let (jwks, keys) = (source.fetch(), Arc::clone(&self.keys));
        let fetch = async move {
            if let Some(jwks) = jwks.await
                && let Err(what) = keys.publish(&jwks)
            {
                tracing::error!(what, "the published keys cannot be read");
            }
        };
        let fetch = fetch.boxed().shared();
        *fetched = Some((now, fetch.clone()));
        Some(fetch)
    }

    /// The meeting that the session in a path is one of, if the grant is for it.
    async fn place_of_session(
        &self,
        grant: &Grant,
        app_id: Id,
        target: &Target,
    ) -> Result<Place, Refusal> {
        let session_id = target.id("session_id").ok_or(Refusal::NoRoute)?;
        let word = target.action.permission();
        let named = grant.allows_somewhere(&app_id, word)?;
        let known = || {
            let meeting_id = self.reads.meeting_of(&app_id, session_id)?;
            let own = grant.allows(&app_id, &meeting_id, word).is_ok();
            own.then_some(meeting_id)
        };
        let mut found = known();
        if found.is_none() {
            // Who guesses is not let guess for ever.
            self.limits.read(grant, None).map_err(Refusal::TooMany)?;
            // Whose it is the API tells when it is asked for the meetings' live sessions. Also
            // where it is known to be elsewhere: that it exists is nobody's business, and whatever
            // hinders the asking would tell.
            for meeting_id in named {
                let place = Place {
                    app_id: app_id.clone(),
                    meeting_id: meeting_id.clone(),
                };
                let Some(request) = self.request(&GET_ACTIVE_SESSION, &place, None) else {
                    continue;
                };
                let new = || self.limits.new_read(grant);
                self.reads.get(&place, request, &self.upstream, new).await?;
                found = known();
                if found.is_some() {
                    break;
                }
            }
        }
        let meeting_id = found.ok_or(Refusal::OtherSession)?;
        Ok(Place { app_id, meeting_id })
    }

    /// A request for a meeting as it goes up.
    fn request(
        &self,
        operation: &'static Operation,
        place: &Place,
        body: Option<Bytes>,
    ) -> Option<UpRequest> {
        let path = path(operation, |name| match name {
            "account_id" => Some(self.settings.account_id.as_str()),
            "app_id" => Some(place.app_id.as_str()),
            "meeting_id" => Some(place.meeting_id.as_str()),
            _ => None,
        })?;
        Some(UpRequest {
            operation: operation.name,
            method: operation.method,
            path,
            body,
        })
    }

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

    /// Carries out a mutation, or refuses it; `body` is what came, or why it did not. To be driven
    /// to its end, whoever waits for it.
    pub async fn act(&self, admitted: &Admitted, body: Result<Bytes, Refusal>) -> Answer {
        let Action::Operation(operation) = admitted.target.action else {
            return count(&Refusal::NoRoute).answer();
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
            Turn::First(ticket) => ticket,
            Turn::Done(answer) => return replayed(answer),
            Turn::Wait(first) => {
                return match first.await {
                    Ok(answer) => replayed(answer),
                    Err(_) => {
                        let again = operation.repeat != Repeat::Once;
                        count(&Refusal::Lost { again }).answer()
                    }
                };
            }
            Turn::Unknown => {
                return self.refused(admitted, &body, Refusal::FateUnknown).await;
            }
            Turn::Reused => return self.refused(admitted, &body, Refusal::KeyReused).await,
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
        ticket: Ticket,
    ) -> Answer {
        if let Err(wait) = self.free() {
            let answer = self.refused(admitted, body, Refusal::NoBudget(wait)).await;
            ticket.finish(&answer, false);
            return answer;
        }
        if let Err(failure) = self.journal.append(record.line()).await {
            let answer = count(&no_audit(&failure.0)).answer();
            ticket.finish(&answer, false);
            return answer;
        }
        self.reads.touch(&admitted.place);
        let done = self.carry_out(operation, admitted, body).await;
        self.reads.touch(&admitted.place);

        let once = operation.repeat == Repeat::Once;
        let remember = done.remember(once);
        record.phase = Phase::Outcome;
        record.time = audit::time(self.clock.unix_ms());
        record.outcome = Some(done.fate);
        record.status = Some(done.answer.status);
        record.ray = done.answer.header("cf-ray").map(str::to_owned);
        record.duration_ms = Some(self.clock.monotonic_ms() - admitted.started);
        record.failed = done.failed;
        record.reason = done.reason;
        record.answer = (record.key.is_some() && remember).then(|| (&done.answer).into());
        if let Err(failure) = self.journal.append(record.line()).await {
            // It has been done, and its intent is written: to hide the answer would help nobody.
            no_audit(&failure.0);
        }
        match done.fate {
            // Too long to be remembered, and nobody knows what came of it.
            Fate::Unknown if once && !remember => drop(ticket),
            _ => ticket.finish(&done.answer, remember),
        }
        done.answer
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
    ) -> Done {
        let once = operation.repeat == Repeat::Once;
        let grant = &admitted.grant;
        let Some(path) = admitted.target.path_up(operation) else {
            return Done::refused(&Refusal::NoRoute);
        };
        let request = |body: &Body| UpRequest {
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
                Ok(answer) => Done::of(answer, once),
                Err(refusal) => Done::refused(&refusal),
            };
        }
        // Apart, for every mutation would take the room that this one takes.
        let acting = self.act_on_many(admitted, people, once, request).boxed();
        match acting.await {
            Ok(outcome) => Done {
                fate: match (outcome.some, outcome.unsure) {
                    (true, _) => Fate::Done,
                    (false, true) => Fate::Unknown,
                    (false, false) => Fate::Refused,
                },
                failed: if outcome.some {
                    outcome.failed
                } else {
                    Vec::new()
                },
                answer: outcome.answer,
                reason: None,
            },
            Err(refusal) => Done::refused(&refusal),
        }
    }

    /// Acts on those of a list whom the API knows.
    async fn act_on_many(
        &self,
        admitted: &Admitted,
        people: Vec<input::Person>,
        once: bool,
        request: impl Fn(&Body) -> UpRequest + Send,
    ) -> Result<bulk::Outcome, Refusal> {
        let grant = &admitted.grant;
        let send = |list: Vec<input::Person>| {
            self.send(grant, request(&Body::of_people(list.iter())), once)
        };
        let nobody = || async {
            let Some(request) = self.request(&GET_ACTIVE_SESSION, &admitted.place, None) else {
                return false;
            };
            matches!(self.send(grant, request, false).await, Ok(answer) if answer.status == 404)
        };
        bulk::act(people, self.settings.bulk, send, nobody).await
    }

    /// Sends a mutation's request, once.
    async fn send(&self, grant: &Grant, request: UpRequest, once: bool) -> Result<Answer, Refusal> {
        self.limits.request(grant).map_err(Refusal::TooMany)?;
        let now = self.clock.monotonic_ms();
        let taken = self.budget.take(Purpose::Mutation, now);
        let taken = taken.map_err(Refusal::NoBudget)?;
        let operation = request.operation;
        let sent = self.upstream.send(request).await;
        let sent = sent.map_err(|failure| match failure {
            UpFailure::NotSent => Refusal::NotSent,
            UpFailure::Lost => Refusal::Lost { again: !once },
            UpFailure::TimedOut => Refusal::TimedOut { again: !once },
        });
        count_up(operation, &sent);
        match &sent {
            Ok(answer) => taken.answered(answer, self.clock.monotonic_ms()),
            Err(Refusal::NotSent) => taken.not_sent(),
            Err(_) => drop(taken),
        }
        sent
    }

    /// Refuses a request of somebody's whom we know; a mutation is written down.
    async fn refused(&self, admitted: &Admitted, body: &Body, refusal: Refusal) -> Answer {
        let answer = count(&refusal).answer();
        if admitted.acts() {
            let record = Record {
                phase: Phase::Outcome,
                outcome: Some(match refusal {
                    Refusal::FateUnknown => Fate::Unknown,
                    _ => Fate::Refused,
                }),
                status: Some(answer.status),
                duration_ms: Some(self.clock.monotonic_ms() - admitted.started),
                reason: Some(refusal.message()),
                ..self.record(admitted, body)
            };
            if let Err(failure) = self.journal.append(record.line()).await {
                no_audit(&failure.0);
            }
        }
        answer
    }

    /// What is written of a mutation before it is sent.
    fn record(&self, admitted: &Admitted, body: &Body) -> Record {
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
            answer: None,
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
fn digest(admitted: &Admitted, body: &Body) -> String {
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

fn replayed(answer: Answer) -> Answer {
    answer.with("idempotent-replayed", &b"true"[..])
}

static READS: Family<&str, Counter> =
    Family::new(|source| metrics::counter!("rtk_gateway_reads_total", "source" => *source));

fn count(refusal: &Refusal) -> &Refusal {
    metrics::counter!("rtk_gateway_refusals_total", "reason" => refusal.word()).increment(1);
    refusal
}

fn no_audit(what: &str) -> Refusal {
    tracing::error!(what, "the audit cannot be written");
    metrics::counter!("rtk_gateway_audit_failures_total").increment(1);
    Refusal::NoAudit
}

/// What came of a mutation that was sent, or could not be.
struct Done {
    answer: Answer,
    fate: Fate,
    failed: Vec<String>,
    reason: Option<String>,
}

impl Done {
    fn of(mut answer: Answer, once: bool) -> Self {
        let fate = match (answer.is_good(), answer.leaves_open()) {
            (true, _) => Fate::Done,
            (false, true) => Fate::Unknown,
            (false, false) => Fate::Refused,
        };
        // Whatever the API advises: to try again might make a second poll.
        if once && fate == Fate::Unknown {
            answer.headers.retain(|(name, _)| *name != "x-should-retry");
            answer = answer.with("x-should-retry", &b"false"[..]);
        }
        Self {
            answer,
            fate,
            failed: Vec::new(),
            reason: None,
        }
    }

    fn refused(refusal: &Refusal) -> Self {
        let sent = matches!(refusal, Refusal::Lost { .. } | Refusal::TimedOut { .. });
        Self {
            answer: count(refusal).answer(),
            fate: if sent { Fate::Unknown } else { Fate::Refused },
            failed: Vec::new(),
            reason: Some(refusal.message()),
        }
    }

    /// Whether who asks again with the same key gets this answer. Where it surely was not done, or
    /// where to do it again does no harm, they may try again.
    fn remember(&self, once: bool) -> bool {
        let short = self.answer.body.len() <= LONGEST_REMEMBERED;
        short && (self.fate == Fate::Done || (once && self.fate == Fate::Unknown))
    }
}

#[cfg(test)]
mod tests;
