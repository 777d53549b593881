//! `POST /hooks/realtimekit`: takes deliveries, responds at once, and verifies them in a task of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::api_response::ApiResponse;
use crate::config::Webhooks;
use crate::native::live::LiveHub;
use crate::native::upstream::Jwks;
use crate::platform::KeySource;
use crate::rsa_key::RustRsaKey;
use crate::web::response::to_http;
use crate::webhooks::{Delivery, LARGEST, SeenDeliveries, Verdict, WebhookVerifier};

/// Where RealtimeKit delivers.
pub const PATH: &str = "/hooks/realtimekit";

/// How many deliveries may wait. More are dropped: the meeting is read at the interval, too.
const WAITING: usize = 1024;

/// How often a delivery may cause a fetch of the key.
const FETCH_EVERY: Duration = Duration::from_secs(10);

/// Takes deliveries.
pub struct WebhookReceiver {
    queue: mpsc::Sender<Waiting>,
    timeout: Duration,
}

/// A delivery that waits to be verified.
struct Waiting {
    signature: String,
    uuid: String,
    body: Bytes,
}

impl WebhookReceiver {
    /// Starts the task that verifies deliveries; it ends with the receiver.
    ///
    /// # Errors
    ///
    /// If the configured key cannot be used.
    pub fn start(
        config: &Webhooks,
        keys: Option<Arc<Jwks>>,
        seen: SeenDeliveries,
        live: Arc<LiveHub>,
        timeout: Duration,
    ) -> Result<Self, String> {
        let verifier = WebhookVerifier::new(seen);
        if let Some(pem) = &config.public_key {
            let wrong = |what| format!("webhooks.public_key_file: {what}");
            verifier.set_key(pem).map_err(wrong)?;
        }
        let (queue, waiting) = mpsc::channel(WAITING);
        let desk = Desk {
            verifier,
            keys,
            refresh: config.refresh,
            fetched: None,
            live,
        };
        tokio::spawn(desk.run(waiting));
        Ok(Self { queue, timeout })
    }

    /// The response to a delivery. It does not say whether the delivery is genuine: RealtimeKit never
    /// repeats one after a 4xx.
    pub async fn receive(&self, request: Request) -> Response {
        let id = Uuid::now_v7().to_string();
        let status = self.take(request).await;
        let response = ApiResponse {
            status: status.as_u16(),
            headers: Vec::new(),
            body: Bytes::new(),
        };
        to_http(response, &id)
    }

    async fn take(&self, request: Request) -> StatusCode {
        if request.method() != Method::POST {
            return StatusCode::METHOD_NOT_ALLOWED;
        }
        let (Some(signature), Some(uuid)) = (
            header(request.headers(), "rtk-signature"),
            header(request.headers(), "rtk-uuid"),
        ) else {
            return StatusCode::BAD_REQUEST;
        };
        let body: Body = request.into_body();
        let body = Limited::new(body, LARGEST).collect();
        let body = match tokio::time::timeout(self.timeout, body).await {
            Err(_) => return StatusCode::REQUEST_TIMEOUT,
            Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
            Ok(Ok(body)) => body.to_bytes(),
        };
        let waiting = Waiting {
            signature,
            uuid,
            body,
        };
        if self.queue.try_send(waiting).is_err() {
            count("dropped");
        }
        StatusCode::OK
    }
}

/// A header that stands once.
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?.to_owned();
    values.next().is_none().then_some(value)
}

fn count(outcome: &'static str) {
    metrics::counter!("rtk_gateway_webhooks_total", "outcome" => outcome).increment(1);
}

/// Verifies the deliveries, one after the other.
struct Desk {
    verifier: WebhookVerifier<RustRsaKey>,
    /// Where the key is published, if it is not configured.
    keys: Option<Arc<Jwks>>,
    refresh: Duration,
    fetched: Option<Instant>,
    live: Arc<LiveHub>,
}

impl Desk {
    async fn run(mut self, mut waiting: mpsc::Receiver<Waiting>) {
        self.fetch(Duration::ZERO).await;
        while let Some(one) = waiting.recv().await {
            self.fetch(self.refresh).await;
            let mut verdict = self.verdict(&one);
            // The key may have been replaced.
            if matches!(verdict, Verdict::Forged | Verdict::NoKey) && self.fetch(FETCH_EVERY).await
            {
                verdict = self.verdict(&one);
            }
            count(verdict.word());
            if let Verdict::Accepted(meeting_id) = verdict {
                self.live.webhook(&meeting_id);
            }
        }
    }

    fn verdict(&self, one: &Waiting) -> Verdict {
        self.verifier.verify(Delivery {
            signature: &one.signature,
            uuid: &one.uuid,
            body: &one.body,
        })
    }

    /// Fetches the key, unless that was done within `every`; says whether there is a new attempt's key.
    async fn fetch(&mut self, every: Duration) -> bool {
        let Some(keys) = &self.keys else {
            return false;
        };
        if self.fetched.is_some_and(|at| at.elapsed() < every) {
            return false;
        }
        let document = keys.fetch().await;
        self.fetched = Some(Instant::now());
        match document.map(|document| self.verifier.publish(&document)) {
            Some(Ok(())) => true,
            Some(Err(what)) => {
                tracing::error!(what, "the published key of the webhooks cannot be read");
                false
            }
            None => false,
        }
    }
}
