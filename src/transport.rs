//! One attempt over `fetch`: the request goes out, the answer is read to its end, in time. A
//! `fetch` of the caller's own is called as the global one is, with a URL and its options.

use crate::answer::{self, Body};
use crate::attempts::Attempts;
#[cfg(feature = "npm")]
use crate::awaiting::Stop;
use crate::call::{self, Prepared};
use crate::error::{Error, Invalid};
use crate::hints::{RateLimit, RetryHints};
use crate::js;
use crate::operation::Method;
use crate::retry::Failed;
#[cfg(not(feature = "npm"))]
use crate::stop::Stop;
use js_sys::{Date, Math};
use wasm_bindgen::prelude::*;
use web_sys::Response;

/// How many redirects within the origin are followed.
const MOST_REDIRECTS: u32 = 5;

/// What Node's `fetch` and node-fetch call the failures that come before anything is sent.
const NEVER_SENT: [&str; 4] = [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "UND_ERR_CONNECT_TIMEOUT",
];

/// Why a wait was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The caller's signal was aborted.
    Aborted,
    /// The timer ran out.
    TimedOut,
}

/// Why there is nothing to show for a wait.
pub(crate) enum Lost {
    /// It was stopped.
    Stopped(Why),
    /// The promise was rejected.
    Rejected(JsValue),
}

/// An answer that says yes.
pub(crate) struct Answer {
    /// The body; `None` if the caller reads the `Response` itself.
    pub(crate) data: Option<JsValue>,
    /// The `Response`.
    pub(crate) response: Response,
    /// How many requests were sent.
    pub(crate) attempts: u32,
}

/// An attempt that failed: how, and what there is to show for it.
struct Missed {
    failed: Failed,
    /// Why the connection failed.
    cause: JsValue,
    /// The answer that says no, of which only the head has been read.
    response: Option<Response>,
}

/// Sends a call until there is an answer or a failure that is final. (One function, though a long
/// one: each `async` function within another is a state machine within another in the wasm.)
pub(crate) async fn perform(call: &Prepared) -> Result<Answer, Error> {
    let not_a_signal = |_| Invalid::new("signal", "must be an AbortSignal");
    let stop = Stop::new(call).map_err(not_a_signal)?;
    let repeat = call.request.operation.repeat;
    let mut attempts = Attempts::new(repeat, call.before, call.max_retries);
    loop {
        // Of an answer that is there nothing is undone by an abort: the race below tells of it.
        if stop.aborted() && call.late.is_none() {
            return Err(Error::Aborted(attempts.trail));
        }
        attempts.start();
        let mut attempt = stop.attempt();
        let missed = 'attempt: {
            // The head of the answer; redirects are followed within the origin.
            let mut response = call.late.clone();
            let mut url = call.request.url.clone();
            let mut redirects = 0;
            let response = loop {
                if let Some(response) = response {
                    break response;
                }
                let got = match stop.send(&attempt, &url).await.and_then(as_response) {
                    Ok(got) => got,
                    Err(lost) => break 'attempt before_head(lost),
                };
                match redirected(call, &got, &url) {
                    Some(next) if redirects < MOST_REDIRECTS => url = next,
                    _ => response = Some(got),
                }
                redirects += 1;
            };
            let status = answer::status(&response);
            if !(200..300).contains(&status) {
                break 'attempt refusal(status, response);
            }

            // Its body.
            let (data, response_only) = match stop.wanted() {
                (false, true) => (false, true),
                (data, _) => (data, false),
            };
            if response_only {
                stop.hand_over(&mut attempt);
                return Ok(Answer {
                    data: None,
                    response,
                    attempts: attempts.trail.attempts,
                });
            }
            // Of a call that nobody has asked anything of yet, the `Response` may still be wanted
            // unread.
            let how = answer::body(status, &response);
            let body = stop.read(&response, how, !data).await;
            let data = match body {
                Ok(data) => data,
                // Asked only now: nearly every answer has content.
                Err(Lost::Rejected(_)) if answer::is_empty(&response) => JsValue::UNDEFINED,
                Err(lost) => break 'attempt after_head(lost),
            };
            attempt.done();
            return Ok(Answer {
                data: Some(data),
                response,
                attempts: attempts.trail.attempts,
            });
        };

        match (
            attempts.after(&missed.failed, Math::random()),
            missed.response,
        ) {
            (Some(wait), _) => {
                // What the refusal holds open is let go before the wait.
                drop(attempt);
                // If the caller aborts, that is told above.
                let _ = stop.wait(wait).await;
            }
            (None, Some(response)) => {
                let text = stop.read(&response, Body::Text, false).await;
                // A body that does not arrive leaves the status to speak; only the caller's
                // abort is more than that.
                let text = match text {
                    Ok(text) => {
                        attempt.done();
                        text
                    }
                    Err(Lost::Stopped(Why::Aborted)) => return Err(Error::Aborted(attempts.trail)),
                    Err(_) => JsValue::UNDEFINED,
                };
                return Err(call::refused(call, response, &text, attempts.trail));
            }
            (None, None) => {
                return Err(match missed.failed {
                    Failed::Aborted => Error::Aborted(attempts.trail),
                    Failed::TimedOut => Error::TimedOut(attempts.trail),
                    _ => Error::Connection {
                        cause: missed.cause,
                        trail: attempts.trail,
                    },
                });
            }
        }
    }
}

