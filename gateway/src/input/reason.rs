//! A moderator's reason for an action, which only the audit gets.

use super::invalid;
use crate::api_response::Refusal;

/// The longest reason, in bytes.
const LONGEST_REASON: usize = 1024;

/// The reason in a header's value, which is percent-encoded UTF-8. An empty one is none.
///
/// # Errors
///
/// If it is too long or is not text on one line.
pub fn reason(header: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(header) = header.filter(|header| !header.is_empty()) else {
        return Ok(None);
    };
    // A header's own `&` and `=` would end the text.
    if header.contains(['&', '=']) {
        return invalid("x-moderation-reason must be percent-encoded");
    }
    let mut pairs = form_urlencoded::parse(header.as_bytes());
    let text = pairs.next().map(|(text, _)| text.into_owned());
    let text = text.unwrap_or_default();
    if text.len() > LONGEST_REASON {
        return invalid(&format!(
            "x-moderation-reason must be at most {LONGEST_REASON} bytes"
        ));
    }
    // Invalid UTF-8 was decoded as the replacement character.
    let is_text = |char: char| !char.is_control() && char != char::REPLACEMENT_CHARACTER;
    match text.chars().all(is_text) && header != "%" {
        true => Ok(Some(text)),
        false => invalid("x-moderation-reason must be UTF-8 text on one line"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_decoded_text_on_one_line() {
        let of = |text: &str| reason(Some(text));
        assert_eq!(reason(None), Ok(None));
        assert_eq!(of(""), Ok(None));
        assert_eq!(of("spam"), Ok(Some("spam".into())));
        assert_eq!(of("St%C3%B6rt%20%26%20%3D"), Ok(Some("Stört & =".into())));
        for wrong in ["%", "a%0Ab", "%FF", "a=b", "a&b", &"x".repeat(1025)] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
        assert!(of(&"x".repeat(1024)).is_ok());
    }
}
