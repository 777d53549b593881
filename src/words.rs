//! The words of an error's message: the status, then what the API itself said.

use crate::js;
use crate::text::{around, push_number};
use wasm_bindgen::{JsCast, JsValue};

/// How much of a body that is not JSON goes into a message, in characters.
const LONGEST_TEXT: u32 = 4096;
const LONGEST_WORDS: usize = 200;

/// The message of a refusal: `404 No active session found for meeting_id …`.
pub(crate) fn message(status: u16, body: &JsValue, text: &JsValue) -> String {
    let words = of_json(body).unwrap_or_else(|| of_text(&beginning(text)));
    said(status, &words)
}

/// A status and words to it.
pub(crate) fn said(status: u16, words: &str) -> String {
    let mut message = String::new();
    push_number(&mut message, status);
    message.push(' ');
    message.push_str(if words.is_empty() {
        "status code (no body)"
    } else {
        words
    });
    message
}

/// What a JSON body says, in any of the API's envelopes.
fn of_json(body: &JsValue) -> Option<String> {
    let error = js::get(body, "error");
    let said = js::get(&error, "message")
        .as_string()
        .or_else(|| error.as_string())
        .or_else(|| of_list(&js::get(body, "errors")))
        .or_else(|| js::get(body, "message").as_string())
        .or_else(|| {
            // Of an envelope we do not know, all; the official SDK shows every body so.
            let json = js_sys::JSON::stringify(body).ok()?;
            Some(beginning(&json))
        })?;
    (!said.is_empty()).then_some(said)
}

/// The messages of Cloudflare's `errors`.
fn of_list(errors: &JsValue) -> Option<String> {
    let errors = errors.dyn_ref::<js_sys::Array>()?;
    let mut said = String::new();
    for at in 0..errors.length() {
        if let Some(message) = js::get(&errors.get(at), "message").as_string() {
            if !said.is_empty() {
                said.push_str("; ");
            }
            said.push_str(&message);
        }
    }
    (!said.is_empty()).then_some(said)
}

/// The beginning of a JavaScript string: a body may be huge.
fn beginning(text: &JsValue) -> String {
    match text.dyn_ref::<js_sys::JsString>() {
        Some(text) => String::from(text.slice(0, LONGEST_TEXT)),
        None => String::new(),
    }
}

/// What a body that is not JSON says: a page's title, else its first words on one line.
fn of_text(text: &str) -> String {
    let title = around(text, "<title>").and_then(|(_, rest)| around(rest, "</title>"));
    let text = title.map_or(text, |(title, _)| title);
    let mut words = String::new();
    for word in text.split_ascii_whitespace() {
        if words.len() + word.len() > LONGEST_WORDS {
            words.push('…');
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_title_and_a_text_its_first_words() {
        let page = "<!doctype html>\n<head><title>502 Bad\n gateway</title></head><h1>x</h1>";
        assert_eq!(of_text(page), "502 Bad gateway");
        assert_eq!(of_text("  too\r\nmany \t requests "), "too many requests");
        assert_eq!(of_text(" \n"), "");
        let long = of_text(&"word ".repeat(1000));
        assert!(long.ends_with("word…") && long.len() < 210, "{long}");
    }

    #[test]
    fn a_status_without_words_says_so() {
        assert_eq!(said(502, ""), "502 status code (no body)");
        assert_eq!(said(404, "gone"), "404 gone");
    }
}