fn as_response(answer: JsValue) -> Result<Response, Lost> {
    if answer.is_object() {
        return Ok(answer.unchecked_into());
    }
    let error = js_sys::TypeError::new("fetch answered with no Response");
    Err(Lost::Rejected(error.into()))
}

/// Where an answer sends us on to, if we follow: within the origin, and with the same method.
fn redirected(call: &Prepared, response: &Response, from: &str) -> Option<String> {
    let same_method = match answer::status(response) {
        307 | 308 => true,
        301..=303 => call.request.operation.method == Method::Get,
        _ => return None,
    };
    let from = js::url(from, &JsValue::UNDEFINED).ok()?;
    let to = js::url(&answer::header(response, "location")?, &from).ok()?;
    let same_origin = js::get(&to, "origin") == js::get(&from, "origin");
    (same_method && same_origin)
        .then(|| js::get(&to, "href").as_string())
        .flatten()
}

/// An attempt that ended before its answer's head arrived.
fn before_head(lost: Lost) -> Missed {
    missed(lost, |cause| {
        let code = |value: &JsValue| js::get(value, "code").as_string();
        let code = code(&js::get(cause, "cause")).or_else(|| code(cause));
        let sent = !code.is_some_and(|code| NEVER_SENT.contains(&code.as_str()));
        Failed::Lost { sent }
    })
}

/// An attempt whose answer says yes, but did not arrive whole.
fn after_head(lost: Lost) -> Missed {
    missed(lost, |_| Failed::CutOff)
}

fn missed(lost: Lost, rejected: fn(&JsValue) -> Failed) -> Missed {
    let (failed, cause) = match lost {
        Lost::Stopped(Why::Aborted) => (Failed::Aborted, JsValue::UNDEFINED),
        Lost::Stopped(Why::TimedOut) => (Failed::TimedOut, JsValue::UNDEFINED),
        Lost::Rejected(cause) => (rejected(&cause), cause),
    };
    Missed {
        failed,
        cause,
        response: None,
    }
}

/// An attempt whose answer says no.
fn refusal(status: u16, response: Response) -> Missed {
    Missed {
        failed: Failed::Status(status, retry_hints(&response)),
        cause: JsValue::UNDEFINED,
        response: Some(response),
    }
}

/// What an answer's headers say about sending again.
fn retry_hints(response: &Response) -> RetryHints {
    RetryHints::read(
        |name| answer::header(response, name),
        |date| Some(Date::parse(date) - Date::now()),
    )
}

/// What an answer's headers say of limits: its `Ratelimit`, and after how many seconds the server
/// wants to be asked again.
pub(crate) fn limits(response: &Response) -> (Option<RateLimit>, Option<f64>) {
    let limit = answer::header(response, "ratelimit").and_then(|text| RateLimit::parse(&text));
    let seconds = retry_hints(response).wait_ms.map(|ms| ms / 1000.0);
    (limit, seconds)
}

/// Whether a browser hid from us where a redirect goes.
pub(crate) fn is_hidden_redirect(response: &Response) -> bool {
    js::get(response, "type") == "opaqueredirect"
}
