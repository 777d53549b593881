//! HTTP in front of the core: origins, limits on what comes, and the headers that every answer has.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use metrics::{Counter, Histogram};
use tokio_util::task::TaskTracker;
use tracing::Level;
use uuid::Uuid;

use crate::answer::{Answer, Refusal};
use crate::counts::{Family, Status};
use crate::gateway::{Gateway, Head};
use crate::native::carried::carried;
use crate::native::clock::SystemClock;
use crate::native::journal::FileJournal;
use crate::native::upstream::Api;

/// What a page may read of an answer.
const EXPOSED: &str = "age, cf-ray, idempotent-replayed, ratelimit, ratelimit-policy, retry-after, \
                       retry-after-ms, x-request-id, x-should-retry";

/// What a page may send: our client's headers, and those the official SDK adds.
const ALLOWED: &str = "authorization, content-type, idempotency-key, x-stainless-arch, \
                       x-stainless-lang, x-stainless-os, x-stainless-package-version, \
                       x-stainless-retry-count, x-stainless-runtime, \
                       x-stainless-runtime-version, x-stainless-timeout";

/// What the HTTP side needs to know.
pub struct Front {
    /// The core.
    pub gateway: Gateway<SystemClock, Api, FileJournal>,
    /// The origins whose pages may ask.
    pub origins: Vec<String>,
    /// Whether a page is served here, which may ask too.
    pub has_page: bool,
    /// A header that bears a token, besides `Authorization`.
    pub token_header: Option<HeaderName>,
    /// How long a body may be.
    pub body_bytes: usize,
    /// How long a body may take to come.
    pub body_timeout: Duration,
    /// Mutations under way, which are finished also when whoever asked has gone; and lines that are
    /// still to be logged.
    pub tasks: TaskTracker,
}

/// A request as it came.
pub type Request = http::Request<Incoming>;

/// An answer as it goes.
pub type Response = http::Response<Full<Bytes>>;

/// Answers whatever is asked below the API's base, and whatever has no route.
pub async fn api(front: &Arc<Front>, request: Request) -> Response {
    let started = Instant::now();
    let id = Uuid::now_v7().to_string();
    let origin = request.headers().get(ORIGIN).cloned();
    let mut told = Told::default();
    let (answer, allowed) = match front.origin(&request, origin.as_ref()) {
        Err(refusal) => (refuse(&refusal), false),
        Ok(()) if !is_for_one_host(&request) => {
            let refusal = Refusal::Invalid("there must be one Host".to_owned());
            (refuse(&refusal), false)
        }
        Ok(()) if is_preflight(&request) => return preflight(origin, &id),
        Ok(()) => (front.answer(request, &id, &mut told).await, true),
    };
    let elapsed = started.elapsed();
    let status = answer.status;
    told.count(status, elapsed);
    let mut response = dressed(answer, &id);
    if allowed {
        allow(response.headers_mut(), origin);
    }
    if told.is_news(status) || tracing::enabled!(Level::DEBUG) {
        // The line is written when the answer has gone: nobody need wait for it.
        front.tasks.spawn(async move {
            told.log(&id, status, elapsed);
        });
    }
    response
}

