//! A call for Rust: set up, then awaited.

use crate::call::{self, Prepared};
use crate::client::{Client, Inside};
use crate::error::{Error, InvalidArgument};
use crate::header::Headers;
use crate::hints::RateLimit;
use crate::id::{AccountId, Segment};
use crate::models::Reply;
use crate::operation::{Operation, Payload};
use crate::request::{Parts, Query};
use crate::stop::Held;
use crate::transport::{self, Content};
use crate::validation::{self, JsonKind};
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
pub struct Call<T> {
    client: Rc<Inside>,
    operation: &'static Operation,
    ids: Vec<Segment>,
    params: Result<Value, serde_json::Error>,
    account: Option<AccountId>,
    headers: Result<Headers, InvalidArgument>,
    idempotency_key: Option<String>,
    timeout_ms: u32,
    max_retries: u32,
    signal: Option<AbortSignal>,
    answer: PhantomData<T>,
}

/// An answer, with what came around it.
#[non_exhaustive]
pub struct Answered<T> {
    /// The answer.
    pub reply: Reply<T>,
    /// The `Response`, its body read.
    pub response: Response,
    /// What its `Ratelimit` header says.
    pub rate_limit: Option<RateLimit>,
    /// After how many seconds the server wants to be asked again.
    pub retry_after: Option<f64>,
    /// How many requests were sent.
    pub attempts: u32,
}

impl<T> Call<T> {
    /// A call of an operation, with the IDs of its path but for the account.
    pub(crate) fn new(
        client: &Client,
        operation: &'static Operation,
        ids: &[&Segment],
        params: impl Serialize,
    ) -> Self {
        let inside = &client.0;
        Self {
            client: inside.clone(),
            operation,
            ids: ids.iter().map(|id| (*id).clone()).collect(),
            params: serde_json::to_value(params),
            account: inside.account.clone(),
            headers: Ok(Headers::new()),
            idempotency_key: None,
            timeout_ms: inside.timeout_ms,
            max_retries: inside.max_retries,
            signal: None,
            answer: PhantomData,
        }
    }

    /// The account, if it is not the client's.
    pub fn account(mut self, account: &AccountId) -> Self {
        self.account = Some(account.clone());
        self
    }

    /// Sets a header, or with `None` leaves one out.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        if let Ok(headers) = &mut self.headers
            && let Err(invalid) = headers.change(name, value)
        {
            self.headers = Err(invalid);
        }
        self
    }

    /// How long an attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout_ms = millis(timeout);
        self
    }

    /// How often it may be sent again.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Lets `signal` abort it, at any time.
    pub fn signal(mut self, signal: &AbortSignal) -> Self {
        self.signal = Some(signal.clone());
        self
    }

    /// Payload an `Idempotency-Key`, by which the gateway knows a repeat; Cloudflare's API knows
    /// none. A poll has one of its own if none is given.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Checks what was given.
    fn prepare(self) -> Result<Prepared, InvalidArgument> {
        let account = self
            .account
            .ok_or(InvalidArgument::new(call::ACCOUNT, call::NO_ACCOUNT))?;
        let mut ids = vec![account.segment().clone()];
        ids.extend(self.ids);
        // A parameter that is nothing (`()`) has no fields.
        let fields = match self.params.map_err(|_| UNWRITABLE)? {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let mut query = Query::default();
        let mut body = None;
        match self.operation.payload {
            Payload::Nothing => {}
            Payload::Query => fields
                .iter()
                .for_each(|(name, value)| query.push(name, &in_query(value))),
            Payload::Body(rules) => {
                validation::validate(rules, |name| shape(fields.get(name)))?;
                body = Some(JsString::from(Value::Object(fields).to_string()));
            }
        }
        let parts = Parts {
            ids,
            query,
            headers: self.headers?,
            idempotency_key: self.idempotency_key,
            body: body.is_some(),
        };
        let held = Held {
            body,
            signal: self.signal,
        };
        let base = &self.client.base;
        Prepared::new(
            base,
            self.operation,
            parts,
            self.timeout_ms,
            self.max_retries,
            held,
        )
    }
}

impl<T: DeserializeOwned> Call<T> {
    /// Payload it, and gives the answer with what came around it.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn with_response(self) -> Result<Answered<T>, Error> {
        let operation = self.operation;
        let prepared = self.prepare()?;
        let answer = transport::perform(&prepared).await?;
        let attempts = answer.attempts;
        let body = match answer.content {
            Content::Data(data) => data.value(),
            Content::Nothing | Content::Unread => JsValue::UNDEFINED,
        };
        let reply =
            serde_wasm_bindgen::from_value(body.clone()).map_err(|error| Error::Unreadable {
                reason: format!("The answer is not of the form described: {error}"),
                body,
                trail: call::answered(operation, attempts),
            })?;
        let (rate_limit, retry_after) = transport::limits(&answer.head);
        Ok(Answered {
            reply,
            rate_limit,
            retry_after,
            response: Response::from(answer.head.0),
            attempts,
        })
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for Call<T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { Ok(self.with_response().await?.reply) })
    }
}

const UNWRITABLE: InvalidArgument = InvalidArgument::new("params", "cannot be written as JSON");

/// As much of a field as its rule needs to know.
fn shape(value: Option<&Value>) -> JsonKind {
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

/// A value as it stands in a query.
fn in_query(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Timers count in whole milliseconds, up to 49 days.
pub(crate) fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
