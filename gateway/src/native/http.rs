//! HTTP in front of the core: what is asked as the core takes it, limits on what comes, the response.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, EXPECT, HOST, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Version};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use tokio_util::task::TaskTracker;
use tracing::Level;
use uuid::Uuid;

use crate::api_response::{ApiResponse, Refusal};
use crate::gateway::{Gateway, Head};
use crate::native::access_log::Told;
use crate::native::clock::SystemClock;
use crate::native::cors::{allow, is_preflight, preflight};
use crate::native::http_response::{Response, to_http};
use crate::native::journal::FileJournal;
use crate::native::run_to_completion::carried;
use crate::native::upstream::Api;

/// What the HTTP side needs to know.
pub struct ApiHandler {
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

/// Answers whatever is asked below the API's base, and whatever has no route.
pub async fn api(front: &Arc<ApiHandler>, mut request: Request) -> Response {
    let started = Instant::now();
    let id = Uuid::now_v7().to_string();
    let origin = request.headers().get(ORIGIN).cloned();
    let mut told = Told::default();
    let (response, allowed) = match front.origin(&request, origin.as_ref()) {
        Err(refusal) => (refuse(&refusal), false),
        Ok(()) if !is_for_one_host(&request) => {
            let refusal = Refusal::Invalid("there must be one Host".to_owned());
            (refuse(&refusal), false)
        }
        Ok(()) if is_preflight(&request) => return preflight(origin, &id),
        Ok(()) => (front.response(&mut request, &id, &mut told).await, true),
    };
    let elapsed = started.elapsed();
    let status = response.status;
    told.count(status, elapsed);
    let mut response = to_http(response, &id);
    leave_unread(request, started + front.body_timeout);
    if allowed {
        allow(response.headers_mut(), origin);
    }
    if told.is_news(status) || tracing::enabled!(Level::DEBUG) {
        // The line is written when the response has gone: nobody need wait for it.
        front.tasks.spawn(async move {
            told.log(&id, status, elapsed);
        });
    }
    response
}

impl ApiHandler {
    async fn response(
        self: &Arc<Self>,
        request: &mut Request,
        id: &str,
        told: &mut Told,
    ) -> ApiResponse {
        // An absolute target is for a proxy, which this is not.
        if request.uri().scheme().is_some() || request.uri().authority().is_some() {
            return refuse(&Refusal::NoRoute);
        }
        let headers = request.headers();
        let token = self.token(headers);
        let token = match &token {
            Ok(token) => token.as_deref(),
            Err(refusal) => return refuse(refusal),
        };
        let text = |name| headers.get(name).map(HeaderValue::to_str);
        let mut keys = headers.get_all("idempotency-key").iter();
        // What is no text, or is said twice, is no key; the core says so.
        let key = keys.next().map(|key| match keys.next() {
            None => key.to_str().unwrap_or_default(),
            Some(_) => "",
        });
        let asked = Head {
            id,
            method: request.method().as_str(),
            path: request.uri().path(),
            query: request.uri().query(),
            token,
            content_type: text(CONTENT_TYPE).and_then(Result::ok),
            key,
            body: !request.body().is_end_stream(),
        };
        let admitted = match self.gateway.admit(&asked).await {
            Ok(admitted) => admitted,
            Err(denied) => {
                told.operation = denied.operation;
                told.moderator = denied.moderator;
                return denied.response;
            }
        };
        told.operation = admitted.operation();
        told.moderator = Some(admitted.moderator().to_owned());
        told.acts = admitted.acts();
        if !admitted.acts() {
            return self.gateway.read(&admitted).await;
        }
        let body = self.body(request.body_mut()).await;
        let front = Arc::clone(self);
        let acting = async move { front.gateway.act(&admitted, body).await };
        match carried(&self.tasks, Box::pin(acting)).await {
            Some(response) => response,
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

    async fn body(&self, body: &mut Incoming) -> Result<Bytes, Refusal> {
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

fn refuse(refusal: &Refusal) -> ApiResponse {
    metrics::counter!("rtk_gateway_refusals_total", "reason" => refusal.word()).increment(1);
    refusal.response()
}

/// Lets the rest of a body come, and drops it, until `deadline`. If the connection were closed on who
/// still sends, their system might throw away the response that says why.
fn leave_unread(request: Request, deadline: Instant) {
    // Who waits to be asked for the body, and is answered, sends none.
    if request.body().is_end_stream() || request.headers().contains_key(EXPECT) {
        return;
    }
    let mut body = request.into_body();
    tokio::spawn(tokio::time::timeout_at(deadline.into(), async move {
        while let Some(Ok(_)) = body.frame().await {}
    }));
}

/// Whether a request says once whom it is for. Who still speaks HTTP/1.0 need not.
fn is_for_one_host(request: &Request) -> bool {
    let hosts = request.headers().get_all(HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version() == Version::HTTP_10)
}
