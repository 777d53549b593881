//! A call in progress: attempts until there is a response or a final failure.

use super::attempts::{AttemptInfo, Attempts};
use super::cancellation::{AbortReason, Attempt, Cancellation, FetchError};
use super::error::{ApiError, Error};
use super::error_message;
use super::fetch;
use super::prepared::{PreparedRequest, Wanted};
use super::response::{BodyKind, ResponseHead};
use super::retry::AttemptError;
use crate::js;
use crate::operation::{Idempotency, Method};
use js_sys::Math;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use wasm_bindgen::{JsCast, JsValue};

/// How many redirects within the origin are followed.
const MAX_REDIRECTS: u32 = 5;

/// The codes with which Node's `fetch` and node-fetch report failures before anything is sent.
const NEVER_SENT: [&str; 4] = [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "UND_ERR_CONNECT_TIMEOUT",
];

/// A successful response.
pub(crate) struct Success {
    /// Its body; `None` if it is left to the caller.
    pub(crate) data: Option<JsValue>,
    pub(crate) head: ResponseHead,
    /// What is known about the attempts, whatever becomes of a body that is not read yet.
    pub(crate) info: AttemptInfo,
}

/// What a call waits for.
#[derive(Clone, Copy)]
enum Awaited {
    /// The head of a response.
    Head,
    /// What the caller wants of a successful response.
    Wish,
    /// The body of a successful response.
    Body,
    /// The body of an error response.
    ErrorBody,
    /// The time of the next attempt.
    Backoff,
}

/// A call in progress. It awaits one thing after the other. (Written by hand and not as an `async` function, whose
/// states would be twice as large in the wasm.)
pub(crate) struct Exchange {
    call: PreparedRequest,
    cancellation: Cancellation,
    attempts: Attempts,
    attempt: Attempt,
    /// Where the last redirect led, and how many there were in this attempt.
    redirected: Option<String>,
    redirects: u32,
    awaited: Awaited,
    /// The response whose body is awaited.
    head: ResponseHead,
}

/// What follows: the response, an error, or (`None`) more to wait for.
type Next = Result<Option<Success>, Error>;

impl Exchange {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// If the caller's signal is aborted already, or is no `AbortSignal`.
    pub(crate) fn start(call: PreparedRequest) -> Result<Box<Self>, Error> {
        let attempts = Attempts::new(call.head.operation.idempotency, call.max_retries);
        let mut exchange = Self::new(call, attempts, ResponseHead::default())?;
        exchange.send_first()?;
        Ok(exchange)
    }

    /// Reads the body of a successful response that was left to the caller at first.
    #[cfg(realtimekit_npm)]
    pub(crate) fn read_late(
        call: PreparedRequest,
        head: ResponseHead,
        info: AttemptInfo,
    ) -> Result<Box<Self>, Error> {
        let mut attempts = Attempts::new(Idempotency::Safe, 0);
        attempts.info = info;
        let mut exchange = Self::new(call, attempts, head)?;
        exchange.read(exchange.head.body_kind(), false);
        Ok(exchange)
    }

    fn new(
        call: PreparedRequest,
        attempts: Attempts,
        head: ResponseHead,
    ) -> Result<Box<Self>, Error> {
        let cancellation = Cancellation::new(call.handles.signal.as_ref())?;
        Ok(Box::new(Self {
            attempt: cancellation.attempt(call.timeout_ms),
            cancellation,
            call,
            attempts,
            redirected: None,
            redirects: 0,
            awaited: Awaited::Wish,
            head,
        }))
    }

    /// Sends the first request of an attempt.
    fn send_first(&mut self) -> Next {
        if self.cancellation.is_aborted() {
            return Err(Error::Aborted(self.attempts.info));
        }
        self.attempts.start();
        self.redirected = None;
        self.redirects = 0;
        self.send()
    }

    fn url(&self) -> &str {
        self.redirected.as_deref().unwrap_or(&self.call.head.url)
    }

