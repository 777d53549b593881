//! The segments of a path: an ID is validated once, and written as exactly one segment.
//!
//! IDs come from URLs, forms and other APIs. Written into a path unescaped, `..` or
//! `m/active-session/kick-all?` would name another endpoint.

use super::invalid_argument::InvalidArgument;
use crate::ascii::push_digit;

/// Far longer than any ID of the API.
pub(crate) const MAX_ID_LENGTH: usize = 2048;

/// Appends `text` to `to`, with all but the unreserved characters of RFC 3986 percent-encoded, as
/// it may stand in a path and in a query.
pub(crate) fn escape_onto(to: &mut String, text: &str) {
    for (at, byte) in text.bytes().enumerate() {
        if is_unreserved(byte) {
            to.push_str(text.get(at..=at).unwrap_or_default());
        } else {
            to.push_str("%");
            for digit in [byte >> 4, byte & 15] {
                push_digit(to, digit);
            }
        }
    }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// A checked ID, already escaped: one path segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment(String);

impl Segment {
    /// Checks `id`, which is called `name` in the error.
    ///
    /// # Errors
    ///
    /// If it is empty, `.` or `..` (also percent-encoded), longer than 2,048 bytes, or holds a
    /// control character.
    pub(crate) fn new(name: &'static str, id: &str) -> Result<Self, InvalidArgument> {
        if id.is_empty() {
            return Err(InvalidArgument::new(name, "must not be empty"));
        }
        if id.len() > MAX_ID_LENGTH {
            return Err(InvalidArgument::new(name, "is too long for an ID"));
        }
        if holds_control(id) {
            return Err(InvalidArgument::new(
                name,
                "must not hold control characters",
            ));
        }
        if is_dots(id) {
            return Err(InvalidArgument::new(name, "must not be a dot segment"));
        }
        Ok(Self::escaped(id))
    }

    /// A checked ID.
    // Inlined: a call costs the wasm more bytes.
    #[inline(always)]
    pub(crate) fn escaped(id: &str) -> Self {
        if id.bytes().all(is_unreserved) {
            return Self(id.to_owned());
        }
        let mut escaped = String::new();
        escape_onto(&mut escaped, id);
        Self(escaped)
    }

    /// The ID as it stands in a path.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `id` holds a control character: U+0000 to U+001F, and U+007F to U+009F, which in UTF-8
/// are led by C2.
fn holds_control(id: &str) -> bool {
    let mut before = 0;
    id.bytes().any(|byte| {
        let control = byte < 0x20 || byte == 0x7f || (before == 0xc2 && byte < 0xa0);
        before = byte;
        control
    })
}

/// Whether `id` is `.` or `..`, any of the dots written as `%2e`.
fn is_dots(id: &str) -> bool {
    let mut rest = id.as_bytes();
    let mut dots = 0;
    loop {
        rest = match rest {
            [] => return dots == 1 || dots == 2,
            [b'.', rest @ ..] | [b'%', b'2', b'e' | b'E', rest @ ..] => rest,
            _ => return false,
        };
        dots += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_ids_stand_as_they_are() {
        for id in [
            "023e105f4ecef8ad9ca31a8372d0c353",
            "14a396e7-ca44-4937-bf1f-050a69118543",
            "abcdef-ghijkl",
            "a.b",
            "...",
            "~_-",
            "0aZ9",
        ] {
            assert_eq!(Segment::new("id", id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn what_would_name_another_endpoint_is_one_segment() {
        for (id, escaped) in [
            ("a/b", "a%2Fb"),
            (
                "m/active-session/kick-all?",
                "m%2Factive-session%2Fkick-all%3F",
            ),
            ("a\\..\\b", "a%5C..%5Cb"),
            ("a#b", "a%23b"),
            ("%2f", "%252f"),
            ("../x", "..%2Fx"),
            ("é 漢", "%C3%A9%20%E6%BC%A2"),
        ] {
            assert_eq!(Segment::new("id", id).unwrap().as_str(), escaped);
        }
    }

    #[test]
    fn dots_empties_and_controls_are_refused() {
        for id in [
            "", ".", "..", "%2e", "%2E%2e", ".%2E", "%2e.", "a\0", "a\n", "\u{7f}", "\u{80}",
            "\u{85}", "\u{9f}",
        ] {
            let refusal = Segment::new("meeting_id", id).unwrap_err();
            assert_eq!(refusal.argument(), "meeting_id", "{id:?}");
        }
        assert!(Segment::new("id", &"a".repeat(MAX_ID_LENGTH + 1)).is_err());
    }
}
