//! The way to the API: pooled connections, the token, and nothing of what the browser sent.

mod connection;
mod jwks;
mod pool;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, USER_AGENT};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::Full;
use memchr::memmem;
use secrecy::{ExposeSecret, SecretString};

use crate::api_response::{ApiResponse, PASSED_ON};
use crate::platform::{Upstream, UpstreamError, UpstreamRequest};

use connection::{Failure, Sent};
use pool::{Pool, connector};

pub use jwks::Jwks;

/// What a token is replaced by, should it come back in an response.
const HIDDEN: &[u8] = b"[token]";

/// A token shorter than this is in any text by chance.
const SHORTEST_TOKEN: usize = 6;

const OURSELVES: &str = concat!("realtimekit-gateway/", env!("CARGO_PKG_VERSION"));

/// How to reach the API.
pub struct Settings {
    /// Its base, without a slash at its end.
    pub base_url: String,
    /// The account's token.
    pub token: SecretString,
    /// How long it may take to connect.
    pub connect_timeout: Duration,
    /// How long an response may take, its body included.
    pub timeout: Duration,
    /// How long an response may be.
    pub max_answer_bytes: usize,
}

/// The API.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    settings: Settings,
    /// The path of the base.
    base: String,
    host: HeaderValue,
    authorization: HeaderValue,
    hidden: Hidden,
    /// The headers of an response that are passed on.
    passed_on: [(HeaderName, &'static str); PASSED_ON.len()],
    pool: Pool,
}

impl Api {
    /// A way to the API; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Says which field is wrong.
    pub fn new(settings: Settings) -> Result<Self, &'static str> {
        let bearer = format!("Bearer {}", settings.token.expose_secret());
        let authorization = HeaderValue::from_str(&bearer);
        let mut authorization =
            authorization.map_err(|_| "upstream.api_token: is not legal in a header")?;
        authorization.set_sensitive(true);
        let base: Option<Uri> = settings.base_url.parse().ok();
        let base = base.as_ref();
        let server = base.and_then(|base| server(base.scheme()?, base.authority()?));
        let path = base.map(|base| base.path().trim_end_matches('/').to_owned());
        let ((server, host), path) = server.zip(path).ok_or("upstream.base_url: is not one")?;
        Ok(Self(Arc::new(Inner {
            base: path,
            host,
            authorization,
            hidden: Hidden::new(settings.token.expose_secret()),
            passed_on: PASSED_ON.map(|name| (HeaderName::from_static(name), name)),
            pool: Pool::new(connector(settings.connect_timeout), server),
            settings,
        })))
    }

    /// Closes connections that nobody has used for long.
    pub fn tidy(&self) {
        self.0.pool.tidy();
    }
}

/// A server, and how it is named in a request to it.
fn server(scheme: &Scheme, authority: &Authority) -> Option<(Uri, HeaderValue)> {
    let uri = Uri::builder()
        .scheme(scheme.clone())
        .authority(authority.clone())
        .path_and_query("/");
    let usual = if *scheme == Scheme::HTTPS { 443 } else { 80 };
    let host = match authority.port_u16() {
        Some(port) if port != usual => authority.as_str(),
        _ => authority.host(),
    };
    Some((uri.build().ok()?, HeaderValue::from_str(host).ok()?))
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
        let sent = self.pool.send(request).await;
        let (mut lent, response) = sent.map_err(|failure| {
            let (error, failure) = match failure {
                Failure::Unsent(_, error) => (error, UpstreamError::NotSent),
                Failure::Lost(error) => (error, UpstreamError::Lost),
            };
            tracing::warn!(operation, error, "the API cannot be reached");
            failure
        })?;
        let (head, body) = response.into_parts();
        // Wherever it points, the token does not go there.
        if head.status.is_redirection() || head.status.is_informational() {
            let status = head.status.as_u16();
            tracing::warn!(operation, status, "the API answered what is no response");
            return Err(UpstreamError::Lost);
        }
        let most = self.settings.max_answer_bytes;
        let body = lent.connection.read(body, most).await.map_err(|error| {
            tracing::warn!(operation, error, "the API's response did not come whole");
            UpstreamError::Lost
        })?;
        self.pool.give_back(lent);
        Ok(self.response(head.status, &head.headers, body))
    }

    fn request(&self, request: UpstreamRequest) -> Option<Sent> {
        let path = [self.base.as_str(), &request.path].concat();
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(HOST, self.host.clone());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers.insert(USER_AGENT, HeaderValue::from_static(OURSELVES));
        if request.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let mut sent = Request::new(Full::new(request.body.unwrap_or_default()));
        *sent.method_mut() = Method::from_bytes(request.method.as_str().as_bytes()).ok()?;
        *sent.uri_mut() = Uri::from_maybe_shared(Bytes::from(path)).ok()?;
        *sent.headers_mut() = headers;
        Some(sent)
    }

    fn response(&self, status: StatusCode, headers: &HeaderMap, body: Bytes) -> ApiResponse {
        let mut passed = Vec::with_capacity(PASSED_ON.len());
        for (name, text) in &self.passed_on {
            if let Some(value) = headers.get(name) {
                let value = Bytes::copy_from_slice(value.as_bytes());
                passed.push((*text, self.hidden.of(value)));
            }
        }
        ApiResponse {
            status: status.as_u16(),
            headers: passed,
            body: self.hidden.of(body),
        }
    }
}

/// What is not to be seen in an response, should the API say it: the token.
struct Hidden(memmem::Finder<'static>);

impl Hidden {
    fn new(token: &str) -> Self {
        Self(memmem::Finder::new(token.as_bytes()).into_owned())
    }

    /// A text without it.
    fn of(&self, text: Bytes) -> Bytes {
        let length = self.0.needle().len();
        if length < SHORTEST_TOKEN || self.0.find(&text).is_none() {
            return text;
        }
        let mut clean = Vec::with_capacity(text.len());
        let mut from = 0;
        for at in self.0.find_iter(&text) {
            clean.extend_from_slice(text.get(from..at).unwrap_or_default());
            clean.extend_from_slice(HIDDEN);
            from = at + length;
        }
        clean.extend_from_slice(text.get(from..).unwrap_or_default());
        clean.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_comes_back_is_hidden() {
        let hidden = Hidden::new("secret");
        let hide = |text: &'static str| hidden.of(Bytes::from_static(text.as_bytes()));
        assert_eq!(hide("no such thing"), "no such thing");
        assert_eq!(hide("secret, Bearer secret!"), "[token], Bearer [token]!");
        let short = Hidden::new("a").of(Bytes::from_static(b"a at all"));
        assert_eq!(short, "a at all");
    }
}