    fn send(&mut self) -> Next {
        let response = fetch::send(&self.call, self.attempt.controller.as_ref(), self.url());
        self.cancellation.wait_for(response);
        self.awaited = Awaited::Head;
        Ok(None)
    }

    fn read(&mut self, kind: BodyKind, copy: bool) {
        self.cancellation
            .wait_for(fetch::read(&self.head, kind, copy));
        self.awaited = Awaited::Body;
    }

    /// Continues with what was awaited.
    fn advance(&mut self, outcome: Result<JsValue, FetchError>) -> Next {
        match (self.awaited, outcome) {
            // An abort is noticed by the next attempt.
            (Awaited::Backoff, _) => {
                self.attempt = self.cancellation.attempt(self.call.timeout_ms);
                self.send_first()
            }
            (Awaited::Wish, _) => self.on_wish(),
            (Awaited::ErrorBody, outcome) => self.on_error_body(outcome),
            (_, Err(FetchError::Cancelled(reason))) => self.fail(reason.into(), JsValue::UNDEFINED),
            (Awaited::Head, Ok(response)) => {
                if !response.is_object() {
                    let cause = js_sys::TypeError::new("fetch answered with no Response");
                    return self.on_lost(cause.into());
                }
                self.head = ResponseHead::new(response.unchecked_into());
                self.on_head()
            }
            (Awaited::Head, Err(FetchError::Rejected(cause))) => self.on_lost(cause),
            (Awaited::Body, Ok(data)) => self.succeed(Some(data)),
            (Awaited::Body, Err(FetchError::Rejected(cause))) => {
                if self.head.is_empty() {
                    return self.succeed(Some(JsValue::UNDEFINED));
                }
                self.fail(AttemptError::CutOff, cause)
            }
        }
    }

    fn on_head(&mut self) -> Next {
        self.call.read_features(&self.head);
        if self.redirects < MAX_REDIRECTS
            && let Ok(next) = redirect(&self.call, &self.head, self.url())
        {
            self.redirects += 1;
            self.redirected = Some(next);
            return self.send();
        }
        if !self.head.is_success() {
            let failed = AttemptError::Status(self.head.status(), self.head.retry_hints());
            return self.fail(failed, JsValue::UNDEFINED);
        }
        let wanted = self.call.handles.wanted.as_ref();
        if wanted.is_some_and(|wanted| !wanted.wants_data() && !wanted.wants_response()) {
            // An `await` says what it wants one turn after the call.
            self.cancellation.wait_for(Ok(JsValue::UNDEFINED));
            self.awaited = Awaited::Wish;
            return Ok(None);
        }
        self.on_wish()
    }

    fn on_wish(&mut self) -> Next {
        let wanted = self.call.handles.wanted.as_ref();
        let wants_data = wanted.is_none_or(Wanted::wants_data);
        // If nothing was asked for even now, the `Response` may still be wanted unread.
        if !wants_data && wanted.is_some_and(Wanted::wants_response) {
            let response = self.head.response();
            let response = self.cancellation.hand_over(&mut self.attempt, response);
            self.head = ResponseHead::new(response);
            return self.succeed(None);
        }
        self.read(self.head.body_kind(), !wants_data);
        Ok(None)
    }

    fn succeed(&mut self, data: Option<JsValue>) -> Next {
        self.attempt.done();
        let mut info = self.attempts.info;
        info.maybe_applied |= self.call.head.operation.idempotency != Idempotency::Safe;
        Ok(Some(Success {
            data,
            head: mem::take(&mut self.head),
            info,
        }))
    }

    fn on_lost(&mut self, cause: JsValue) -> Next {
        // A framework steers rendering by exceptions of its own. They must reach it.
        if js::get(&cause, "digest").is_string() {
            let info = self.attempts.info;
            return Err(Error::Connection { cause, info });
        }
        let code = |value: &JsValue| js::get(value, "code").as_string();
        let code = code(&js::get(&cause, "cause")).or_else(|| code(&cause));
        let sent = !code.is_some_and(|code| NEVER_SENT.contains(&code.as_str()));
        self.fail(AttemptError::Lost { sent }, cause)
    }

