//! One attempt over `fetch`: the request goes out, the answer is read to its end, in time.

use crate::answer::{self, Body};
use crate::attempts::Attempts;
use crate::call::{self, Prepared};
use crate::error::{Error, InvalidArgument};
use crate::hints::{RateLimit, RetryHints};
use crate::js;
use crate::operation::Method;
use crate::retry::Failed;
use crate::stop::{Data, Head, Stop};
use js_sys::{Date, Math};
use wasm_bindgen::prelude::*;

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
    /// Its body.
    pub(crate) content: Content,
    /// Its head.
    pub(crate) head: Head,
    /// How many requests were sent.
    pub(crate) attempts: u32,
}

/// The body of an answer.
pub(crate) enum Content {
    /// The caller reads it.
    Unread,
    /// There is none.
    Nothing,
    /// What it says.
    Data(Data),
}

/// An attempt that failed: how, and what there is to show for it.
struct Missed {
    failed: Failed,
    /// Why the connection failed.
    cause: JsValue,
    /// The answer that says no, of which only the head has been read.
    head: Option<Head>,
}

/// Payload a call until there is an answer or a failure that is final. (One function, though a long
/// one: each `async` function within another is a state machine within another in the wasm.)
pub(crate) async fn perform(call: &Prepared) -> Result<Answer, Error> {
    let not_a_signal = |_| InvalidArgument::new("signal", "must be an AbortSignal");
    let stop = Stop::new(call).map_err(not_a_signal)?;
    let repeat = call.request.operation.idempotency;
    let mut attempts = Attempts::new(repeat, call.before, call.max_retries);
    loop {
        if stop.aborted() {
            return Err(Error::Aborted(attempts.trail));
        }
        attempts.start();
        let mut attempt = stop.attempt();
        let missed = 'attempt: {
            // The head of the answer; redirects are followed within the origin.
            let mut redirected: Option<String> = None;
            let mut redirects = 0;
            let head = loop {
                let url = redirected.as_deref().unwrap_or(&call.request.url);
                let head = match stop.send(&attempt, url).await {
                    Ok(head) => head,
                    Err(lost) => break 'attempt before_head(lost),
                };
                match redirection(call, &head, url) {
                    Some(next) if redirects < MOST_REDIRECTS => redirected = Some(next),
                    _ => break head,
                }
                redirects += 1;
            };
            if !(200..300).contains(&head.status()) {
                break 'attempt refusal(head);
            }

            // Its body. Of a call that nobody has asked anything of yet, the `Response` may still
            // be wanted unread.
            let (data, response) = head.wanted();
            let content = if response && !data {
                stop.hand_over(&mut attempt);
                Content::Unread
            } else {
                let body = stop.read(&head, answer::body(&head), !data).await;
                let content = match body {
                    Ok(data) => Content::Data(data),
                    // Asked only now: nearly every answer has content.
                    Err(Lost::Rejected(_)) if answer::is_empty(&head) => Content::Nothing,
                    Err(lost) => break 'attempt after_head(lost),
                };
                attempt.done();
                content
            };
            return Ok(Answer {
                content,
                head,
                attempts: attempts.trail.attempts,
            });
        };

        match (attempts.after(&missed.failed, Math::random()), missed.head) {
            (Some(wait), _) => {
                // What the refusal holds open is let go before the wait.
                drop(attempt);
                // If the caller aborts, that is told above.
                let _ = stop.wait(wait).await;
            }
            (None, Some(head)) => {
                let text = stop.read(&head, Body::Text, false).await;
                // A body that does not arrive leaves the status to speak; only the caller's
                // abort is more than that.
                let text = match text {
                    Ok(text) => {
                        attempt.done();
                        text.value()
                    }
                    Err(Lost::Stopped(Why::Aborted)) => return Err(Error::Aborted(attempts.trail)),
                    Err(_) => JsValue::UNDEFINED,
                };
                return Err(call::refused(call, head, &text, attempts.trail));
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

/// Where an answer sends us on to, if we follow: within the origin, and with the same method.
fn redirection(call: &Prepared, head: &Head, from: &str) -> Option<String> {
    let same_method = match head.status() {
        307 | 308 => true,
        301..=303 => call.request.operation.method == Method::Get,
        _ => return None,
    };
    let from = js::url(from, &JsValue::UNDEFINED).ok()?;
    let to = js::url(&head.header("location")?, &from).ok()?;
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
        head: None,
    }
}

/// An attempt whose answer says no.
fn refusal(head: Head) -> Missed {
    Missed {
        failed: Failed::Status(head.status(), retry_hints(&head)),
        cause: JsValue::UNDEFINED,
        head: Some(head),
    }
}

/// What an answer's headers say about sending again.
fn retry_hints(head: &Head) -> RetryHints {
    RetryHints::read(
        |name| head.header(name),
        |date| Some(Date::parse(date) - Date::now()),
    )
}

/// What an answer's headers say of limits: its `Ratelimit`, and after how many seconds the server
/// wants to be asked again.
pub(crate) fn limits(head: &Head) -> (Option<RateLimit>, Option<f64>) {
    let limit = head
        .header("ratelimit")
        .and_then(|text| RateLimit::parse(&text));
    let seconds = retry_hints(head).wait_ms.map(|ms| ms / 1000.0);
    (limit, seconds)
}
