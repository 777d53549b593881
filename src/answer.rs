//! Reading the body of an answer: as the plain object that the JSON was, untouched.

use crate::stop::Head;
use crate::text::{around, cut};

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
pub(crate) fn body(head: &Head) -> Body {
    if head.status() == 204 {
        Body::Empty
    } else if head.is_json() {
        Body::Json
    } else {
        Body::Text
    }
}

/// Whether an answer has no body, so that it is no wonder that it is no JSON.
pub(crate) fn is_empty(head: &Head) -> bool {
    head.header("content-length").as_deref() == Some("0")
}

/// Whether a media type is JSON's.
pub(crate) fn is_json(content_type: &str) -> bool {
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
