//! Reading the body of an answer: as the plain object that the JSON was, untouched.

use crate::text::{around, cut};
use wasm_bindgen::prelude::*;
use web_sys::{Headers, Response};

#[wasm_bindgen]
extern "C" {
    /// A `Response`, or what a caller's `fetch` takes for one, which may lack anything.
    type Answered;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn status(this: &Answered) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn headers(this: &Answered) -> Result<JsValue, JsValue>;
}

/// The status of an answer; 0 where there is none, as of a redirect that a browser hides.
pub(crate) fn status(response: &Response) -> u16 {
    let status = response.unchecked_ref::<Answered>().status();
    status
        .ok()
        .and_then(|status| status.as_f64())
        .unwrap_or(0.0) as u16
}

/// The headers of an answer. A `fetch` of the caller's own may answer without any.
pub(crate) fn headers(response: &Response) -> Headers {
    let headers = response.unchecked_ref::<Answered>().headers();
    headers.unwrap_or(JsValue::UNDEFINED).unchecked_into()
}

/// A header of an answer.
pub(crate) fn header(response: &Response, name: &str) -> Option<String> {
    headers(response).get(name).ok().flatten()
}

/// How a body is read.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// There is none.
    Empty,
    /// As it is.
    Text,
    /// Parsed.
    Json,
}

/// How the body of an answer that says yes is read, as the official SDK does: JSON parsed, any
/// other text as it is, `null` for 204.
pub(crate) fn body(status: u16, response: &Response) -> Body {
    if status == 204 {
        Body::Empty
    } else if is_json(&header(response, "content-type").unwrap_or_default()) {
        Body::Json
    } else {
        Body::Text
    }
}

/// Whether an answer has no body, so that it is no wonder that it is no JSON.
pub(crate) fn is_empty(response: &Response) -> bool {
    header(response, "content-length").as_deref() == Some("0")
}

/// Whether a media type is JSON's.
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
