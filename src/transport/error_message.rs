//! The message of an error response: its status, then the API's own message.

use crate::ascii::{around, push_number};
use crate::js;
use wasm_bindgen::{JsCast, JsValue};

/// How much of a body that is not JSON is looked at, in characters.
const MAX_TEXT: u32 = 4096;
/// How much of it goes into the message, in bytes.
const MAX_EXCERPT: usize = 200;

/// For example `404 No active session found for meeting_id …`.
pub(crate) fn message(status: u16, body: &JsValue, text: &JsValue) -> String {
    let message = from_json(body).unwrap_or_else(|| from_text(&beginning(text)));
    with_status(status, &message)
}

/// A status and its message.
pub(crate) fn with_status(status: u16, text: &str) -> String {
    let mut message = String::new();
    push_number(&mut message, u32::from(status));
    message.push_str(" ");
    message.push_str(if text.is_empty() {
        "status code (no body)"
    } else {
        text
    });
    message
}

/// The message in a JSON body, in any of the API's envelopes.
fn from_json(body: &JsValue) -> Option<String> {
    let error = js::get(body, "error");
    let message = js::get(&error, "message")
        .as_string()
        .or_else(|| error.as_string())
        .or_else(|| from_list(&js::get(body, "errors")))
        .or_else(|| js::get(body, "message").as_string())
        .or_else(|| {
            // An unknown envelope is shown whole, as in the official SDK.
            let json = js_sys::JSON::stringify(body).ok()?;
            Some(beginning(&json))
        })?;
    (!message.is_empty()).then_some(message)
}

/// The messages of Cloudflare's `errors`.
fn from_list(errors: &JsValue) -> Option<String> {
    let errors = errors.dyn_ref::<js_sys::Array>()?;
    let mut all = String::new();
    for at in 0..errors.length() {
        if let Some(message) = js::get(&errors.get(at), "message").as_string() {
            if !all.is_empty() {
                all.push_str("; ");
            }
            all.push_str(&message);
        }
    }
    (!all.is_empty()).then_some(all)
}

/// The beginning of a JavaScript string: a body may be huge.
fn beginning(text: &JsValue) -> String {
    match text.dyn_ref::<js_sys::JsString>() {
        Some(text) => String::from(text.slice(0, MAX_TEXT)),
        None => String::new(),
    }
}

/// The message in any other body: the title of a web page, else its first words on one line.
fn from_text(text: &str) -> String {
    let title = around(text, "<title>").and_then(|(_, rest)| around(rest, "</title>"));
    let text = title.map_or(text, |(title, _)| title);
    let mut words = String::new();
    for word in text.split_ascii_whitespace() {
        if words.len() + word.len() > MAX_EXCERPT {
            words.push_str("…");
            break;
        }
        if !words.is_empty() {
            words.push_str(" ");
        }
        words.push_str(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_its_title_and_a_text_its_first_words() {
        let page = "<!doctype html>\n<head><title>502 Bad\n gateway</title></head><h1>x</h1>";
        assert_eq!(from_text(page), "502 Bad gateway");
        assert_eq!(from_text("  too\r\nmany \t requests "), "too many requests");
        assert_eq!(from_text(" \n"), "");
        let long = from_text(&"word ".repeat(1000));
        assert!(long.ends_with("word…") && long.len() < 210, "{long}");
    }

    #[test]
    fn a_status_without_a_body_is_named() {
        assert_eq!(with_status(502, ""), "502 status code (no body)");
        assert_eq!(with_status(404, "gone"), "404 gone");
    }
}
