//! The account's Durable Object: the budget, the silence after a 429, the meeting of each session, the
//! watched meetings, and the counters.

#![allow(missing_docs, reason = "the macro of worker makes public methods")]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use worker::{
    Delay, DurableObject, Env, Request, Response, Result, SqlStorage, State, durable_object,
};

use realtimekit_gateway::api_budget::{ApiBudget, Now, Taken as TakenRequest, Turns};
use realtimekit_gateway::grant::Moderator;
use realtimekit_gateway::platform::{Claim, Clock, MeetingKey};
use realtimekit_gateway::rate_limits::RateLimits;

use super::protocol::{End, PurposeWord, Taken, ToAccount, send};
use super::store::Store;
use crate::clock::WorkerClock;
use crate::config::Config;
use crate::counters::Delta;
use crate::meeting::protocol::{ToMeeting, meeting};

/// How often, and after how long each time, a mutation looks for what requests in flight leave: within the
/// patience of its meeting's object.
const LOOKS: usize = 4;
const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// How long a meeting whose name is none should wait, in milliseconds.
const NO_NAME_MS: u64 = 30_000;

/// After how long without its end a request counts as sent, in milliseconds.
const LOST_MS: u64 = 120_000;

/// How often moderators that have sent nothing for long are forgotten, in milliseconds.
const TIDY_MS: u64 = 60_000;

/// The account.
#[durable_object(fetch)]
pub struct AccountObject {
    env: Env,
    clock: WorkerClock,
    budget: Arc<ApiBudget>,
    /// The limits of each moderator; none if the configuration cannot be used.
    limits: Option<RateLimits<WorkerClock>>,
    tidied_at: Cell<u64>,
    sql: SqlStorage,
    /// `None` until its database can be used.
    store: RefCell<Option<Rc<Store>>>,
    /// The requests in flight, and when they began.
    tickets: RefCell<HashMap<u64, (TakenRequest, u64)>>,
    next_ticket: Cell<u64>,
    turns: RefCell<Turns>,
    /// How long responses stay fresh with enough budget, in milliseconds.
    fresh_ms: u64,
}

/// A request that a meeting wants to send.
struct Wanted {
    purpose: PurposeWord,
    meeting: String,
    object: String,
    round: u64,
    moderator: Option<Moderator>,
}

impl DurableObject for AccountObject {
    fn new(state: State, env: Env) -> Self {
        crate::start(&env);
        tracing::info!(object = "account", "an object starts");
        let clock = WorkerClock;
        let config = Config::of(&env).ok();
        let terms = config.as_ref().map(|config| config.policy.terms());
        let budget = Arc::new(ApiBudget::new(terms.unwrap_or_default()));
        let settings = config.as_ref().map(|config| &config.settings);
        let fresh_ms = settings.map_or(0, |settings| settings.lifetimes.fresh_ms);
        let limits =
            settings.map(|settings| RateLimits::new(settings.per_minute, &Arc::new(WorkerClock)));
        let object = Self {
            env,
            clock,
            budget,
            limits,
            tidied_at: Cell::new(WorkerClock.monotonic_ms()),
            sql: state.storage().sql(),
            store: RefCell::default(),
            tickets: RefCell::default(),
            // Of an earlier object's tickets none is known here.
            next_ticket: Cell::new(WorkerClock.unix_ms().saturating_mul(1000)),
            turns: RefCell::default(),
            fresh_ms,
        };
        // For the silence, which the first request must respect.
        let _ = object.store();
        object
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let message: ToAccount = request.json().await?;
        match message {
            ToAccount::Take {
                purpose,
                meeting,
                object,
                round,
                moderator,
            } => {
                let claim = Wanted {
                    purpose,
                    meeting,
                    object,
                    round,
                    moderator,
                };
                Response::from_json(&self.take_soon(&claim).await)
            }
            ToAccount::Over { ticket, end } => {
                self.over(ticket, end)?;
                Response::ok("")
            }
            ToAccount::Sessions(sessions) => {
                let now = self.clock.unix_ms();
                self.store()?.note_sessions(&sessions, now)?;
                Response::ok("")
            }
            ToAccount::MeetingOf { app_id, session_id } => {
                Response::from_json(&self.store()?.meeting_of(&app_id, &session_id)?)
            }
            ToAccount::Watched { meeting, sockets } => {
                let now = self.clock.unix_ms();
                self.store()?.watch(&meeting, sockets, now)?;
                Response::ok("")
            }
            ToAccount::Webhook { meeting_id } => {
                self.webhook(&meeting_id).await?;
                Response::ok("")
            }
            ToAccount::Counted(deltas) => {
                self.store()?.count(&deltas)?;
                Response::ok("")
            }
            ToAccount::Metrics => Response::from_json(&self.metrics()?),
        }
    }
}

impl AccountObject {
    /// The database. One that cannot be opened is tried again for the next message.
    fn store(&self) -> Result<Rc<Store>> {
        let mut known = self.store.borrow_mut();
        if let Some(store) = &*known {
            return Ok(Rc::clone(store));
        }
        let opened = Store::open(self.sql.clone()).and_then(|store| {
            let until = store.silent_until()?;
            Ok((Rc::new(store), until))
        });
        let (store, until) = opened.inspect_err(
            |error| tracing::error!(%error, "the account's database cannot be opened"),
        )?;
        let ms = until.saturating_sub(self.clock.unix_ms());
        self.budget.silence(ms, self.clock.monotonic_ms());
        *known = Some(Rc::clone(&store));
        Ok(store)
    }

