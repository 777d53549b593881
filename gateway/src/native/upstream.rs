//! The way to the API: pooled connections, the token, and nothing of what the browser sent.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use memchr::memmem;
use secrecy::{ExposeSecret, SecretString};

use crate::answer::{Answer, PASSED_ON};
use crate::native::workers;
use crate::platform::{KeySource, UpFailure, UpRequest, Upstream};

/// What a token is replaced by, should it come back in an answer.
const HIDDEN: &[u8] = b"[token]";

/// A token shorter than this is in any text by chance.
const SHORTEST_TOKEN: usize = 6;

type Http = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// How to reach the API.
pub struct Settings {
    /// Its base, without a slash at its end.
    pub base_url: String,
    /// The account's token.
    pub token: SecretString,
    /// How long it may take to connect.
    pub connect_timeout: Duration,
    /// How long an answer may take, its body included.
    pub timeout: Duration,
    /// How long an answer may be.
    pub max_answer_bytes: usize,
}

/// The API.
pub struct Api(Arc<Inner>);

struct Inner {
    settings: Settings,
    authorization: HeaderValue,
    /// One for each worker, for a connection is served by the one that opened it.
    http: Vec<Http>,
}

impl Api {
    /// A way to the API; nothing is sent yet. `None` if the token cannot stand in a header.
    pub fn new(settings: Settings) -> Option<Self> {
        let bearer = format!("Bearer {}", settings.token.expose_secret());
        let mut authorization = HeaderValue::from_str(&bearer).ok()?;
        authorization.set_sensitive(true);
        Some(Self(Arc::new(Inner {
            authorization,
            http: (0..workers::count())
                .map(|_| http(settings.connect_timeout))
                .collect(),
            settings,
        })))
    }
}

fn http(connect_timeout: Duration) -> Http {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(connect_timeout));
    let connector = HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(60))
        // What it does by itself it does only where it knows that nothing was sent.
        .retry_canceled_requests(true)
        .build(connector)
}

impl Upstream for Api {
    fn send(
        &self,
        request: UpRequest,
    ) -> impl Future<Output = Result<Answer, UpFailure>> + Send + 'static {
        let inner = Arc::clone(&self.0);
        async move {
            let timeout = inner.settings.timeout;
            match tokio::time::timeout(timeout, inner.exchange(request)).await {
                Ok(answer) => answer,
                Err(_) => Err(UpFailure::TimedOut),
            }
        }
    }
}

impl Inner {
    async fn exchange(&self, request: UpRequest) -> Result<Answer, UpFailure> {
        let operation = request.operation;
        let request = self.request(request).ok_or(UpFailure::NotSent)?;
        let http = self.http.get(workers::number()).ok_or(UpFailure::NotSent)?;
        let response = http.request(request).await.map_err(|error| {
            tracing::warn!(operation, %error, "the API cannot be reached");
            match error.is_connect() {
                true => UpFailure::NotSent,
                false => UpFailure::Lost,
            }
        })?;
        let (head, body) = response.into_parts();
        // Wherever it points, the token does not go there.
        if head.status.is_redirection() || head.status.is_informational() {
            let status = head.status.as_u16();
            tracing::warn!(operation, status, "the API answered what is no answer");
            return Err(UpFailure::Lost);
        }
        let body = Limited::new(body, self.settings.max_answer_bytes);
        let body = body.collect().await.map_err(|error| {
            tracing::warn!(operation, %error, "the API's answer did not come whole");
            UpFailure::Lost
        })?;
        Ok(self.answer(head.status, &head.headers, body.to_bytes()))
    }

    fn request(&self, request: UpRequest) -> Option<Request<Full<Bytes>>> {
        let mut builder = Request::builder()
            .method(request.method.as_str())
            .uri(format!("{}{}", self.settings.base_url, request.path))
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, &self.authorization)
            .header(
                USER_AGENT,
                concat!("realtimekit-gateway/", env!("CARGO_PKG_VERSION")),
            );
        if request.body.is_some() {
            builder = builder.header(CONTENT_TYPE, "application/json");
        }
        builder
            .body(Full::new(request.body.unwrap_or_default()))
            .ok()
    }

    fn answer(&self, status: StatusCode, headers: &HeaderMap, body: Bytes) -> Answer {
        let token = self.settings.token.expose_secret().as_bytes();
        let mut passed = Vec::new();
        for name in PASSED_ON {
            if let Some(value) = headers.get(name) {
                let value = Bytes::copy_from_slice(value.as_bytes());
                passed.push((name, hidden(value, token)));
            }
        }
        Answer {
            status: status.as_u16(),
            headers: passed,
            body: hidden(body, token),
        }
    }
}

/// A text without the token.
fn hidden(text: Bytes, token: &[u8]) -> Bytes {
    if token.len() < SHORTEST_TOKEN || memmem::find(&text, token).is_none() {
        return text;
    }
    let mut clean = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in memmem::find_iter(&text, token) {
        clean.extend_from_slice(text.get(from..at).unwrap_or_default());
        clean.extend_from_slice(HIDDEN);
        from = at + token.len();
    }
    clean.extend_from_slice(text.get(from..).unwrap_or_default());
    clean.into()
}

/// An identity provider's published keys.
pub struct Jwks {
    url: String,
    http: Http,
    timeout: Duration,
}

impl Jwks {
    /// At a URL; nothing is sent yet.
    pub fn new(url: String, timeout: Duration) -> Self {
        Self {
            url,
            http: http(timeout),
            timeout,
        }
    }
}

/// A set of keys is not longer.
const LONGEST_JWKS: usize = 1 << 20;

impl KeySource for Jwks {
    fn fetch(&self) -> BoxFuture<'static, Option<Bytes>> {
        let (http, timeout) = (self.http.clone(), self.timeout);
        let request = Request::get(&self.url)
            .header(ACCEPT, "application/json")
            .body(Full::default());
        async move {
            let fetch = async {
                let response = http.request(request.ok()?).await.ok()?;
                let good = response.status() == StatusCode::OK;
                let body = Limited::new(response.into_body(), LONGEST_JWKS);
                let body = body.collect().await.ok()?.to_bytes();
                good.then_some(body)
            };
            let keys = tokio::time::timeout(timeout, fetch).await.ok().flatten();
            if keys.is_none() {
                tracing::warn!("the identity provider's keys cannot be had");
            }
            keys
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_comes_back_is_hidden() {
        let hide = |text: &'static str| hidden(Bytes::from_static(text.as_bytes()), b"secret");
        assert_eq!(hide("no such thing"), "no such thing");
        assert_eq!(hide("secret, Bearer secret!"), "[token], Bearer [token]!");
        assert_eq!(hidden(Bytes::from_static(b"a at all"), b"a"), "a at all");
    }
}
