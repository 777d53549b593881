//! A gateway over a clock that is set, an API from a script and a journal in memory, and how it is
//! asked.

mod admission;
mod live;
mod mutation;
mod never_twice;

use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;
use crate::api_budget::{LocalBudget, Terms};
use crate::platform::UpstreamError;
use crate::testing::{FakeClock, FakeJournal, FakeUpstream, good, now};
use crate::token_verifier::Secrets;

const SECRET: &[u8] = b"a secret of more than thirty-two bytes";

/// All that a grant may hold.
const ALL: &[&str] = &[
    "read", "kick", "kick_all", "mute", "mute_all", "poll", "ban", "lock", "audit",
];

/// Who asks, and what their grant is for.
#[derive(Clone, Copy)]
struct Who {
    name: &'static str,
    meeting: &'static str,
    can: &'static [&'static str],
}

const ANN: Who = Who {
    name: "ann",
    meeting: "m",
    can: ALL,
};

impl Who {
    fn token(self) -> String {
        let claims = json!({
            "sub": self.name, "name": "Her Name", "exp": 1_800_003_600_u64, "app_id": "app",
            "meeting_id": self.meeting, "can": self.can,
        });
        let key = EncodingKey::from_secret(SECRET);
        encode(&Header::default(), &claims, &key).unwrap()
    }
}

/// A request.
#[derive(Clone, Copy)]
struct Ask {
    who: Who,
    method: &'static str,
    account: &'static str,
    app: &'static str,
    /// Below the app.
    path: &'static str,
    query: Option<&'static str>,
    key: Option<&'static str>,
    body: &'static str,
}

const MEETING: Ask = Ask {
    who: ANN,
    method: "GET",
    account: "acc",
    app: "app",
    path: "/meetings/m",
    query: None,
    key: None,
    body: "",
};

const AUDIT: Ask = Ask {
    path: "/meetings/m/audit",
    ..MEETING
};

const POLL: Ask = Ask {
    method: "POST",
    path: "/meetings/m/active-session/poll",
    body: r#"{"question":"tea?","options":["yes","no"]}"#,
    ..MEETING
};

/// One with a key.
const KEYED: Ask = Ask {
    key: Some("k"),
    ..POLL
};

const KICK: Ask = Ask {
    method: "POST",
    path: "/meetings/m/active-session/kick",
    body: r#"{"participant_ids":["p"]}"#,
    ..MEETING
};

const KICK_ALL: Ask = Ask {
    method: "POST",
    path: "/meetings/m/active-session/kick-all",
    ..MEETING
};

const LOCK: Ask = Ask {
    method: "PATCH",
    body: r#"{"status":"INACTIVE"}"#,
    ..MEETING
};

const BAN: Ask = Ask {
    method: "DELETE",
    path: "/meetings/m/participants/p",
    ..MEETING
};

type Tested = Gateway<FakeClock, FakeUpstream, FakeJournal>;
type Asking = Pin<Box<dyn Future<Output = ApiResponse>>>;

struct Setting {
    settings: Settings,
    terms: Terms,
    budget: LocalBudget<FakeClock>,
    keys: Arc<TokenVerifier>,
    clock: FakeClock,
    api: FakeUpstream,
    journal: FakeJournal,
    gateway: Arc<Tested>,
    asked: AtomicU64,
}

impl Setting {
    fn new() -> Self {
        Self::with(|_, _| {})
    }

    /// With settings of its own.
    fn with(change: impl FnOnce(&mut Settings, &mut Terms)) -> Self {
        let many = NonZeroU32::new(1000).unwrap();
        let mut settings = Settings {
            account_id: Id::new("acc").unwrap(),
            lifetimes: Lifetimes {
                fresh_ms: 1000,
                stale_ms: 60_000,
            },
            per_minute: PerMinute {
                reads: many,
                all_reads: many,
                new_reads: many,
                mutations: many,
                all_mutations: many,
                requests: many,
            },
            bulk: 50,
            bulk_ms: 10_000,
        };
        let mut terms = Terms {
            requests: 1200,
            window_ms: 300_000,
            reserve: 0.1,
        };
        change(&mut settings, &mut terms);
        let keys = Arc::new(TokenVerifier::new(Secrets::new([SECRET], None, None), None));
        let (clock, api) = (FakeClock::default(), FakeUpstream::default());
        let mut journal = FakeJournal::default();
        journal.events = Arc::clone(&api.events);
        let budget = LocalBudget::new(terms, &Arc::new(clock.clone()));
        let gateway = started(&settings, &budget, &clock, &keys, &api, &journal);
        Self {
            settings,
            terms,
            budget,
            keys,
            clock,
            api,
            journal,
            gateway,
            asked: AtomicU64::new(0),
        }
    }

