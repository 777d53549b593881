//! A call for Rust: set up, then awaited.

use crate::call::{self, Arguments, Options, Settings};
use crate::client::Client;
use crate::error::{Error, Invalid};
use crate::hints::RateLimit;
use crate::id::{AccountId, Segment};
use crate::models::Reply;
use crate::operation::Operation;
use crate::{js, transport};
use gloo_net::http::Response;
use js_sys::Object;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

/// A call to the API. Nothing is sent until it is awaited.
#[must_use = "nothing is sent until it is awaited"]
pub struct Call<T> {
    settings: Rc<Settings>,
    operation: &'static Operation,
    ids: Vec<Segment>,
    params: Box<dyn FnOnce() -> Result<JsValue, serde_wasm_bindgen::Error>>,
    account: Option<AccountId>,
    options: Result<Options, Invalid>,
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
        params: impl Serialize + 'static,
    ) -> Self {
        Self {
            settings: client.0.clone(),
            operation,
            ids: ids.iter().map(|id| (*id).clone()).collect(),
            params: Box::new(move || {
                // Its fields become those of an object, as JSON has it.
                params.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
            }),
            account: None,
            options: Ok(Options::default()),
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
        if let Ok(options) = &mut self.options
            && let Err(invalid) = options.headers.change(name, value)
        {
            self.options = Err(invalid);
        }
        self
    }

    /// How long an attempt may take, the body of its answer included.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|options| options.timeout_ms = Some(millis(timeout)))
    }

    /// How often it may be sent again.
    pub fn max_retries(self, retries: u32) -> Self {
        self.set(|options| options.max_retries = Some(retries))
    }

    /// Lets `signal` abort it, at any time.
    pub fn signal(self, signal: &AbortSignal) -> Self {
        self.set(|options| options.signal = Some(signal.clone()))
    }

    /// Sends an `Idempotency-Key`, by which a gateway knows a repeat. Cloudflare's API knows
    /// none.
    pub fn idempotency_key(self, key: impl Into<String>) -> Self {
        self.set(|options| options.idempotency_key = Some(key.into()))
    }

    fn set(mut self, change: impl FnOnce(&mut Options)) -> Self {
        if let Ok(options) = &mut self.options {
            change(options);
        }
        self
    }
}

impl<T: DeserializeOwned> Call<T> {
    /// Sends it, and gives the answer with what came around it.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn with_response(self) -> Result<Answered<T>, Error> {
        let options = self.options?;
        let params = (self.params)().map_err(|_| UNWRITABLE)?;
        let params: Object = params.dyn_into().unwrap_or_default();
        if let Some(account) = &self.account {
            js::set(&params, "account_id", &JsValue::from_str(account.text()));
        }
        let arguments =
            Arguments::check(&self.settings, self.operation, self.ids, &params, &options)?;
        let (answer, attempts) = call::perform(&self.settings, &arguments, &options, None).await?;
        let body = answer.data.unwrap_or(JsValue::UNDEFINED);
        let reply =
            serde_wasm_bindgen::from_value(body.clone()).map_err(|error| Error::Unreadable {
                reason: error.to_string(),
                body,
                trail: call::answered(self.operation, attempts),
            })?;
        let (rate_limit, retry_after) = transport::limits(&answer.response);
        Ok(Answered {
            reply,
            rate_limit,
            retry_after,
            response: Response::from(answer.response),
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

const UNWRITABLE: Invalid = Invalid::new("params", "cannot be written as JSON");

/// Timers count in whole milliseconds, up to 49 days.
pub(crate) fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
