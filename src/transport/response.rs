//! The head of a response: its status, what its headers say, and how its body is read.

use super::rate_limit::RateLimit;
use super::retry_after::RetryHints;
use crate::ascii::{around, cut};
use crate::js;
use js_sys::Date;
use wasm_bindgen::prelude::*;
use web_sys::{Headers, Response};

#[wasm_bindgen]
extern "C" {
    /// A `Response`, or what a custom `fetch` puts in its place, which may lack anything.
    type AnyResponse;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn status(this: &AnyResponse) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn headers(this: &AnyResponse) -> Result<JsValue, JsValue>;
}

/// How a body is read.
#[derive(Clone, Copy)]
pub(crate) enum BodyKind {
    /// There is none.
    Empty,
    /// As text.
    Text,
    /// As JSON.
    Json,
}

/// The head of a response.
#[derive(Clone)]
pub(crate) struct ResponseHead {
    response: Response,
    status: u16,
}

/// No response.
impl Default for ResponseHead {
    fn default() -> Self {
        Self {
            response: JsValue::UNDEFINED.unchecked_into(),
            status: 0,
        }
    }
}

impl ResponseHead {
    /// The head of this response.
    pub(crate) fn new(response: Response) -> Self {
        let status = response.unchecked_ref::<AnyResponse>().status();
        let status = status.ok().and_then(|status| status.as_f64());
        Self {
            response,
            status: status.unwrap_or(0.0) as u16,
        }
    }

    /// The whole response.
    pub(crate) fn response(&self) -> &Response {
        &self.response
    }

    /// The status; 0 if there is none, as for a redirect that a browser hides.
    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is 2xx.
    pub(crate) fn is_success(&self) -> bool {
        matches!(self.status(), 200..300)
    }

    /// Whether it is a redirect that a browser hides.
    pub(crate) fn is_hidden_redirect(&self) -> bool {
        self.status() == 0 && js::get(&self.response, "type") == "opaqueredirect"
    }

    /// The headers.
    pub(crate) fn headers(&self) -> Headers {
        let headers = self.response.unchecked_ref::<AnyResponse>().headers();
        headers.unwrap_or(JsValue::UNDEFINED).unchecked_into()
    }

    /// A header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers().get(name).ok().flatten()
    }

    /// How the body of a successful response is read, as in the official SDK: JSON is parsed, any other text stays
    /// as it is, and 204 gives `null`.
    pub(crate) fn body_kind(&self) -> BodyKind {
        if self.status() == 204 {
            BodyKind::Empty
        } else if is_json(&self.header("content-type").unwrap_or_default()) {
            BodyKind::Json
        } else {
            BodyKind::Text
        }
    }

    /// Whether the body is empty, so that it is not JSON.
    pub(crate) fn is_empty(&self) -> bool {
        self.header("content-length").as_deref() == Some("0")
    }

    /// What the headers say about retrying.
    pub(crate) fn retry_hints(&self) -> RetryHints {
        RetryHints::read(
            |name| self.header(name),
            |date| Some(Date::parse(date) - Date::now()),
        )
    }

    /// What the headers say about limits: `Ratelimit`, and `Retry-After` in seconds.
    pub(crate) fn limits(&self) -> (Option<RateLimit>, Option<f64>) {
        let limit = self
            .header("ratelimit")
            .and_then(|text| RateLimit::parse(&text));
        let seconds = self.retry_hints().wait_ms.map(|ms| ms / 1000.0);
        (limit, seconds)
    }
}

/// Whether a media type is JSON.
fn is_json(content_type: &str) -> bool {
    let media = cut(content_type, b';').0.trim_ascii().to_ascii_lowercase();
    around(&media, "application/json").is_some() || media.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn media_types_of_json() {
        for json in [
            "application/json",
            "application/json; charset=utf-8",
            "Application/JSON",
            "application/problem+json;x=y",
        ] {
            assert!(is_json(json), "{json}");
        }
        for other in ["", "text/html", "text/plain; a=application/json", "json"] {
            assert!(!is_json(other), "{other}");
        }
    }
}
