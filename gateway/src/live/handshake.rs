//! The request that opens a socket: its subprotocols, and the place to resume at.

/// The protocol's name.
pub const SUBPROTOCOL: &str = "realtimekit-moderator.v1";

/// The longest grant in a header.
const LONGEST_TOKEN: usize = 8192;

/// The longest name of a stream.
const LONGEST_STREAM: usize = 64;

/// The grant in the subprotocols of a request: `Some(None)` if only the protocol itself is there, and
/// `None` if the list is another one. `lists` are the values of the header, however many.
pub fn subprotocols<'a>(lists: impl IntoIterator<Item = &'a str>) -> Option<Option<&'a str>> {
    let mut names = lists
        .into_iter()
        .flat_map(|list| list.split(','))
        .map(str::trim);
    if names.next()? != SUBPROTOCOL {
        return None;
    }
    let token = names.next();
    if names.next().is_some() {
        return None;
    }
    match token {
        None => Some(None),
        Some(token) if is_token(token) => Some(Some(token)),
        Some(_) => None,
    }
}

/// Whether a subprotocol may be a JWT.
fn is_token(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=LONGEST_TOKEN).contains(&text.len()) && text.bytes().all(legal) && text != SUBPROTOCOL
}

/// The last event that a client has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The name of the series of numbers.
    pub stream: String,
    /// The event's number.
    pub seq: u64,
}

/// The place to resume at in a query; `None` if the query has another form. Both parameters must be
/// there, or none.
pub fn resume(query: Option<&str>) -> Option<Option<Resume>> {
    let (mut stream, mut seq) = (None, None);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match &*name {
            "stream" if stream.is_none() && value.len() <= LONGEST_STREAM => {
                stream = Some(value.into_owned());
            }
            "seq" if seq.is_none() => seq = Some(value.parse().ok()?),
            _ => return None,
        }
    }
    match (stream, seq) {
        (None, None) => Some(None),
        (Some(stream), Some(seq)) => Some(Some(Resume { stream, seq })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grant_is_the_second_subprotocol() {
        let of = |lists: &[&'static str]| subprotocols(lists.iter().copied());
        assert_eq!(
            of(&["realtimekit-moderator.v1, a.b.c"]),
            Some(Some("a.b.c"))
        );
        assert_eq!(
            of(&["realtimekit-moderator.v1", "a.b.c"]),
            Some(Some("a.b.c"))
        );
        assert_eq!(of(&["realtimekit-moderator.v1"]), Some(None));
        for other in [
            "",
            "a.b.c",
            "a.b.c, realtimekit-moderator.v1",
            "realtimekit-moderator.v2, a.b.c",
            "Realtimekit-Moderator.v1, a.b.c",
            "realtimekit-moderator.v1, a.b.c, d.e.f",
            "realtimekit-moderator.v1, ",
            "realtimekit-moderator.v1, realtimekit-moderator.v1",
            "realtimekit-moderator.v1, a b",
            "realtimekit-moderator.v1, a=b",
            "realtimekit-moderator.v1;q=1, a.b.c",
        ] {
            assert_eq!(subprotocols([other]), None, "{other}");
        }
        assert_eq!(subprotocols([]), None);
        let long = format!("{SUBPROTOCOL}, {}", "x".repeat(LONGEST_TOKEN + 1));
        assert_eq!(subprotocols([long.as_str()]), None);
    }

    #[test]
    fn a_query_has_both_parameters_or_none() {
        let place = |stream: &str, seq| {
            let stream = stream.to_owned();
            Some(Some(Resume { stream, seq }))
        };
        assert_eq!(resume(None), Some(None));
        assert_eq!(resume(Some("")), Some(None));
        assert_eq!(resume(Some("stream=ab&seq=7")), place("ab", 7));
        assert_eq!(resume(Some("seq=0&stream=")), place("", 0));
        for other in [
            "seq=7",
            "stream=ab",
            "stream=ab&seq=-1",
            "stream=ab&seq=x",
            "stream=ab&seq=99999999999999999999",
            "stream=ab&seq=7&seq=8",
            "stream=ab&seq=7&token=x",
        ] {
            assert_eq!(resume(Some(other)), None, "{other}");
        }
    }
}
