//! Reading the body of an answer: as the plain object that the JSON was, untouched.

use crate::js;
use js_sys::{JsString, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Response};

/// The status of an answer; 0 where there is none, as of a redirect that a browser hides.
pub(crate) fn status(response: &Response) -> u16 {
    js::get(response, "status").as_f64().unwrap_or(0.0) as u16
}

/// The headers of an answer. A `fetch` of the caller's own may answer without any.
pub(crate) fn headers(response: &Response) -> Headers {
    js::get(response, "headers").unchecked_into()
}

/// A header of an answer.
pub(crate) fn header(response: &Response, name: &str) -> Option<String> {
    headers(response).get(name).ok().flatten()
}

/// Reads the body of an answer that says yes, as the official SDK does: JSON parsed, any other
/// text as it is, `null` for 204.
pub(crate) async fn read(response: &Response) -> Result<JsValue, JsValue> {
    if status(response) == 204 {
        return Ok(JsValue::NULL);
    }
    if is_json(&header(response, "content-type").unwrap_or_default()) {
        let json = settled(response.json()?).await;
        // Asked only now: nearly every answer has content.
        if json.is_err() && header(response, "content-length").as_deref() == Some("0") {
            return Ok(JsValue::UNDEFINED);
        }
        return json;
    }
    settled(response.text()?).await
}

/// Reads the body of an answer that says no: as text, and as JSON if it is that.
pub(crate) async fn read_refusal(response: &Response) -> Result<(JsValue, JsValue), JsValue> {
    let text = settled(response.text()?).await?;
    let body = js::parse_json(&text).unwrap_or(JsValue::UNDEFINED);
    Ok((body, text))
}

/// Whatever a caller's `fetch` calls a promise.
pub(crate) async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&promise)).await
}

/// Whether a media type is JSON's.
fn is_json(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or_default().trim();
    let media = media.to_ascii_lowercase();
    media.contains("application/json") || media.ends_with("+json")
}

/// The empty text.
pub(crate) fn no_text() -> JsValue {
    JsString::from("").into()
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
