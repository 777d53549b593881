//! The texts of a call, which come from JavaScript in one: to copy one costs a call less than to ask
//! for ten, one by one.
//!
//! The marks in it are control characters. JavaScript writes them into no text of a caller's
//! (`joined` of `pkg/lib/arguments.js`), so that none can pass for two.

use crate::text::cut;

/// What stands between two texts.
const SEPARATOR: u8 = 3;
/// What stands for a text that is not given, and for what is no text.
const NOTHING: &str = "\u{1}";
const OTHER: &str = "\u{2}";
/// What stands for half a character (a lone surrogate), which has no UTF-8.
const HALF: u8 = 4;

/// Texts, taken from the first on.
pub(crate) struct Texts<'a>(Option<&'a str>);

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Given<'a> {
    /// A text.
    Text(&'a str),
    /// None, or the end.
    Nothing,
    /// What is no text.
    Other,
}

impl<'a> Texts<'a> {
    /// The texts that were joined to one.
    pub(crate) fn new(joined: &'a str) -> Self {
        Self(Some(joined))
    }

    /// The next one.
    pub(crate) fn given(&mut self) -> Given<'a> {
        let Some(rest) = self.0 else {
            return Given::Nothing;
        };
        let (text, rest) = cut(rest, SEPARATOR);
        self.0 = rest;
        match text {
            NOTHING => Given::Nothing,
            OTHER => Given::Other,
            text => Given::Text(text),
        }
    }

    /// The next one, if it is a text.
    pub(crate) fn text(&mut self) -> Option<&'a str> {
        match self.given() {
            Given::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Whether there was half a character in a text. (Where nobody asks it is a control character, and
/// refused as one.)
pub(crate) fn is_broken(text: &str) -> bool {
    text.bytes().any(|byte| byte == HALF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_taken_one_by_one() {
        let mut texts = Texts::new("a\u{3}\u{3}é漢\u{3}\u{1}\u{3}\u{2}\u{3}\0");
        let text = Given::Text;
        for given in [
            text("a"),
            text(""),
            text("é漢"),
            Given::Nothing,
            Given::Other,
            text("\0"),
        ] {
            assert_eq!(texts.given(), given);
        }
        for _ in 0..2 {
            assert_eq!(texts.given(), Given::Nothing);
            assert_eq!(texts.text(), None);
        }
    }

    #[test]
    fn half_a_character_is_told_and_no_text_is_lost_by_it() {
        assert_eq!(Texts::new("a\u{4}").text(), Some("a\u{4}"));
        assert!(is_broken("a\u{4}b") && is_broken("\u{4}"));
        assert!(!is_broken("a\0\u{fffd}"));
    }

    #[test]
    fn what_is_no_text_is_passed_over() {
        let mut texts = Texts::new("\u{2}\u{3}a\u{3}\u{1}\u{3}b");
        assert_eq!(
            [texts.text(), texts.text(), texts.text(), texts.text()],
            [None, Some("a"), None, Some("b")]
        );
    }
}