static ANSWERED: Family<(&str, Status), Counter> = Family::new(|(operation, status)| {
    let labels = [
        ("operation", (*operation).to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("rtk_gateway_requests_total", &labels)
});

static TIMES: Family<&str, Histogram> = Family::new(
    |operation| metrics::histogram!("rtk_gateway_request_seconds", "operation" => *operation),
);

/// What is known of a request when it has been answered.
#[derive(Default)]
struct Told {
    operation: &'static str,
    moderator: Option<String>,
    acts: bool,
}

impl Told {
    fn count(&self, status: u16, elapsed: Duration) {
        let operation = self.operation;
        ANSWERED.with((operation, Status::Code(status)), |counter| {
            counter.increment(1);
        });
        TIMES.with(operation, |histogram| {
            histogram.record(elapsed.as_secs_f64())
        });
    }

    /// Watchers read many times a second: that is for whoever looks for something. So is what comes
    /// without a grant, or anybody could fill the disk with it.
    fn is_news(&self, status: u16) -> bool {
        self.acts || (status >= 400 && self.moderator.is_some())
    }

    fn log(&self, request_id: &str, status: u16, elapsed: Duration) {
        let operation = self.operation;
        let moderator = self.moderator.as_deref();
        let ms = elapsed.as_secs_f64() * 1000.0;
        if self.is_news(status) {
            tracing::info!(request_id, operation, moderator, status, ms, "answered");
        } else {
            tracing::debug!(request_id, operation, moderator, status, ms, "answered");
        }
    }
}

impl Front {
    /// Whether a page of this origin may ask. Whoever names none is no page.
    fn origin(&self, request: &Request, origin: Option<&HeaderValue>) -> Result<(), Refusal> {
        let Some(origin) = origin else {
            return Ok(());
        };
        if request.headers().get_all(ORIGIN).iter().count() > 1 {
            return Err(Refusal::OtherOrigin);
        }
        let origin = origin.to_str().unwrap_or_default();
        let host = request
            .headers()
            .get(HOST)
            .and_then(|host| host.to_str().ok());
        let own = self.has_page && host.is_some_and(|host| is_own(origin, host));
        match own || self.origins.iter().any(|known| known == origin) {
            true => Ok(()),
            false => Err(Refusal::OtherOrigin),
        }
    }

    async fn answer(self: &Arc<Self>, request: Request, id: &str, told: &mut Told) -> Answer {
        let (head, body) = request.into_parts();
        // An absolute target is for a proxy, which this is not.
        if head.uri.scheme().is_some() || head.uri.authority().is_some() {
            return refuse(&Refusal::NoRoute);
        }
        let token = self.token(&head.headers);
        let token = match &token {
            Ok(token) => token.as_deref(),
            Err(refusal) => return refuse(refusal),
        };
        let text = |name| head.headers.get(name).map(HeaderValue::to_str);
        let mut keys = head.headers.get_all("idempotency-key").iter();
        // What is no text, or is said twice, is no key; the core says so.
        let key = keys.next().map(|key| match keys.next() {
            None => key.to_str().unwrap_or_default(),
            Some(_) => "",
        });
        let asked = Head {
            id,
            method: head.method.as_str(),
            path: head.uri.path(),
            query: head.uri.query(),
            token,
            content_type: text(CONTENT_TYPE).and_then(Result::ok),
            key,
            body: !body.is_end_stream(),
        };
        let admitted = match self.gateway.admit(&asked).await {
            Ok(admitted) => admitted,
            Err(denied) => {
                told.operation = denied.operation;
                told.moderator = denied.moderator;
                return denied.answer;
            }
        };
        told.operation = admitted.operation();
        told.moderator = Some(admitted.moderator().to_owned());
        told.acts = admitted.acts();
        if !admitted.acts() {
            return self.gateway.read(&admitted).await;
        }
        let body = self.body(body).await;
        let front = Arc::clone(self);
        let acting = async move { front.gateway.act(&admitted, body).await };
        match carried(&self.tasks, Box::pin(acting)).await {
            Some(answer) => answer,
            None => {
                tracing::error!("a mutation broke off");
                refuse(&Refusal::Lost { again: false })
            }
        }
    }

    /// The token a request bears.
    fn token(&self, headers: &HeaderMap) -> Result<Option<String>, Refusal> {
        let bearers: Vec<_> = headers.get_all(AUTHORIZATION).iter().collect();
        let other = self.token_header.as_ref().map(|name| headers.get_all(name));
        let others: Vec<_> = other.into_iter().flatten().collect();
        let text = |value: &HeaderValue| value.to_str().map(str::to_owned).ok();
        let token = match (bearers.as_slice(), others.as_slice()) {
            ([], []) => return Ok(None),
            ([one], _) => text(one).and_then(|text| {
                let (scheme, token) = text.split_once(' ')?;
                scheme
                    .eq_ignore_ascii_case("bearer")
                    .then(|| token.trim().to_owned())
            }),
            ([], [one]) => text(one),
            // Of two, who knows which another reader would have taken.
            _ => None,
        };
        token.map(Some).ok_or(Refusal::GrantInvalid)
    }

    async fn body(&self, body: Incoming) -> Result<Bytes, Refusal> {
        if body.size_hint().lower() > self.body_bytes as u64 {
            return Err(Refusal::TooLarge);
        }
        let collect = Limited::new(body, self.body_bytes).collect();
        match tokio::time::timeout(self.body_timeout, collect).await {
            Err(_) => Err(Refusal::TooSlow),
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
            Ok(Err(_)) => Err(Refusal::Invalid("the body did not come whole".to_owned())),
        }
    }
}

fn refuse(refusal: &Refusal) -> Answer {
    metrics::counter!("rtk_gateway_refusals_total", "reason" => refusal.word()).increment(1);
    refusal.answer()
}

/// Whether an origin is that of the page that is served here. One that came without TLS is not,
/// but from this machine: whoever is on the way can make a page of it.
fn is_own(origin: &str, host: &str) -> bool {
    match origin.split_once("://") {
        Some(("https", own)) => own == host,
        Some(("http", own)) => own == host && is_this_machine(own),
        _ => false,
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Whether a request says once whom it is for. Who still speaks HTTP/1.0 need not.
fn is_for_one_host(request: &Request) -> bool {
    let hosts = request.headers().get_all(HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version() == Version::HTTP_10)
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(ORIGIN)
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight(origin: Option<HeaderValue>, id: &str) -> Response {
    let answer = Answer {
        status: StatusCode::NO_CONTENT.as_u16(),
        headers: Vec::new(),
        body: Bytes::new(),
    };
    let mut response = dressed(answer, id);
    let headers = response.headers_mut();
    allow(headers, origin);
    headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
    let methods = HeaderValue::from_static("GET, POST, PATCH, DELETE");
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(
        ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(ALLOWED),
    );
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

/// Lets the page that asked read the answer.
fn allow(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(EXPOSED),
        );
    }
}

/// An answer as a response, with what every one has.
fn dressed(answer: Answer, id: &str) -> Response {
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = response.headers_mut();
    // Those of the answer and those that every one has.
    headers.reserve(answer.headers.len() + 8);
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_maybe_shared(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    dress(headers, id);
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    response
}

/// What every answer has, also one of the gateway about itself.
pub fn dress(headers: &mut HeaderMap, id: &str) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}
