//! `permessage-deflate` (RFC 7692), always without context takeover: a message is compressed once for
//! all sockets, and an idle socket needs no window.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// What a message ends with, and its frame leaves out.
const TAIL: [u8; 4] = [0, 0, 0xFF, 0xFF];

/// The extension as it is accepted.
pub(super) const ACCEPTED: &str =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// Whether one of the offered extensions can be accepted. `lists` are the values of the header.
pub(super) fn is_offered<'a>(lists: impl IntoIterator<Item = &'a str>) -> bool {
    let mut offers = lists.into_iter().flat_map(|list| list.split(','));
    offers.any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        parts.next() == Some("permessage-deflate") && parts.all(is_acceptable)
    })
}

/// A parameter that asks for nothing that is not done anyway.
fn is_acceptable(parameter: &str) -> bool {
    let (name, value) = match parameter.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"'))),
        None => (parameter, None),
    };
    match name {
        "server_no_context_takeover" | "client_no_context_takeover" => value.is_none(),
        // It says what the client could do.
        "client_max_window_bits" => true,
        "server_max_window_bits" => value == Some("15"),
        _ => false,
    }
}

/// A compressed message; `None` if that fails.
pub(super) fn deflate(text: &[u8]) -> Option<Vec<u8>> {
    let mut compress = Compress::new(Compression::new(4), false);
    let mut out = Vec::with_capacity(text.len() / 3 + 64);
    loop {
        let done = usize::try_from(compress.total_in()).ok()?;
        let rest = text.get(done..)?;
        compress
            .compress_vec(rest, &mut out, FlushCompress::Sync)
            .ok()?;
        let is_done = compress.total_in() == text.len() as u64;
        if is_done && out.len() < out.capacity() && out.ends_with(&TAIL) {
            out.truncate(out.len() - TAIL.len());
            return Some(out);
        }
        out.reserve(1024);
    }
}

/// The text of a compressed message of at most `most` bytes; `None` if it is malformed or longer.
pub(super) fn inflate(message: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut decompress = Decompress::new(false);
    let mut out = Vec::with_capacity(most.saturating_add(1));
    for part in [message, &TAIL] {
        let start = decompress.total_in();
        loop {
            let done = usize::try_from(decompress.total_in() - start).ok()?;
            let rest = part.get(done..)?;
            if rest.is_empty() {
                break;
            }
            let before = (decompress.total_in(), decompress.total_out());
            let status = decompress
                .decompress_vec(rest, &mut out, FlushDecompress::Sync)
                .ok()?;
            if out.len() > most {
                return None;
            }
            let stuck = before == (decompress.total_in(), decompress.total_out());
            if stuck || matches!(status, Status::StreamEnd) {
                break;
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_offer_that_asks_for_more_is_not_accepted() {
        let offered = |list: &str| is_offered([list]);
        assert!(offered("permessage-deflate; client_max_window_bits"));
        assert!(offered("permessage-deflate"));
        assert!(offered(
            "x-other, permessage-deflate; server_max_window_bits=15"
        ));
        assert!(offered(
            "permessage-deflate; server_max_window_bits=10, permessage-deflate"
        ));
        for other in [
            "",
            "x-webkit-deflate-frame",
            "permessage-deflate; server_max_window_bits=10",
            "permessage-deflate; unknown",
            "permessage-deflate; server_no_context_takeover=1",
        ] {
            assert!(!offered(other), "{other}");
        }
    }

    #[test]
    fn a_bomb_is_not_inflated() {
        let bomb = deflate(&vec![b'x'; 10 << 20]).unwrap();
        assert!(bomb.len() < 64 << 10);
        assert_eq!(inflate(&bomb, 16 << 10), None);
        assert_eq!(inflate(b"\xFFnot deflate", 100), None);
    }

    proptest! {
        #[test]
        fn a_text_survives(text in prop::collection::vec(any::<u8>(), 0..5000)) {
            let message = deflate(&text).unwrap();
            prop_assert_eq!(inflate(&message, 5000), Some(text));
        }

        #[test]
        fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(text) = inflate(&bytes, 1000) {
                prop_assert!(text.len() <= 1000);
            }
        }
    }
}
