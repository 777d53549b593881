//! IDs: checked once, when they are made, and written into a path as exactly one segment.
//!
//! An ID comes from a URL, a form, another API. Put into a path as it is, `..` or
//! `m/active-session/kick-all?` names another endpoint; here it is refused or escaped.

use crate::error::Invalid;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986 are escaped, in a path and in a query alike.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// No ID of the API comes near it; what is longer is a mistake and would only cost memory.
pub(crate) const MAX_ID_LENGTH: usize = 2048;

/// Appends `text`, percent-encoded, to `to`.
pub(crate) fn escape_onto(to: &mut String, text: &str) {
    to.extend(utf8_percent_encode(text, ESCAPED));
}

/// A checked ID, already escaped: one path segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment(String);

impl Segment {
    /// Checks `id`, which is called `name` in the error.
    ///
    /// # Errors
    ///
    /// If it is empty, `.` or `..` (also percent-encoded), longer than 2,048 bytes, or holds a
    /// control character.
    pub fn new(name: &'static str, id: &str) -> Result<Self, Invalid> {
        if id.is_empty() {
            return Err(Invalid::new(name, "must not be empty"));
        }
        if id.len() > MAX_ID_LENGTH {
            return Err(Invalid::new(name, "is too long for an ID"));
        }
        if id.chars().any(char::is_control) {
            return Err(Invalid::new(name, "must not hold control characters"));
        }
        if is_dots(id) {
            return Err(Invalid::new(name, "must not be a dot segment"));
        }
        let mut escaped = String::with_capacity(id.len());
        escape_onto(&mut escaped, id);
        Ok(Self(escaped))
    }

    /// The ID as it stands in a path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `id` is `.` or `..`, any of the dots written as `%2e`.
fn is_dots(id: &str) -> bool {
    let mut rest = id;
    let mut dots = 0;
    while !rest.is_empty() {
        let after = rest
            .strip_prefix('.')
            .or_else(|| rest.strip_prefix("%2e"))
            .or_else(|| rest.strip_prefix("%2E"));
        match after {
            Some(after) => rest = after,
            None => return false,
        }
        dots += 1;
    }
    dots == 1 || dots == 2
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $field:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            text: String,
            segment: Segment,
        }

        impl $name {
            /// Checks an ID.
            ///
            /// # Errors
            ///
            /// If it is empty, `.` or `..` (also percent-encoded), longer than 2,048 bytes, or
            /// holds a control character.
            pub fn new(id: impl AsRef<str>) -> Result<Self, Invalid> {
                let text = id.as_ref().to_owned();
                let segment = Segment::new($field, &text)?;
                Ok(Self { text, segment })
            }

            /// The ID.
            pub fn text(&self) -> &str {
                &self.text
            }

            /// The ID as a path segment.
            pub fn segment(&self) -> &Segment {
                &self.segment
            }
        }

        impl TryFrom<&str> for $name {
            type Error = Invalid;

            fn try_from(id: &str) -> Result<Self, Invalid> {
                Self::new(id)
            }
        }

        impl core::str::FromStr for $name {
            type Err = Invalid;

            fn from_str(id: &str) -> Result<Self, Invalid> {
                Self::new(id)
            }
        }
    )*};
}

ids! {
    /// The Cloudflare account's ID.
    AccountId = "account_id";
    /// The RealtimeKit app's ID.
    AppId = "app_id";
    /// A meeting's ID: a UUID, or in V1 a room name of the form `abcdef-ghijkl`.
    MeetingId = "meeting_id";
    /// A session's ID, the `id` of an active session.
    SessionId = "session_id";
    /// A participant's permanent ID: the `user_id` of the roster, never its `id`, which is a
    /// peer's and new at every join.
    ParticipantId = "participant_id";
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
            "", ".", "..", "%2e", "%2E%2e", ".%2E", "%2e.", "a\0", "a\n", "\u{7f}", "\u{85}",
        ] {
            let refusal = Segment::new("meeting_id", id).unwrap_err();
            assert_eq!(refusal.argument(), "meeting_id", "{id:?}");
        }
        assert!(Segment::new("id", &"a".repeat(MAX_ID_LENGTH + 1)).is_err());
    }
}