    /// After a failed attempt, waits for the next one, or ends with the error.
    fn fail(&mut self, failed: AttemptError, cause: JsValue) -> Next {
        if self.call.is_remembered() {
            self.attempts.repeats_are_harmless();
        }
        if let Some(ms) = self.attempts.next_backoff(&failed, Math::random()) {
            // Releases the connection of an error response before the wait.
            self.attempt = self.cancellation.pause(ms);
            self.awaited = Awaited::Backoff;
            return Ok(None);
        }
        let info = self.attempts.info;
        Err(match failed {
            AttemptError::Status(..) => {
                self.read(BodyKind::Text, false);
                self.awaited = Awaited::ErrorBody;
                return Ok(None);
            }
            AttemptError::Aborted => Error::Aborted(info),
            AttemptError::TimedOut => Error::TimedOut(info),
            AttemptError::Lost { .. } | AttemptError::CutOff => Error::Connection { cause, info },
        })
    }

    fn on_error_body(&mut self, outcome: Result<JsValue, FetchError>) -> Next {
        let info = self.attempts.info;
        let text = match outcome {
            Err(FetchError::Cancelled(AbortReason::Aborted)) => return Err(Error::Aborted(info)),
            Ok(text) => {
                self.attempt.done();
                text
            }
            // The status alone is an error, too.
            Err(_) => JsValue::UNDEFINED,
        };
        let refusal = redirect(&self.call, &self.head, self.url());
        let refusal = refusal.err().unwrap_or("there are too many");
        Err(api_error(
            &self.call,
            mem::take(&mut self.head),
            refusal,
            &text,
            info,
        ))
    }
}

impl Future for Exchange {
    type Output = Result<Success, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let outcome = ready!(self.cancellation.poll(context));
            if let Some(result) = self.advance(outcome).transpose() {
                return Poll::Ready(result);
            }
        }
    }
}

/// Where a redirect leads, if it is followed: within the origin, and with the same method. Else why it is not; empty if
/// the response is no redirect.
fn redirect(
    call: &PreparedRequest,
    head: &ResponseHead,
    from: &str,
) -> Result<String, &'static str> {
    let same_method = match head.status() {
        307 | 308 => true,
        301..=303 => call.head.operation.method == Method::Get,
        _ => return Err(""),
    };
    let location = head.header("location").ok_or("it has no Location")?;
    let invalid = |_| "its Location is no URL";
    let from = js::url(from, &JsValue::UNDEFINED).map_err(invalid)?;
    let to = js::url(&location, &from).map_err(invalid)?;
    if js::get(&to, "origin") != js::get(&from, "origin") {
        return Err("it leads to another origin");
    }
    if !same_method {
        return Err("its method would change");
    }
    let href = js::get(&to, "href").as_string();
    href.ok_or("its Location is no URL")
}

/// The error of an error response.
fn api_error(
    call: &PreparedRequest,
    head: ResponseHead,
    refusal: &str,
    text: &JsValue,
    info: AttemptInfo,
) -> Error {
    if head.is_hidden_redirect() {
        let cause = js_sys::TypeError::new(
            "The server redirects. A browser does not say where to, and the token goes only to \
             the base URL's origin.",
        );
        return Error::Connection {
            cause: cause.into(),
            info,
        };
    }
    let status = head.status();
    let body = js::parse_json(text);
    let message = if refusal.is_empty() {
        error_message::message(status, &body, text)
    } else {
        let mut reason = String::from("redirect not followed: ");
        reason.push_str(refusal);
        error_message::with_status(status, &reason)
    };
    let (rate_limit, retry_after) = head.limits();
    Error::Api(Box::new(ApiError {
        status,
        message: call.head.headers.redact(message),
        body,
        head,
        rate_limit,
        retry_after,
        info,
    }))
}
