//! HTTP in front of the core: converts requests and responses, and enforces limits.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::header::{EXPECT, HOST, ORIGIN};
use http::{HeaderName, StatusCode, Version};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::api_response::{ApiResponse, Refusal};
use crate::gateway::{Admitted, Gateway, Head};
use crate::native::audit_pages::AuditPages;
use crate::native::client_address::TrustedProxies;
use crate::native::clock::SystemClock;
use crate::native::head_timeout::InFlight;
use crate::native::journal::AuditJournal;
use crate::native::live::{LiveHub, upgrade};
use crate::native::run_to_completion::run_to_completion;
use crate::native::upstream::Api;
use crate::native::webhooks::WebhookReceiver;
use crate::route::{Action, Target};
use crate::web::access_log::{AccessLog, Entry};
use crate::web::cors::{Cors, allow, is_preflight};
use crate::web::request::{HeadFields, token};
use crate::web::response::to_http;
use crate::webhooks::SeenDeliveries;

/// The connection of a request, as its extension.
#[derive(Clone)]
pub struct Peer {
    address: IpAddr,
    in_flight: Arc<InFlight>,
}

impl Peer {
    /// A request from this address; `in_flight` lives until its body was read.
    pub(super) fn new(address: IpAddr, in_flight: Arc<InFlight>) -> Self {
        Self { address, in_flight }
    }
}

/// The state that survives a reload.
#[derive(Clone)]
pub struct Kept {
    /// Mutations in flight, which run to completion even if their client disconnects.
    pub tasks: TaskTracker,
    /// The log of requests.
    pub log: Arc<AccessLog>,
    /// The watched meetings.
    pub live: Arc<LiveHub>,
    /// The deliveries of webhooks that came already.
    pub seen: SeenDeliveries,
    pages: AuditPages,
}

impl Kept {
    /// The state of a new process.
    pub fn new(live: Arc<LiveHub>) -> Self {
        Self {
            live,
            seen: SeenDeliveries::default(),
            tasks: TaskTracker::new(),
            log: Arc::new(AccessLog::new(Arc::new(SystemClock::start()))),
            pages: AuditPages::new(),
        }
    }
}

/// Serves the API.
pub struct ApiHandler {
    /// The core.
    pub gateway: Gateway<SystemClock, Api, AuditJournal>,
    /// The allowed origins.
    pub cors: Cors,
    /// A header that may hold the token, besides `Authorization`.
    pub token_header: Option<HeaderName>,
    /// The trusted proxies.
    pub proxies: TrustedProxies,
    /// The largest body.
    pub body_bytes: usize,
    /// The time limit of a body.
    pub body_timeout: Duration,
    /// The receiver of webhooks, if they are configured.
    pub webhooks: Option<WebhookReceiver>,
    /// The state that survives a reload.
    pub kept: Kept,
}

impl ApiHandler {
    /// The response to a request below the API's base path, or to one without a route.
    pub async fn handle(self: Arc<Self>, mut request: Request) -> Response {
        let started = Instant::now();
        let id = Uuid::now_v7().to_string();
        let origin = request.headers().get(ORIGIN).cloned();
        let peer = request.extensions().get::<Peer>();
        let mut entry = Entry {
            operation: "",
            moderator: None,
            acts: false,
            client: peer.map(|peer| self.proxies.client(peer.address, request.headers())),
        };
        let (response, allowed) = match self.cors.check(request.headers(), origin.as_ref()) {
            Err(refusal) => {
                self.kept.log.origin(&refusal, &id, entry.client);
                (refuse(&refusal), false)
            }
            Ok(()) if !is_for_one_host(&request) => {
                let refusal = Refusal::Invalid("there must be one Host".to_owned());
                (refuse(&refusal), false)
            }
            Ok(()) if is_preflight(request.method(), request.headers()) => {
                let empty = ApiResponse {
                    status: StatusCode::NO_CONTENT.as_u16(),
                    headers: Vec::new(),
                    body: Bytes::new(),
                };
                let mut response: Response = to_http(empty, &id);
                self.cors.preflight(response.headers_mut(), origin);
                return response;
            }
            Ok(()) => (self.respond(&mut request, &id, &mut entry).await, true),
        };
        self.kept
            .log
            .request(&entry, &id, response.status, started.elapsed());
        let mut response: Response = to_http(response, &id);
        leave_unread(request, started + self.body_timeout);
        if allowed {
            allow(response.headers_mut(), origin);
        }
        response
    }