    /// Stops the gateway, and starts one that knows what the journal says. Who still asks the one
    /// before is to be dropped by the test.
    fn restart(&mut self) {
        let Self {
            settings,
            terms,
            clock,
            keys,
            api,
            journal,
            ..
        } = &*self;
        let budget = LocalBudget::new(*terms, &Arc::new(clock.clone()));
        self.gateway = started(settings, &budget, clock, keys, api, journal);
        self.budget = budget;
    }

    /// Asks, and nothing has been done yet.
    fn asking(&self, ask: Ask) -> Asking {
        let id = self.asked.fetch_add(1, Ordering::Relaxed).to_string();
        let gateway = Arc::clone(&self.gateway);
        Box::pin(async move { went(&gateway, ask, &id).await })
    }

    /// Asks, and goes as far as it gets.
    fn ask(&self, ask: Ask) -> Asking {
        let mut asking = self.asking(ask);
        match (&mut asking).now_or_never() {
            Some(response) => Box::pin(std::future::ready(response)),
            None => asking,
        }
    }

    /// Asks, where the response is there at once.
    fn get(&self, ask: Ask) -> ApiResponse {
        now(self.ask(ask))
    }

    /// Asks, and the API responds so, if it is asked.
    fn answered(&self, ask: Ask, response: Result<ApiResponse, UpstreamError>) -> ApiResponse {
        let asking = self.ask(ask);
        if self.api.waits() {
            assert!(self.api.response(response));
        }
        now(asking)
    }

    /// What happened since this was last asked.
    fn events(&self) -> Vec<String> {
        std::mem::take(&mut *self.api.events.lock().unwrap())
    }

    /// The journal's last line.
    fn last(&self) -> Value {
        self.journal.lines().pop().unwrap()
    }
}

fn started(
    settings: &Settings,
    budget: &LocalBudget<FakeClock>,
    clock: &FakeClock,
    keys: &Arc<TokenVerifier>,
    api: &FakeUpstream,
    journal: &FakeJournal,
) -> Arc<Tested> {
    let texts = journal.texts();
    Arc::new(Gateway::new(
        Parts {
            settings: settings.clone(),
            verifier: Arc::clone(keys),
            key_source: None,
            upstream: api.clone(),
        },
        &Arc::new(clock.clone()),
        Arc::new(budget.clone()),
        journal.clone(),
        texts.iter().map(String::as_str),
    ))
}

async fn admitted(gateway: &Tested, ask: Ask, id: &str) -> Result<Admitted, ApiResponse> {
    let token = ask.who.token();
    let path = format!(
        "/client/v4/accounts/{}/realtime/kit/{}{}",
        ask.account, ask.app, ask.path
    );
    let head = Head {
        id,
        query: ask.query,
        content_type: Some("application/json"),
        key: ask.key,
        body: !ask.body.is_empty(),
        client: Some("192.0.2.7"),
        reason: None,
        over: None,
    };
    let target = Target::parse(ask.method, &path);
    let target = target.ok_or_else(|| Refusal::NoRoute.response())?;
    let grant = gateway.authenticate(Some(&token)).await;
    let grant = grant.map_err(|refusal| refusal.response())?;
    gateway.admit(&head, target, grant).await
}

/// A request's whole way, as the platform leads it.
async fn went(gateway: &Tested, ask: Ask, id: &str) -> ApiResponse {
    match admitted(gateway, ask, id).await {
        Err(response) => response,
        Ok(admitted) if admitted.acts() => {
            let body = Bytes::from_static(ask.body.as_bytes());
            gateway.act(&admitted, Ok(body)).await
        }
        Ok(admitted) => gateway.read(&admitted).await,
    }
}

fn body(response: &ApiResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

/// A response but for its mark that it is another's.
fn unmarked(response: &ApiResponse) -> (ApiResponse, bool) {
    let mut response = response.clone();
    let before = response.headers.len();
    response
        .headers
        .retain(|(name, _)| *name != "idempotent-replayed");
    let marked = response.headers.len() < before;
    (response, marked)
}
