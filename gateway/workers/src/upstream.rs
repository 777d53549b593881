//! The connection to the API by `fetch`, with a limit on simultaneous connections.
//!
//! An object may have six: the seventh would wait in the runtime, whatever it is for. So reads use four
//! at most, and a mutation never waits for them.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, pin_mut, select_biased};
use tokio::sync::Semaphore;
use worker::send::SendFuture;
use worker::{
    AbortController, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response,
};

use realtimekit_gateway::api_response::{ApiResponse, PASSED_ON, is_truncated};
use realtimekit_gateway::platform::{Upstream, UpstreamError, UpstreamRequest};
use realtimekit_gateway::redact::Redact;

/// The most simultaneous connections of an object.
const CONNECTIONS: usize = 6;

/// How many of them reads may use.
const READ_CONNECTIONS: usize = 4;

/// The settings of the connection to the API.
pub(crate) struct UpstreamSettings {
    /// Its base, without a slash at its end.
    pub(crate) base_url: String,
    /// The account's token.
    pub(crate) token: String,
    /// The time limit for a response, its body included.
    pub(crate) timeout: Duration,
    /// The largest response, in bytes.
    pub(crate) max_response_bytes: usize,
}

/// The API.
pub(crate) struct FetchUpstream(Arc<Inner>);

struct Inner {
    settings: UpstreamSettings,
    redact: Redact,
    all: Semaphore,
    reads: Semaphore,
}

impl FetchUpstream {
    /// Sends nothing yet.
    pub(crate) fn new(settings: UpstreamSettings) -> Self {
        Self(Arc::new(Inner {
            redact: Redact::new(&settings.token),
            settings,
            all: Semaphore::new(CONNECTIONS),
            reads: Semaphore::new(READ_CONNECTIONS),
        }))
    }
}

impl Upstream for FetchUpstream {
    fn send(
        &self,
        request: UpstreamRequest,
    ) -> impl Future<Output = Result<ApiResponse, UpstreamError>> + Send + 'static {
        let inner = Arc::clone(&self.0);
        SendFuture::new(async move {
            // The semaphores are never closed.
            let read = match request.method.as_str() {
                "GET" => Some(inner.reads.acquire().await),
                _ => None,
            };
            let all = inner.all.acquire().await;
            let response = inner.within_time(request).await;
            drop((read, all));
            response
        })
    }
}

impl Inner {
    async fn within_time(&self, request: UpstreamRequest) -> Result<ApiResponse, UpstreamError> {
        let abort = AbortController::default();
        let signal = abort.signal();
        let exchange = self.exchange(request, &signal).fuse();
        let timeout = Delay::from(self.settings.timeout).fuse();
        pin_mut!(exchange, timeout);
        select_biased! {
            response = exchange => response,
            () = timeout => {
                abort.abort();
                Err(UpstreamError::TimedOut)
            }
        }
    }

    async fn exchange(
        &self,
        request: UpstreamRequest,
        signal: &worker::AbortSignal,
    ) -> Result<ApiResponse, UpstreamError> {
        let operation = request.operation;
        let request = self.request(request).map_err(|_| UpstreamError::NotSent)?;
        let lost = |error: &str| {
            tracing::warn!(operation, error, "the API's response cannot be passed on");
            UpstreamError::Lost
        };
        let sent = Fetch::Request(request).send_with_signal(signal).await;
        // The error may have the URL, and nothing says whether a byte was sent.
        let mut response = sent.map_err(|_| lost("there is none"))?;
        let status = response.status_code();
        // The token follows no redirect.
        if status < 200 || (300..400).contains(&status) {
            return Err(lost("its status is no final one"));
        }
        let body = read(&mut response, self.settings.max_response_bytes).await;
        let body = body.map_err(lost)?;
        let content_type = response.headers().get("content-type").ok().flatten();
        if is_truncated(status, content_type.as_ref().map(String::as_bytes), &body) {
            return Err(lost("it is not whole"));
        }
        let passed = PASSED_ON.into_iter().filter_map(|name| {
            let value = response.headers().get(name).ok().flatten()?;
            Some((name, self.redact.apply(value.into())))
        });
        Ok(ApiResponse {
            status,
            headers: passed.collect(),
            body: self.redact.apply(body),
        })
    }

    fn request(&self, request: UpstreamRequest) -> worker::Result<Request> {
        let headers = Headers::new();
        headers.set("accept", "application/json")?;
        headers.set("authorization", &format!("Bearer {}", self.settings.token))?;
        headers.set(
            "user-agent",
            concat!("realtimekit-gateway/", env!("CARGO_PKG_VERSION")),
        )?;
        let mut init = RequestInit::new();
        if let Some(body) = &request.body {
            headers.set("content-type", "application/json")?;
            init.with_body(Some(js_sys::Uint8Array::from(body.as_ref()).into()));
        }
        init.with_method(Method::from(request.method.as_str().to_owned()));
        init.with_headers(headers);
        init.with_redirect(RequestRedirect::Manual);
        Request::new_with_init(
            &format!("{}{}", self.settings.base_url, request.path),
            &init,
        )
    }
}

/// The body, unless it is longer than `most` bytes.
pub(crate) async fn read(response: &mut Response, most: usize) -> Result<Bytes, &'static str> {
    let broken = |_| "it did not come whole";
    // A response without a body has no stream.
    let Ok(mut stream) = response.stream() else {
        return Ok(Bytes::new());
    };
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(broken)?;
        if body.len() + chunk.len() > most {
            return Err("it is too long");
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}
