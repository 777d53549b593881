//! One attempt over `fetch`: the request goes out, the answer is read to its end, in time.
//!
//! gloo-net wraps the answers and their headers. It does not make the call itself: its `send`
//! panics when `fetch` rejects with something that is no `Error`, or answers with a `Response` of
//! another realm, and both happen (a test's mock, a `vm` context, an instrumented page). A
//! `fetch` of the caller's own is called as the global one is, with a URL and its options.

use crate::answer;
use crate::attempts::{Left, Miss, Wire};
use crate::hints::{RateLimit, RetryHints};
use crate::js;
use crate::operation::Method;
use crate::request::Request;
use crate::retry::Failed;
use crate::stop::{Attempt, Stop, Why};
use gloo_net::http::Response;
use js_sys::{Date, Function, JsString, Math, Object};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, RequestInit, RequestRedirect, ResponseType, Url};

/// How many redirects within the origin are followed.
const MOST_REDIRECTS: u32 = 5;

/// What Node's `fetch` and node-fetch call the failures that come before anything is sent.
const NEVER_SENT: [&str; 4] = [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "UND_ERR_CONNECT_TIMEOUT",
];

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;

    /// What the caller of a call in JavaScript wants of its answer, which may change until the
    /// answer's head arrives.
    pub type Wants;

    /// The body, parsed.
    #[wasm_bindgen(method, getter, structural)]
    fn data(this: &Wants) -> bool;

    /// The `Response`.
    #[wasm_bindgen(method, getter, structural)]
    fn response(this: &Wants) -> bool;
}

/// Sends one request over `fetch`.
pub(crate) struct Fetch<'a> {
    pub(crate) request: &'a Request,
    pub(crate) body: Option<&'a JsString>,
    pub(crate) fetch: Option<&'a Function>,
    pub(crate) timeout_ms: u32,
    pub(crate) stop: Stop,
    /// `None`: the body.
    pub(crate) wants: Option<&'a Wants>,
}

/// An answer that says yes.
pub(crate) struct Answer {
    /// The body; `None` if the caller reads the `Response` itself.
    pub(crate) data: Option<JsValue>,
    /// The `Response`.
    pub(crate) response: web_sys::Response,
}

/// An answer that says no. Until it is read or dropped, its attempt's timer runs.
pub(crate) struct Refusal {
    pub(crate) response: web_sys::Response,
    attempt: Attempt,
}

type Missed = Miss<Refusal, JsValue>;

impl Wire for Fetch<'_> {
    type Answer = Answer;
    type Refusal = Refusal;
    type Cause = JsValue;

    async fn attempt(&self) -> Result<Answer, Missed> {
        let mut attempt = self.stop.attempt(self.timeout_ms).map_err(lost)?;
        let opened = self.stop.race(self.open(&attempt)).await;
        let response = opened.map_err(stopped)?.map_err(lost)?;
        if !(200..300).contains(&answer::status(&response)) {
            return Err(refused(response, attempt));
        }
        let (data, response_only) = match self.wants {
            Some(wants) => (wants.data(), !wants.data() && wants.response()),
            None => (true, false),
        };
        if response_only {
            self.stop.hand_over(&mut attempt);
            return Ok(Answer {
                data: None,
                response,
            });
        }
        // Of a call that nobody has asked anything of yet, the `Response` may still be wanted
        // unread.
        let read = if data {
            Clone::clone(&response)
        } else {
            response.clone().map_err(cut_off)?
        };
        let data = self.stop.race(answer::read(&read)).await;
        let data = data.map_err(stopped)?.map_err(cut_off)?;
        attempt.done();
        Ok(Answer {
            data: Some(data),
            response,
        })
    }

    async fn wait(&self, ms: u32) -> bool {
        self.stop.wait(ms).await
    }

    fn aborted(&self) -> bool {
        self.stop.aborted()
    }

    fn random(&self) -> f64 {
        Math::random()
    }
}

