//! Performs a call: attempts until there is a response or a final failure.

use super::attempts::{AttemptInfo, Attempts};
use super::cancellation::{AbortReason, Cancellation, FetchError};
use super::error::{ApiError, Error};
use super::error_message;
use super::fetch;
use super::prepared::{PreparedRequest, Wanted};
use super::response::{BodyKind, ResponseHead};
use super::retry::AttemptError;
use crate::js;
use crate::operation::{Idempotency, Method};
use js_sys::Math;
use wasm_bindgen::JsValue;
#[cfg(realtimekit_npm)]
use web_sys::AbortSignal;

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

/// An attempt that failed.
struct FailedAttempt {
    error: AttemptError,
    /// Why the connection failed.
    cause: JsValue,
    /// The error response, whose body is unread.
    head: Option<ResponseHead>,
}

/// Sends a call until there is a response or a final failure. (One long function: each `async` function in another is
/// a state machine of its own in the wasm.)
pub(crate) async fn perform(call: &PreparedRequest) -> Result<Success, Error> {
    let cancellation = Cancellation::new(call.handles.signal.as_ref())?;
    let operation = call.head.operation;
    let mut attempts = Attempts::new(operation.idempotency, call.max_retries);
    loop {
        if cancellation.is_aborted() {
            return Err(Error::Aborted(attempts.info));
        }
        attempts.start();
        let mut attempt = cancellation.attempt(call.timeout_ms);
        let failed = 'attempt: {
            let mut redirected: Option<String> = None;
            let mut redirects = 0;
            let head = loop {
                let url = redirected.as_deref().unwrap_or(&call.head.url);
                let head = match fetch::send(call, &cancellation, &attempt, url).await {
                    Ok(head) => head,
                    Err(error) => break 'attempt failed_before_head(error),
                };
                match redirect(call, &head, url) {
                    Some(next) if redirects < MAX_REDIRECTS => redirected = Some(next),
                    _ => break head,
                }
                redirects += 1;
            };
            if !head.is_success() {
                break 'attempt failed_by_status(head);
            }

            let wanted = call.handles.wanted.as_ref();
            if wanted.is_some_and(|wanted| !wanted.wants_data() && !wanted.wants_response()) {
                // An `await` says what it wants one turn after the call.
                let _ = cancellation.race(Ok(JsValue::UNDEFINED)).await;
            }
            let wants_data = wanted.is_none_or(Wanted::wants_data);
            // If nothing was asked for even then, the `Response` may still be wanted unread.
            let data = if !wants_data && wanted.is_some_and(Wanted::wants_response) {
                cancellation.hand_over(attempt);
                None
            } else {
                let copy = !wants_data;
                match fetch::read(&head, &cancellation, head.body_kind(), copy).await {
                    Ok(data) => {
                        attempt.done();
                        Some(data)
                    }
                    Err(FetchError::Rejected(_)) if head.is_empty() => Some(JsValue::UNDEFINED),
                    Err(error) => break 'attempt failed_in_body(error),
                }
            };
            return Ok(Success {
                data,
                head,
                info: AttemptInfo {
                    attempts: attempts.info.attempts,
                    maybe_applied: operation.idempotency != Idempotency::Safe,
                },
            });
        };

        let backoff = attempts.next_backoff(&failed.error, Math::random());
        match (backoff, failed.head) {
            (Some(ms), _) => {
                // Releases the connection of an error response before the wait.
                drop(attempt);
                cancellation.pause(ms).await;
            }
            (None, Some(head)) => {
                let text = match fetch::read(&head, &cancellation, BodyKind::Text, false).await {
                    Ok(text) => {
                        attempt.done();
                        text
                    }
                    Err(FetchError::Cancelled(AbortReason::Aborted)) => {
                        return Err(Error::Aborted(attempts.info));
                    }
                    // The status alone is an error, too.
                    Err(_) => JsValue::UNDEFINED,
                };
                return Err(api_error(call, head, &text, attempts.info));
            }
            (None, None) => return Err(error(failed.error, failed.cause, attempts.info)),
        }
    }
}

/// Reads the body of a successful response that was left to the caller at first.
#[cfg(realtimekit_npm)]
pub(crate) async fn read_late(
    head: &ResponseHead,
    signal: Option<&AbortSignal>,
    timeout_ms: u32,
    info: AttemptInfo,
) -> Result<JsValue, Error> {
    let cancellation = Cancellation::new(signal)?;
    let mut attempt = cancellation.attempt(timeout_ms);
    match fetch::read(head, &cancellation, head.body_kind(), false).await {
        Ok(data) => {
            attempt.done();
            Ok(data)
        }
        Err(FetchError::Rejected(_)) if head.is_empty() => Ok(JsValue::UNDEFINED),
        Err(failed) => {
            let FailedAttempt {
                error: failed,
                cause,
                ..
            } = failed_in_body(failed);
            Err(error(failed, cause, info))
        }
    }
}

/// Where a redirect leads, if it is followed: within the origin, and with the same method.
fn redirect(call: &PreparedRequest, head: &ResponseHead, from: &str) -> Option<String> {
    let same_method = match head.status() {
        307 | 308 => true,
        301..=303 => call.head.operation.method == Method::Get,
        _ => return None,
    };
    let from = js::url(from, &JsValue::UNDEFINED).ok()?;
    let to = js::url(&head.header("location")?, &from).ok()?;
    let same_origin = js::get(&to, "origin") == js::get(&from, "origin");
    (same_method && same_origin)
        .then(|| js::get(&to, "href").as_string())
        .flatten()
}

fn failed_before_head(error: FetchError) -> FailedAttempt {
    failed(error, |cause| {
        let code = |value: &JsValue| js::get(value, "code").as_string();
        let code = code(&js::get(cause, "cause")).or_else(|| code(cause));
        let sent = !code.is_some_and(|code| NEVER_SENT.contains(&code.as_str()));
        AttemptError::Lost { sent }
    })
}

fn failed_in_body(error: FetchError) -> FailedAttempt {
    failed(error, |_| AttemptError::CutOff)
}

fn failed(error: FetchError, rejected: fn(&JsValue) -> AttemptError) -> FailedAttempt {
    let (error, cause) = match error {
        FetchError::Cancelled(AbortReason::Aborted) => (AttemptError::Aborted, JsValue::UNDEFINED),
        FetchError::Cancelled(AbortReason::TimedOut) => {
            (AttemptError::TimedOut, JsValue::UNDEFINED)
        }
        FetchError::Rejected(cause) => (rejected(&cause), cause),
    };
    FailedAttempt {
        error,
        cause,
        head: None,
    }
}

fn failed_by_status(head: ResponseHead) -> FailedAttempt {
    FailedAttempt {
        error: AttemptError::Status(head.status(), head.retry_hints()),
        cause: JsValue::UNDEFINED,
        head: Some(head),
    }
}

/// The error of a call that got no response.
fn error(failed: AttemptError, cause: JsValue, info: AttemptInfo) -> Error {
    match failed {
        AttemptError::Aborted => Error::Aborted(info),
        AttemptError::TimedOut => Error::TimedOut(info),
        _ => Error::Connection { cause, info },
    }
}

/// The error of an error response.
fn api_error(
    call: &PreparedRequest,
    head: ResponseHead,
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
    let message = if matches!(status, 301..=303 | 307 | 308) {
        error_message::with_status(status, "redirect not followed: the token goes nowhere else")
    } else {
        error_message::message(status, &body, text)
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
