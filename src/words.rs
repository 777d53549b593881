//! The words of an error's message: the status, then what the API itself said.

use crate::js;
use wasm_bindgen::{JsCast, JsValue};

/// How much of a body that is not JSON goes into a message, in characters.
const LONGEST_TEXT: u32 = 4096;
const LONGEST_WORDS: usize = 200;

/// The message of a refusal: `404 No active session found for meeting_id …`.
pub(crate) fn message(status: u16, body: &JsValue, text: &JsValue) -> String {
    let words = of_json(body)
        .or_else(|| of_text(&beginning(text)))
        .unwrap_or_else(|| "status code (no body)".to_owned());
    let mut message = number(status);
    message.push(' ');
    message.push_str(&words);
    message
}

/// What a JSON body says, in any of the API's envelopes.
fn of_json(body: &JsValue) -> Option<String> {
    let said = js::get(&js::get(body, "error"), "message");
    let said = said
        .as_string()
        .or_else(|| js::get(body, "error").as_string())
        .or_else(|| of_list(&js::get(body, "errors")))
        .or_else(|| js::get(body, "message").as_string())
        .or_else(|| {
            // Of an envelope we do not know, all; the official SDK shows every body so.
            let json = js_sys::JSON::stringify(body).ok()?;
            Some(beginning(json.as_ref()))
        })?;
    (!said.is_empty()).then_some(said)
}

/// The messages of Cloudflare's `errors`.
fn of_list(errors: &JsValue) -> Option<String> {
    let errors = errors.dyn_ref::<js_sys::Array>()?;
    let said: Vec<String> = errors
        .iter()
        .filter_map(|error| js::get(&error, "message").as_string())
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// The beginning of a JavaScript string: a body may be huge.
fn beginning(text: &JsValue) -> String {
    match text.dyn_ref::<js_sys::JsString>() {
        Some(text) => String::from(text.slice(0, LONGEST_TEXT)),
        None => String::new(),
    }
}

/// What a body that is not JSON says: a page's title, else its first words on one line.
fn of_text(text: &str) -> Option<String> {
    let title = text
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"))
        .map(|(title, _)| title);
    let mut words = String::new();
    for word in title.unwrap_or(text).split_whitespace() {
        if words.len() + word.len() > LONGEST_WORDS {
            words.push('…');
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    (!words.is_empty()).then_some(words)
}

/// A number in digits. (`to_string` would bring formatting into the wasm.)
fn number(number: u16) -> String {
    let mut digits = Vec::new();
    let mut rest = number;
    loop {
        digits.push(char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_title_and_a_text_its_first_words() {
        let page = "<!doctype html>\n<head><title>502 Bad\n gateway</title></head><h1>x</h1>";
        assert_eq!(of_text(page).as_deref(), Some("502 Bad gateway"));
        assert_eq!(
            of_text("  too\r\nmany \t requests ").as_deref(),
            Some("too many requests")
        );
        assert_eq!(of_text(" \n"), None);
        let long = of_text(&"word ".repeat(1000)).unwrap();
        assert!(long.ends_with("word…") && long.len() < 210, "{long}");
    }

    #[test]
    fn numbers_are_written_out() {
        for n in [0, 7, 10, 404, 65535] {
            assert_eq!(number(n), n.to_string());
        }
    }
}
