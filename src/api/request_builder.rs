//! A call for Rust: options are set, then it is awaited.

use super::call_future::CallFuture;
use super::client::{Client, ClientSettings};
use super::convert;
use super::error::Error;
use super::inner::{MISSING_ACCOUNT, millis};
use super::payload::payload;
use super::performed::{Performed, WithResponse};
use crate::id::AccountId;
use crate::models::Envelope;
use crate::operation::Operation;
use crate::request::build::RequestParts;
use crate::request::headers::Headers;
use crate::request::id::Segment;
use crate::request::invalid_argument::InvalidArgument;
use crate::shared::Arc;
use crate::transport::exchange::Exchange;
use crate::transport::globals::use_globals;
use crate::transport::prepared::{JsHandles, PreparedRequest};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;
use web_sys::AbortSignal;

/// A call to the API. Set its options, then await it, or take its future with [`send`](Self::send). Nothing is sent
/// before.
///
/// ```no_run
/// # use realtimekit_moderator::{Error, Room};
/// # use std::time::Duration;
/// # async fn read(room: Room) -> Result<(), Error> {
/// let session = room.session().timeout(Duration::from_secs(5)).await?.into_data()?;
/// println!("{:?} participants", session.live_participants);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until it is awaited"]
pub struct RequestBuilder<T> {
    client: Arc<ClientSettings>,
    operation: &'static Operation,
    ids: Vec<Segment>,
    /// The parameters; `None` if they cannot be written as JSON.
    params: Option<Value>,
    account: Option<AccountId>,
    headers: Result<Headers, InvalidArgument>,
    idempotency_key: Option<String>,
    timeout_ms: u32,
    max_retries: u32,
    signal: Option<AbortSignal>,
    data: PhantomData<fn() -> T>,
}

impl<T> RequestBuilder<T> {
    /// A call of an operation, with the IDs of its path except the account.
    pub(crate) fn new(
        client: &Client,
        operation: &'static Operation,
        ids: Vec<Segment>,
        params: impl Serialize,
    ) -> Self {
        let client = client.0.clone();
        Self {
            operation,
            ids,
            params: serde_json::to_value(params).ok(),
            account: client.account.clone(),
            headers: Ok(Headers::new()),
            idempotency_key: None,
            timeout_ms: client.timeout_ms,
            max_retries: client.max_retries,
            signal: None,
            data: PhantomData,
            client,
        }
    }

    /// Sets the account, if it is not the client's.
    pub fn account(mut self, account: &AccountId) -> Self {
        self.account = Some(account.clone());
        self
    }

    /// Sets a header, or removes it with `None`.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        if let Ok(headers) = &mut self.headers
            && let Err(error) = headers.change(name, value)
        {
            self.headers = Err(error);
        }
        self
    }

    /// Sets how long an attempt may take, including the body of its response.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout_ms = millis(timeout);
        self
    }

    /// Sets how often the call is repeated after a failure.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Lets `signal` abort the call at any time.
    pub fn signal(mut self, signal: &AbortSignal) -> Self {
        self.signal = Some(signal.clone());
        self
    }

    /// Sets the `Idempotency-Key`, by which the gateway recognises a repeated request. Cloudflare's API ignores it.
    /// A poll has a random one by default.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Validates the arguments.
    fn prepare(self) -> Result<PreparedRequest, InvalidArgument> {
        let account = self.account.ok_or(MISSING_ACCOUNT)?;
        let mut ids = vec![account.segment()];
        ids.extend(self.ids);
        let (query, body) = payload(self.operation, self.params)?;
        let parts = RequestParts {
            ids,
            query,
            headers: self.headers?,
            idempotency_key: self.idempotency_key,
            ..RequestParts::default()
        };
        let handles = JsHandles {
            body,
            signal: self.signal,
            ..JsHandles::default()
        };
        PreparedRequest::new(
            &self.client.config,
            self.operation,
            parts,
            self.timeout_ms,
            self.max_retries,
            handles,
        )
    }

    /// Sends the call; returns its body undecoded.
    pub(crate) async fn perform(self) -> Result<Performed, Error> {
        use_globals();
        let prepared = self.prepare()?;
        let sent = prepared.head.headers.clone();
        let result = match Exchange::start(prepared) {
            Ok(exchange) => exchange.await,
            Err(error) => Err(error),
        };
        match result {
            Ok(success) => Ok(Performed::new(success, sent)),
            Err(error) => Err(convert::error(error, &sent)),
        }
    }
}

impl<T: DeserializeOwned + 'static> RequestBuilder<T> {
    /// The call as a named future, for `join!`, `join_all` and a framework's resources. Nothing is sent until it is
    /// polled.
    pub fn send(self) -> CallFuture<Envelope<T>> {
        CallFuture::new(async { Ok(self.respond().await?.body) })
    }

    /// The call as a future of the response along with its body.
    pub fn with_response(self) -> CallFuture<WithResponse<T>> {
        CallFuture::new(self.respond())
    }

    async fn respond(self) -> Result<WithResponse<T>, Error> {
        self.perform().await?.decoded()
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for RequestBuilder<T> {
    type Output = Result<Envelope<T>, Error>;
    type IntoFuture = CallFuture<Envelope<T>>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

// By hand, here and below: the response's type need not have the trait.
impl<T> Clone for RequestBuilder<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            operation: self.operation,
            ids: self.ids.clone(),
            params: self.params.clone(),
            account: self.account.clone(),
            headers: self.headers.clone(),
            idempotency_key: self.idempotency_key.clone(),
            timeout_ms: self.timeout_ms,
            max_retries: self.max_retries,
            signal: self.signal.clone(),
            data: PhantomData,
        }
    }
}

impl<T> fmt::Debug for RequestBuilder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("operation", &self.operation.name)
            .field("params", &self.params)
            .finish_non_exhaustive()
    }
}
