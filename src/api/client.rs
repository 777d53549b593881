//! The client for Rust, and its builder.

use super::error::Error;
use super::inner::{ClientInner, millis};
use crate::id::AccountId;
use crate::js;
use crate::request::base_url;
use crate::request::build::ClientConfig;
use crate::request::headers::Headers;
use crate::request::invalid_argument::InvalidArgument;
use crate::request::token::Token;
use crate::shared::Arc;
use std::fmt;
use std::time::Duration;

/// A client of the RealtimeKit API, or of a gateway with the same paths.
///
/// Cloning it is cheap, and it is `Send` and `Sync`: keep it in a signal, a context or a component's properties. Clones
/// are equal, and two clients built apart are not.
///
/// ```no_run
/// use realtimekit_moderator::{Client, Error};
///
/// fn client(grant: &str) -> Result<Client, Error> {
///     Client::builder()
///         .base_url("https://moderate.example.com/client/v4") // a gateway
///         .api_token(grant)
///         .account("023e105f4ecef8ad9ca31a8372d0c353".parse()?)
///         .build()
/// }
/// ```
#[derive(Clone)]
pub struct Client(pub(crate) Arc<ClientSettings>);

/// What the clones of a client share.
pub(crate) struct ClientSettings {
    pub(crate) config: ClientConfig,
    pub(crate) account: Option<AccountId>,
    /// How long an attempt may take, in milliseconds.
    pub(crate) timeout_ms: u32,
    pub(crate) max_retries: u32,
}

/// Builds a [`Client`].
#[must_use]
#[derive(Clone)]
pub struct ClientBuilder {
    base_url: String,
    api_token: Option<String>,
    account: Option<AccountId>,
    headers: Result<Headers, InvalidArgument>,
    timeout: Duration,
    max_retries: u32,
    allow_browser: bool,
}

impl Client {
    /// A builder with the defaults: Cloudflare's API, a timeout of one minute, two retries.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            base_url: String::new(),
            api_token: None,
            account: None,
            headers: Ok(Headers::new()),
            timeout: Duration::from_secs(60),
            max_retries: 2,
            allow_browser: false,
        }
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.0.config.base_url
    }

    /// The account of calls that name none.
    pub fn account(&self) -> Option<&AccountId> {
        self.0.account.as_ref()
    }

    /// The client as the engine takes it.
    pub(crate) fn inner(&self) -> ClientInner {
        ClientInner {
            config: self.0.config.clone(),
            timeout_ms: self.0.timeout_ms,
            max_retries: self.0.max_retries,
            fetch: None,
        }
    }
}

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Client {}

// By hand: the configuration holds the token.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.config.base_url)
            .field("account", &self.0.account)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("account", &self.account)
            .field("timeout", &self.timeout)
            .field("max_retries", &self.max_retries)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// The base URL: Cloudflare's API, or a gateway. In a page it may be relative. Empty, it counts as not set.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The API token, or a gateway's grant. It is sent to the base URL's origin only, and appears in no error and no
    /// `Debug`.
    pub fn api_token(mut self, token: impl Into<String>) -> Self {
        self.api_token = Some(token.into());
        self
    }

    /// The account of calls that name none.
    pub fn account(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// Sets a header of every request, or removes it with `None`.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        if let Ok(headers) = &mut self.headers
            && let Err(error) = headers.change(name, value)
        {
            self.headers = Err(error);
        }
        self
    }

    /// How long an attempt may take, including the body of its response.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a failed call is repeated. A poll that may have been created is never repeated.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Allows Cloudflare's API as the base URL in a browser, where every visitor can read the token. (Cloudflare sends
    /// no CORS headers, so it works behind a proxy only.)
    pub fn dangerously_allow_browser(mut self) -> Self {
        self.allow_browser = true;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the base URL is invalid or not allowed here, or if the token or a header is not
    /// legal. [`Error::Unsupported`] outside WebAssembly, such as in server-side rendering: build the client where the
    /// page runs.
    pub fn build(self) -> Result<Client, Error> {
        if !js::is_available() {
            return Err(Error::Unsupported);
        }
        let url = match self.base_url.as_str() {
            "" => base_url::DEFAULT,
            url => url,
        };
        let url = base_url::validate(url, &base_url::page())?;
        if !self.allow_browser {
            base_url::reject_in_browser(&url)?;
        }
        let token = self.api_token.as_deref().map(Token::new).transpose()?;
        let config = ClientConfig::new(url, token.as_ref(), false, &self.headers?);
        Ok(Client(Arc::new(ClientSettings {
            config,
            account: self.account,
            timeout_ms: millis(self.timeout),
            max_retries: self.max_retries,
        })))
    }
}