    async fn respond(
        self: &Arc<Self>,
        request: &mut Request,
        id: &str,
        entry: &mut Entry<IpAddr>,
    ) -> ApiResponse {
        // An absolute target is for a proxy, and the gateway is none.
        if request.uri().scheme().is_some() || request.uri().authority().is_some() {
            return refuse(&Refusal::NoRoute);
        }
        let (admitted, token) = match self.admit(request, id, entry).await {
            Ok(admitted) => admitted,
            Err(response) => return response,
        };
        if admitted.action() == Action::Watch {
            let upgraded = upgrade(&self.kept.live, request, &admitted, token);
            return upgraded.unwrap_or_else(|refusal| refuse(&refusal));
        }
        if !admitted.acts() {
            return self.read(&admitted).await;
        }
        let body = self.body(request.body_mut()).await;
        let handler = Arc::clone(self);
        let acting = async move { handler.gateway.act(&admitted, body).await };
        match run_to_completion(&self.kept.tasks, Box::pin(acting)).await {
            Some(response) => response,
            None => {
                tracing::error!("a mutation broke off");
                refuse(&Refusal::Lost { again: false })
            }
        }
    }

    /// Routes, authenticates and admits a request; returns its token too.
    async fn admit(
        &self,
        request: &mut Request,
        id: &str,
        entry: &mut Entry<IpAddr>,
    ) -> Result<(Admitted, String), ApiResponse> {
        let headers = request.headers();
        let target = Target::parse(request.method().as_str(), request.uri().path());
        let target = target.ok_or_else(|| refuse(&Refusal::NoRoute))?;
        entry.operation = target.action.name();
        // Before 1.1 there are no handshakes.
        if target.action == Action::Watch && request.version() != Version::HTTP_11 {
            return Err(refuse(&Refusal::NoUpgrade));
        }
        let token = token(headers, self.token_header.as_ref(), target.action);
        let token = token.map_err(|wrong| refuse(&wrong))?;
        let grant = match &token {
            Ok(token) => self.gateway.authenticate(token.as_deref()).await,
            Err(refusal) => Err(refusal.clone()),
        };
        let grant = grant.map_err(|refusal| {
            self.kept.log.grant(&refusal, id, entry.client);
            refuse(&refusal)
        })?;
        entry.moderator = Some(grant.moderator.clone());
        let fields = HeadFields::of(headers);
        let client = entry.client.map(|client| client.to_string());
        let head = Head {
            id,
            query: request.uri().query(),
            content_type: fields.content_type.as_deref(),
            key: fields.key.as_deref(),
            body: !request.body().is_end_stream(),
            client: client.as_deref(),
            reason: fields.reason.as_deref(),
            over: None,
        };
        let acts = target.action.acts();
        let admitted = self.gateway.admit(&head, target, grant).await?;
        entry.acts = acts;
        Ok((admitted, token.ok().flatten().unwrap_or_default()))
    }

    async fn read(&self, admitted: &Admitted) -> ApiResponse {
        if admitted.action() != Action::Audit {
            return self.gateway.read(admitted).await;
        }
        match self.kept.pages.turn(admitted.moderator()).await {
            Err(refusal) => refuse(&refusal),
            Ok(turn) => {
                let mut response = self.gateway.read(admitted).await;
                response.body = turn.hold(response.body);
                response
            }
        }
    }

    async fn body(&self, body: &mut Body) -> Result<Bytes, Refusal> {
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

/// The response if all connections are taken.
pub fn busy() -> Response {
    to_http(refuse(&Refusal::Busy), &Uuid::now_v7().to_string())
}

/// Reads and drops the rest of a body, until `deadline`. If the connection closed while the client
/// still sends, its system might discard the response.
fn leave_unread(request: Request, deadline: Instant) {
    // A client that waits for `100 Continue` sends no body.
    if request.body().is_end_stream() || request.headers().contains_key(EXPECT) {
        return;
    }
    let in_flight = request.extensions().get::<Peer>();
    let in_flight = in_flight.map(|peer| Arc::clone(&peer.in_flight));
    let mut body = request.into_body();
    tokio::spawn(tokio::time::timeout_at(deadline.into(), async move {
        while let Some(Ok(_)) = body.frame().await {}
        drop(in_flight);
    }));
}

/// Whether a request names its host once. HTTP/1.0 may omit it.
fn is_for_one_host(request: &Request) -> bool {
    let hosts = request.headers().get_all(HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version() == Version::HTTP_10)
}