    /// Takes a request of the budget. What requests in flight will leave is not known yet, so a
    /// mutation waits for them a little, before it is refused.
    async fn take_soon(&self, wanted: &Wanted) -> Taken {
        let mut taken = self.take(wanted);
        if matches!(wanted.purpose, PurposeWord::Read) {
            return taken;
        }
        for _ in 0..LOOKS {
            if taken.ticket.is_ok() || self.tickets.borrow().is_empty() {
                break;
            }
            Delay::from(LOOK_AGAIN).await;
            taken = self.take(wanted);
        }
        taken
    }

    fn take(&self, wanted: &Wanted) -> Taken {
        let Wanted {
            purpose,
            meeting,
            object,
            round,
            moderator,
        } = wanted;
        let purpose = *purpose;
        let now = self.clock.monotonic_ms();
        let mut tickets = self.tickets.borrow_mut();
        tickets.retain(|_, (_, began)| now.saturating_sub(*began) < LOST_MS);
        // Only what an object reads of its own meeting is repeated. It may also seek a session in others.
        let has_turns = matches!(purpose, PurposeWord::Read) && meeting == object;
        let turn = has_turns.then(|| {
            let mut turns = self.turns.borrow_mut();
            turns.check(&self.budget, meeting, *round, self.fresh_ms, now)
        });
        let turn = turn.transpose();
        let ticket = match (MeetingKey::parse(meeting), turn) {
            (Some(key), Ok(may_read)) => {
                let claim = Claim {
                    purpose: purpose.into(),
                    meeting: key,
                    moderator: moderator.clone(),
                };
                let taken = self.budget.take(&claim, now).and_then(|taken| {
                    match self.within_limit(&claim, now) {
                        Ok(()) => Ok(taken),
                        Err(wait) => {
                            taken.not_sent();
                            Err(wait)
                        }
                    }
                });
                taken.map(|taken| {
                    if let Some(may_read) = may_read {
                        self.turns.borrow_mut().note(meeting, may_read);
                    }
                    let ticket = self.next_ticket.get();
                    self.next_ticket.set(ticket.saturating_add(1));
                    tickets.insert(ticket, (taken, now));
                    ticket
                })
            }
            (None, _) => Err(NO_NAME_MS),
            (_, Err(wait)) => Err(wait),
        };
        Taken { ticket }
    }

    /// Whether the moderator may cause a request: a meeting's object knows only its own.
    fn within_limit(&self, claim: &Claim, now: u64) -> std::result::Result<(), u64> {
        let (Some(moderator), Some(limits)) = (&claim.moderator, &self.limits) else {
            return Ok(());
        };
        if now.saturating_sub(self.tidied_at.get()) >= TIDY_MS {
            self.tidied_at.set(now);
            limits.tidy();
        }
        limits.request_of(moderator.clone())
    }

    fn over(&self, ticket: u64, end: End) -> Result<()> {
        let Some((taken, _)) = self.tickets.borrow_mut().remove(&ticket) else {
            return Ok(());
        };
        match end {
            End::Answered(head) => {
                let (unix_ms, now) = (self.clock.unix_ms(), self.clock.monotonic_ms());
                let response = head.into();
                taken.answered(&response, Now { unix_ms, now });
                if response.status == 429 {
                    let silence = self.budget.silence_ms(now);
                    self.store()?
                        .silence_until(unix_ms.saturating_add(silence))?;
                }
            }
            End::NotSent => taken.not_sent(),
            End::Lost => drop(taken),
        }
        Ok(())
    }

    /// Wakes the watched meetings with this ID.
    async fn webhook(&self, meeting_id: &str) -> Result<()> {
        for name in self.store()?.watched(meeting_id)? {
            let stub = meeting(&self.env, &name)?;
            send(&stub, &ToMeeting::Webhook { meeting: name }).await?;
        }
        Ok(())
    }

    fn metrics(&self) -> Result<String> {
        let store = self.store()?;
        store.count(&crate::counters::take())?;
        let mut text = String::new();
        let mut last = String::new();
        let mut line = |delta: &Delta, kind: &str| {
            let family = delta.name.split('{').next().unwrap_or_default();
            if family != last {
                text.push_str(&format!("# TYPE {family} {kind}\n"));
                family.clone_into(&mut last);
            }
            text.push_str(&format!("{} {}\n", delta.name, delta.value));
        };
        for (name, value) in store.counters()? {
            line(&Delta { name, value }, "counter");
        }
        let left = self.budget.left(self.clock.monotonic_ms());
        let (meetings, sockets) = store.count_watched(self.clock.unix_ms())?;
        let gauges = [
            ("rtk_gateway_budget_remaining", left as f64),
            ("rtk_gateway_live_sockets", sockets),
            ("rtk_gateway_watched_meetings", meetings),
        ];
        for (name, value) in gauges {
            let name = name.to_owned();
            line(&Delta { name, value }, "gauge");
        }
        Ok(text)
    }
}
