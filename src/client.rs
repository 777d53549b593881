//! The client for Rust, and the builder that makes it.

use crate::base_url;
use crate::error::InvalidArgument;
use crate::header::{Headers, Token};
use crate::id::AccountId;
use crate::pending::millis;
use crate::request::Base;
use crate::resources::{ActiveSessions, Meetings, Sessions};
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

/// A client of the RealtimeKit API, or of a gateway that speaks it. Cloning it is cheap.
#[derive(Clone)]
pub struct Client(pub(crate) Rc<Inside>);

/// What the clones of a client share.
pub(crate) struct Inside {
    pub(crate) base: Base,
    pub(crate) account: Option<AccountId>,
    pub(crate) timeout_ms: u32,
    pub(crate) max_retries: u32,
}

/// What a [`Client`] is made of.
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
    /// Starts a client of Cloudflare's API, with a timeout of a minute and two retries.
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

    /// The live session of a meeting: who is in is moderated here.
    pub fn active_session(&self) -> ActiveSessions<'_> {
        ActiveSessions(self)
    }

    /// Sessions, live or over.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// Meetings, the places in which sessions happen.
    pub fn meetings(&self) -> Meetings<'_> {
        Meetings(self)
    }
}

// By hand: the settings hold the token.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base.url)
            .field("account", &self.0.account)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Where the API is: Cloudflare's, or a gateway's. In a page it may be relative to it.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The API token, or the grant that a gateway takes in its place. It goes to the base URL's
    /// origin and appears in no error and no `Debug`.
    pub fn api_token(mut self, token: impl Into<String>) -> Self {
        self.api_token = Some(token.into());
        self
    }

    /// The account of all calls that name none.
    pub fn account(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// Sets a header of every request, or with `None` leaves one out.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers = changed(self.headers, name, value);
        self
    }

    /// How long an attempt may take, the body of its answer included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a call may be sent again. What acts anew each time (a poll) is not sent again
    /// where it may have worked.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Allows Cloudflare's API as the base URL in a browser, where every visitor can read the
    /// token, and which Cloudflare's missing CORS headers forbid anyway.
    pub fn dangerously_allow_browser(mut self) -> Self {
        self.allow_browser = true;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// If the base URL is none, or must not be used here; if the token or a header is not legal
    /// in a header.
    pub fn build(self) -> Result<Client, InvalidArgument> {
        let url = base_url::check(&self.base_url, &base_url::page())?;
        if !self.allow_browser {
            base_url::refuse_in_browser(&url)?;
        }
        let token = self.api_token.as_deref().map(Token::new).transpose()?;
        Ok(Client(Rc::new(Inside {
            base: Base::new(url, token.as_ref(), false, &self.headers?),
            account: self.account,
            timeout_ms: millis(self.timeout),
            max_retries: self.max_retries,
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