impl Fetch<'_> {
    /// Sends the request and follows redirects within its origin; the answer's head is there.
    async fn open(&self, attempt: &Attempt) -> Result<web_sys::Response, JsValue> {
        let signal = attempt.signal();
        let mut url = self.request.url.clone();
        let mut redirects = 0;
        loop {
            let response = self.send(&url, signal.as_ref()).await?;
            match self.redirected(&response, &url) {
                Some(next) if redirects < MOST_REDIRECTS => url = next,
                _ => return Ok(response),
            }
            redirects += 1;
        }
    }

    async fn send(
        &self,
        url: &str,
        signal: Option<&AbortSignal>,
    ) -> Result<web_sys::Response, JsValue> {
        let init = RequestInit::new();
        init.set_method(self.request.operation.method.as_str());
        let headers = Object::new();
        for (name, value) in self.request.headers.iter() {
            js::set(&headers, name, &JsValue::from_str(value));
        }
        init.set_headers(&headers);
        if let Some(body) = self.body {
            init.set_body(body);
        }
        init.set_signal(signal);
        // `follow` would carry the token wherever the answer points.
        init.set_redirect(RequestRedirect::Manual);
        let promise = match self.fetch {
            None => global_fetch(url, &init)?,
            Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(url), &init)?,
        };
        let response = answer::settled(promise.unchecked_into()).await?;
        if !response.is_object() {
            return Err(js_sys::TypeError::new("fetch answered with no Response").into());
        }
        Ok(response.unchecked_into())
    }

    /// Where an answer sends us on to, if we follow: within the origin, and with the same method.
    fn redirected(&self, response: &web_sys::Response, from: &str) -> Option<String> {
        let same_method = match answer::status(response) {
            307 | 308 => true,
            301..=303 => self.request.operation.method == Method::Get,
            _ => return None,
        };
        let from = Url::new(from).ok()?;
        let location = answer::header(response, "location")?;
        let to = Url::new_with_base(&location, &from.href()).ok()?;
        (same_method && to.origin() == from.origin()).then(|| to.href())
    }

    /// Reads the body of a refusal: parsed, and as text. A body that does not arrive leaves the
    /// status to speak; only the caller's abort is more than that.
    pub(crate) async fn read(&self, refusal: &mut Refusal) -> Option<(JsValue, JsValue)> {
        let read = self
            .stop
            .race(answer::read_refusal(&refusal.response))
            .await;
        match read {
            Ok(Ok(body)) => {
                refusal.attempt.done();
                Some(body)
            }
            Err(Why::Aborted) => None,
            _ => Some((JsValue::UNDEFINED, answer::no_text())),
        }
    }
}

fn stopped(why: Why) -> Missed {
    Miss {
        failed: match why {
            Why::Aborted => Failed::Aborted,
            Why::TimedOut => Failed::TimedOut,
        },
        left: Left::Nothing,
    }
}

fn lost(cause: JsValue) -> Missed {
    let code = |value: &JsValue| js::get(value, "code").as_string();
    let code = code(&js::get(&cause, "cause")).or_else(|| code(&cause));
    let sent = !code.is_some_and(|code| NEVER_SENT.contains(&code.as_str()));
    Miss {
        failed: Failed::Lost { sent },
        left: Left::Cause(cause),
    }
}

fn cut_off(cause: JsValue) -> Missed {
    Miss {
        failed: Failed::CutOff,
        left: Left::Cause(cause),
    }
}

fn refused(response: web_sys::Response, attempt: Attempt) -> Missed {
    let hints = retry_hints(&response);
    Miss {
        failed: Failed::Status(answer::status(&response), hints),
        left: Left::Refusal(Refusal { response, attempt }),
    }
}

/// What an answer's headers say about sending again.
fn retry_hints(response: &web_sys::Response) -> RetryHints {
    RetryHints::read(
        |name| answer::header(response, name),
        |date| Some(Date::parse(date) - Date::now()),
    )
}

/// What an answer's headers say of limits: its `Ratelimit`, and after how many seconds the server
/// wants to be asked again.
pub(crate) fn limits(response: &web_sys::Response) -> (Option<RateLimit>, Option<f64>) {
    let limit = answer::header(response, "ratelimit").and_then(|text| RateLimit::parse(&text));
    let seconds = retry_hints(response).wait_ms.map(|ms| ms / 1000.0);
    (limit, seconds)
}

/// Whether a browser hid from us where a redirect goes.
pub(crate) fn is_hidden_redirect(response: &web_sys::Response) -> bool {
    let response = Response::from(Clone::clone(response));
    response.type_() == ResponseType::Opaqueredirect
}
