//! The client for Rust, and its builder.

use super::inner::{ClientInner, millis};
use crate::request::base_url;
use crate::request::build::ClientConfig;
use crate::request::gateway_features::GatewayFeatures;
use crate::request::headers::Headers;
use crate::request::id::AccountId;
use crate::request::invalid_argument::InvalidArgument;
use crate::request::token::Token;
use js_sys::Array;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

/// A client of the RealtimeKit API, or of a gateway with the same paths. Cloning it is cheap.
#[derive(Clone)]
pub struct Client(pub(crate) Rc<ClientInner>);

/// Builds a [`Client`].
#[must_use]
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
            base_url: base_url::DEFAULT.to_owned(),
            api_token: None,
            account: None,
            headers: Ok(Headers::new()),
            timeout: Duration::from_secs(60),
            max_retries: 2,
            allow_browser: false,
        }
    }
}

// By hand: the configuration holds the token.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.config.base_url)
            .field("account", &self.0.account)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// The base URL: Cloudflare's API, or a gateway. In a page it may be relative.
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
        self.headers = changed(self.headers, name, value);
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
    /// If the base URL is invalid or not allowed here, or if the token or a header is not legal.
    pub fn build(self) -> Result<Client, InvalidArgument> {
        let url = base_url::validate(&self.base_url, &base_url::page())?;
        if !self.allow_browser {
            base_url::reject_in_browser(&url)?;
        }
        let token = self.api_token.as_deref().map(Token::new).transpose()?;
        let features = GatewayFeatures::new(&url, Array::new());
        let mut config = ClientConfig::new(url, token.as_ref(), false, &self.headers?);
        config.features = features;
        Ok(Client(Rc::new(ClientInner {
            config,
            account: self.account,
            timeout_ms: millis(self.timeout),
            max_retries: self.max_retries,
            fetch: None,
        })))
    }
}

fn changed(
    headers: Result<Headers, InvalidArgument>,
    name: &str,
    value: Option<&str>,
) -> Result<Headers, InvalidArgument> {
    let mut headers = headers?;
    headers.change(name, value)?;
    Ok(headers)
}
