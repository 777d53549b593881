//! A call for Rust: options are set, then it is awaited.

use super::client::Client;
use super::decode::decode;
use super::inner::{ClientInner, MISSING_ACCOUNT, millis};
use crate::models::Envelope;
use crate::operation::{Operation, Payload};
use crate::request::build::RequestParts;
use crate::request::headers::Headers;
use crate::request::id::{AccountId, Segment};
use crate::request::invalid_argument::InvalidArgument;
use crate::request::query::Query;
use crate::request::validation::{JsonKind, validate};
use crate::transport::error::{DecodeError, Error};
use crate::transport::globals::use_globals;
use crate::transport::perform::{Exchange, Success};
use crate::transport::prepared::{JsHandles, PreparedRequest};
use crate::transport::rate_limit::RateLimit;
use gloo_net::http::Response;
use js_sys::JsString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// A call to the API. Nothing is sent until it is awaited.
#[must_use = "nothing is sent until it is awaited"]
pub struct RequestBuilder<T> {
    client: Rc<ClientInner>,
    operation: &'static Operation,
    ids: Vec<Segment>,
    params: Result<Value, serde_json::Error>,
    account: Option<AccountId>,
    headers: Result<Headers, InvalidArgument>,
    idempotency_key: Option<String>,
    timeout_ms: u32,
    max_retries: u32,
    signal: Option<AbortSignal>,
    data: PhantomData<T>,
}

/// The body of a response, with the response itself.
#[non_exhaustive]
pub struct WithResponse<T> {
    /// The decoded body.
    pub body: Envelope<T>,
    /// The `Response`, whose body was read.
    pub response: Response,
    /// Its `Ratelimit` header.
    pub rate_limit: Option<RateLimit>,
    /// Its `Retry-After` header, in seconds.
    pub retry_after: Option<f64>,
    /// How many requests were sent.
    pub attempts: u32,
}

impl<T> RequestBuilder<T> {
    /// A call of an operation, with the IDs of its path except the account.
    pub(crate) fn new(
        client: &Client,
        operation: &'static Operation,
        ids: &[&Segment],
        params: impl Serialize,
    ) -> Self {
        let inner = &client.0;
        Self {
            client: inner.clone(),
            operation,
            ids: ids.iter().map(|id| (*id).clone()).collect(),
            params: serde_json::to_value(params),
            account: inner.account.clone(),
            headers: Ok(Headers::new()),
            idempotency_key: None,
            timeout_ms: inner.timeout_ms,
            max_retries: inner.max_retries,
            signal: None,
            data: PhantomData,
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
        let mut ids = vec![account.segment().clone()];
        ids.extend(self.ids);
        let unwritable = |_| InvalidArgument::new("params", "cannot be written as JSON");
        let fields = match self.params.map_err(unwritable)? {
            Value::Object(fields) => fields,
            // Parameters of type `()` have no fields.
            _ => Map::new(),
        };
        let mut query = Query::default();
        let mut body = None;
        match self.operation.payload {
            Payload::Nothing => {}
            Payload::Query => fields
                .iter()
                .for_each(|(name, value)| query.push(name, &query_value(value))),
            Payload::Body(rules) => {
                validate(rules, |name| kind(fields.get(name)))?;
                body = Some(JsString::from(Value::Object(fields).to_string()));
            }
        }
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
            fetch: self.client.fetch.clone(),
            wanted: None,
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
    pub(crate) async fn perform(self) -> Result<Success, Error> {
        use_globals();
        let prepared = self.prepare()?;
        Exchange::start(prepared)?.await
    }
}

impl<T: DeserializeOwned> RequestBuilder<T> {
    /// Sends the call; returns the response along with its body.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn with_response(self) -> Result<WithResponse<T>, Error> {
        let Success { data, head, info } = self.perform().await?;
        let data = data.unwrap_or(JsValue::UNDEFINED);
        let body = decode(data.clone()).map_err(|message| {
            Error::Decode(Box::new(DecodeError {
                message,
                body: data,
                info,
            }))
        })?;
        let (rate_limit, retry_after) = head.limits();
        Ok(WithResponse {
            body,
            response: Response::from(Clone::clone(head.response())),
            rate_limit,
            retry_after,
            attempts: info.attempts,
        })
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for RequestBuilder<T> {
    type Output = Result<Envelope<T>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { Ok(self.with_response().await?.body) })
    }
}

fn kind(value: Option<&Value>) -> JsonKind {
    match value {
        None => JsonKind::Absent,
        Some(Value::Bool(_)) => JsonKind::Bool,
        Some(Value::String(_)) => JsonKind::Text,
        Some(Value::Array(items)) => JsonKind::List {
            length: u32::try_from(items.len()).unwrap_or(u32::MAX),
            texts: items
                .iter()
                .all(|item| item.as_str().is_some_and(|text| !text.is_empty())),
        },
        Some(_) => JsonKind::Other,
    }
}

fn query_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
