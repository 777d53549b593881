//! The connection to the API: a pool, the token, and none of the browser's headers.

mod client;
mod jwks;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use reqwest::{Client, Response, Url};
use secrecy::{ExposeSecret, SecretString};

use crate::api_response::{ApiResponse, PASSED_ON, is_truncated};
use crate::platform::{Upstream, UpstreamError, UpstreamRequest};
use crate::redact::Redact;

use client::{client, is_unsent};

pub use jwks::Jwks;

/// The settings of the connection to the API.
pub struct Settings {
    /// Its base, without a slash at its end.
    pub base_url: String,
    /// The account's token.
    pub token: SecretString,
    /// The time limit for a connection.
    pub connect_timeout: Duration,
    /// The time limit for a response, its body included.
    pub timeout: Duration,
    /// The largest response.
    pub max_response_bytes: usize,
    /// Certificates that vouch for the API's, besides the public ones.
    pub ca_file: Option<PathBuf>,
}

/// The API.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    settings: Settings,
    base: Url,
    authorization: HeaderValue,
    redact: Redact,
    client: Client,
}

impl Api {
    /// A connection pool; sends nothing yet.
    ///
    /// # Errors
    ///
    /// Names the wrong field.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let bearer = format!("Bearer {}", settings.token.expose_secret());
        let authorization = HeaderValue::from_str(&bearer);
        let mut authorization =
            authorization.map_err(|_| "upstream.api_token: is not legal in a header")?;
        authorization.set_sensitive(true);
        let base = Url::parse(&settings.base_url);
        let base = base.map_err(|_| "upstream.base_url: is not one".to_owned())?;
        let client = client(&base, settings.connect_timeout, settings.ca_file.as_deref())?;
        Ok(Self(Arc::new(Inner {
            base,
            authorization,
            redact: Redact::new(settings.token.expose_secret()),
            client,
            settings,
        })))
    }
}

impl Upstream for Api {
    fn send(
        &self,
        request: UpstreamRequest,
    ) -> impl Future<Output = Result<ApiResponse, UpstreamError>> + Send + 'static {
        let inner = Arc::clone(&self.0);
        async move {
            let timeout = inner.settings.timeout;
            match tokio::time::timeout(timeout, inner.exchange(request)).await {
                Ok(response) => response,
                Err(_) => Err(UpstreamError::TimedOut),
            }
        }
    }
}

impl Inner {
    async fn exchange(&self, request: UpstreamRequest) -> Result<ApiResponse, UpstreamError> {
        let operation = request.operation;
        let request = self.request(request).ok_or(UpstreamError::NotSent)?;
        let response = self.client.execute(request).await.map_err(|error| {
            let unsent = is_unsent(&error);
            let error = error.without_url();
            tracing::warn!(operation, %error, "the API cannot be reached");
            match unsent {
                true => UpstreamError::NotSent,
                false => UpstreamError::Lost,
            }
        })?;
        let lost = |error: &str| {
            tracing::warn!(operation, error, "the API's response cannot be passed on");
            UpstreamError::Lost
        };
        let (status, headers) = (response.status(), response.headers().clone());
        // The token follows no redirect.
        if status.is_redirection() || status.is_informational() {
            return Err(lost("its status is no final one"));
        }
        // The request allows no compression, and a compressed body could hide the token.
        let encoding = headers.get(CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| encoding != "identity") {
            return Err(lost("it is compressed"));
        }
        let body = read(response, self.settings.max_response_bytes).await;
        let body = body.map_err(lost)?;
        let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        if is_truncated(status.as_u16(), content_type, &body) {
            return Err(lost("it is not whole"));
        }
        Ok(self.response(status, &headers, body))
    }

    fn request(&self, request: UpstreamRequest) -> Option<reqwest::Request> {
        let mut url = self.base.clone();
        let (path, query) = match request.path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (request.path.as_str(), None),
        };
        url.set_path(&[self.base.path().trim_end_matches('/'), path].concat());
        url.set_query(query);
        let method = Method::from_bytes(request.method.as_str().as_bytes()).ok()?;
        let mut built = reqwest::Request::new(method, url);
        let headers = built.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(AUTHORIZATION, self.authorization.clone());
        if let Some(body) = request.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *built.body_mut() = Some(body.into());
        }
        Some(built)
    }

    fn response(&self, status: StatusCode, headers: &HeaderMap, body: Bytes) -> ApiResponse {
        let passed = PASSED_ON.into_iter().filter_map(|name| {
            let value = headers.get(HeaderName::from_static(name))?;
            let value = Bytes::copy_from_slice(value.as_bytes());
            Some((name, self.redact.apply(value)))
        });
        ApiResponse {
            status: status.as_u16(),
            headers: passed.collect(),
            body: self.redact.apply(body),
        }
    }
}

/// The body, unless it is longer than `most` bytes.
async fn read(mut response: Response, most: usize) -> Result<Bytes, &'static str> {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= most => body.extend_from_slice(&chunk),
            Ok(Some(_)) => return Err("it is too long"),
            Ok(None) => return Ok(body.freeze()),
            Err(_) => return Err("it did not come whole"),
        }
    }
}
