//! Small string helpers for ASCII, byte by byte.
//!
//! `str`'s own `find`, `split` and `trim` would add several thousand bytes of searchers and Unicode tables to the wasm.

/// What comes before the first `mark`, an ASCII character, and what comes after it.
pub(crate) fn cut(text: &str, mark: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|byte| byte == mark) {
        Some(at) => (text.get(..at).unwrap_or(""), text.get(at + 1..)),
        None => (text, None),
    }
}

/// The pieces of `text` between the `mark`s.
pub(crate) fn pieces(text: &str, mark: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let (piece, after) = cut(rest?, mark);
        rest = after;
        Some(piece)
    })
}

/// What stands between two marks, ASCII characters, with which a text begins and ends.
pub(crate) fn inside(text: &str, first: u8, last: u8) -> Option<&str> {
    match text.as_bytes() {
        [one, .., other] if *one == first && *other == last => text.get(1..text.len() - 1),
        _ => None,
    }
}

/// What comes before the first `needle`, and what comes after it.
#[cfg(feature = "client")]
pub(crate) fn around<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let mut windows = text.as_bytes().windows(needle.len());
    let at = windows.position(|window| window == needle.as_bytes())?;
    Some((text.get(..at)?, text.get(at + needle.len()..)?))
}

/// The number at the start of a text, as JavaScript's `parseFloat` reads it: by that one or, where there is none, here.
/// (Std's tables for it would be 12 kB of the Worker's wasm, and this 260 bytes of the client's.)
pub(crate) fn leading_number(text: &str) -> Option<f64> {
    #[cfg(feature = "client")]
    if crate::js::is_available() {
        return crate::js::leading_number(text);
    }
    let mut left = text.trim_ascii_start().as_bytes();
    let is_negative = take_sign(&mut left);
    let (mut number, mut power) = (0.0, 0);
    let mut any = take_digits(&mut left, |digit| number = number * 10.0 + f64::from(digit));
    if let [b'.', after @ ..] = left {
        left = after;
        any |= take_digits(&mut left, |digit| {
            number = number * 10.0 + f64::from(digit);
            power -= 1;
        });
    }
    if let [b'e' | b'E', after @ ..] = left {
        left = after;
        let is_below_one = take_sign(&mut left);
        let mut exponent = 0;
        take_digits(&mut left, |digit| {
            exponent = (exponent * 10 + i32::from(digit)).min(999);
        });
        power += if is_below_one { -exponent } else { exponent };
    }
    for _ in 0..power {
        number *= 10.0;
    }
    for _ in power..0 {
        number /= 10.0;
    }
    any.then_some(if is_negative { -number } else { number })
}

/// Takes a sign; says whether it was a minus.
fn take_sign(left: &mut &[u8]) -> bool {
    let (is_minus, after) = match left {
        [b'-', after @ ..] => (true, after),
        [b'+', after @ ..] => (false, after),
        _ => return false,
    };
    *left = after;
    is_minus
}

/// Takes digits; says whether there were any.
fn take_digits(left: &mut &[u8], mut each: impl FnMut(u8)) -> bool {
    let before = left.len();
    while let [digit @ b'0'..=b'9', after @ ..] = *left {
        each(digit - b'0');
        *left = after;
    }
    left.len() < before
}

/// Appends a digit, also a hexadecimal one. (`String::push` would add UTF-8's encoding to the wasm.)
#[cfg(feature = "client")]
pub(crate) fn push_digit(to: &mut String, digit: u8) {
    let at = usize::from(digit);
    to.push_str("0123456789ABCDEF".get(at..=at).unwrap_or_default());
}

/// Appends a number in digits. (`to_string` would add formatting to the wasm.)
#[cfg(feature = "client")]
pub(crate) fn push_number(to: &mut String, number: u32) {
    if number >= 10 {
        push_number(to, number / 10);
    }
    push_digit(to, (number % 10) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_the_first_mark() {
        assert_eq!(cut("a=b=c", b'='), ("a", Some("b=c")));
        assert_eq!(cut("é漢=", b'='), ("é漢", Some("")));
        assert_eq!(cut("none", b'='), ("none", None));
        assert_eq!(cut("", b'='), ("", None));
        let all: Vec<_> = pieces("a,,b,", b',').collect();
        assert_eq!(all, ["a", "", "b", ""]);
        let one: Vec<_> = pieces("", b',').collect();
        assert_eq!(one, [""]);
    }

    #[test]
    fn what_is_inside_has_both_marks() {
        assert_eq!(inside("{é}", b'{', b'}'), Some("é"));
        assert_eq!(inside("\"\"", b'"', b'"'), Some(""));
        for text in ["", "{", "}", "a}", "{a", "é"] {
            assert_eq!(inside(text, b'{', b'}'), None, "{text}");
        }
        assert_eq!(inside("\"", b'"', b'"'), None);
    }

    #[cfg(feature = "client")]
    #[test]
    fn a_needle_is_found_wherever_it_is() {
        assert_eq!(around("a<t>b", "<t>"), Some(("a", "b")));
        assert_eq!(around("<t>", "<t>"), Some(("", "")));
        assert_eq!(around("é<<t>漢", "<t>"), Some(("é<", "漢")));
        assert_eq!(around("<t", "<t>"), None);
        assert_eq!(around("", "<t>"), None);
    }

    #[cfg(feature = "client")]
    #[test]
    fn numbers_are_read_as_far_as_they_go() {
        for (text, number) in [
            ("120", Some(120.0)),
            (" 7s", Some(7.0)),
            ("-5", Some(-5.0)),
            ("0.25", Some(0.25)),
            (".5", Some(0.5)),
            ("1.2.3", Some(1.2)),
            ("99999999999999999999", Some(1e20)),
            ("+5", Some(5.0)),
            ("1e3", Some(1000.0)),
            ("2.5E1x", Some(25.0)),
            ("0e99999999999", Some(0.0)),
            ("7e", Some(7.0)),
            ("250e-3s", Some(0.25)),
            ("1e-999", Some(0.0)),
            ("+-1", None),
            ("e3", None),
            ("", None),
            (".", None),
            ("x1", None),
        ] {
            let read = leading_number(text);
            match (read, number) {
                (Some(read), Some(number)) => {
                    assert!((read - number).abs() <= 1e-9 * number.abs(), "{text}");
                }
                _ => assert_eq!(read, number, "{text}"),
            }
        }
    }

    #[cfg(feature = "client")]
    #[test]
    fn numbers_are_written_out() {
        for n in [0, 7, 10, 404, 65_535, u32::MAX] {
            let mut text = String::new();
            push_number(&mut text, n);
            assert_eq!(text, n.to_string());
        }
    }
}
