use proptest::prelude::*;

use super::*;

/// A masked frame.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [1, 2, 3, 4];
    let mut bytes = vec![first];
    match payload.len() {
        length @ ..126 => bytes.push(0x80 | length as u8),
        length @ ..65_536 => {
            bytes.push(0x80 | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
        length => {
            bytes.push(0x80 | 127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend(mask);
    bytes.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    bytes
}

/// All that comes of some bytes, fed in pieces of a size, up to an error.
fn received(deflate: bool, bytes: &[u8], piece: usize) -> (Vec<Received>, Option<Close>) {
    let mut inbox = Inbox::new(deflate);
    let mut all = Vec::new();
    for piece in bytes.chunks(piece.max(1)) {
        if let Err(close) = inbox.feed(piece) {
            return (all, Some(close));
        }
        loop {
            match inbox.next() {
                Ok(Some(one)) => all.push(one),
                Ok(None) => break,
                Err(close) => return (all, Some(close)),
            }
            if all.len() > 1000 {
                return (all, None);
            }
        }
    }
    (all, None)
}

fn refused(deflate: bool, bytes: &[u8]) -> Option<Close> {
    received(deflate, bytes, 7).1
}

#[test]
fn a_text_comes_whole_or_in_parts_compressed_or_not() {
    let text = || Received::Text("hello".to_owned());
    assert_eq!(received(false, &frame(0x81, b"hello"), 3).0, [text()]);
    let parts = [frame(0x01, b"he"), frame(0x89, b""), frame(0x80, b"llo")].concat();
    assert_eq!(received(false, &parts, 1).0, [Received::Control, text()]);
    let small = deflate::deflate(b"hello").unwrap();
    for piece in 1..9 {
        assert_eq!(received(true, &frame(0xC1, &small), piece).0, [text()]);
        assert_eq!(received(true, &frame(0x81, b"hello"), piece).0, [text()]);
    }
    let (first, rest) = small.split_at(2);
    let parts = [frame(0x41, first), frame(0x80, rest)].concat();
    assert_eq!(received(true, &parts, 1).0, [text()]);
}

#[test]
fn a_ping_has_its_pong_and_a_close_its_echo() {
    let mut inbox = Inbox::new(true);
    inbox.feed(&frame(0x89, b"abc")).unwrap();
    assert_eq!(inbox.next(), Ok(Some(Received::Control)));
    assert_eq!(inbox.outgoing(), b"\x8A\x03abc");
    inbox.feed(&frame(0x88, &[0x03, 0xE8])).unwrap();
    assert_eq!(inbox.next(), Ok(Some(Received::Close)));
    assert_eq!(inbox.outgoing(), b"\x88\x02\x03\xE8");
}

#[test]
fn what_breaks_the_protocol_is_refused() {
    for deflate in [false, true] {
        let refused = |bytes: &[u8]| refused(deflate, bytes);
        // Not masked; reserved bits and opcodes; a continuation of nothing; a fragmented ping.
        assert_eq!(refused(b"\x81\x02hi"), Some(Close::Protocol));
        assert_eq!(refused(&frame(0xA1, b"hi")), Some(Close::Protocol));
        assert_eq!(refused(&frame(0x83, b"hi")), Some(Close::Protocol));
        assert_eq!(refused(&frame(0x8B, b"")), Some(Close::Protocol));
        assert_eq!(refused(&frame(0x80, b"hi")), Some(Close::Protocol));
        assert_eq!(refused(&frame(0x09, b"")), Some(Close::Protocol));
        assert_eq!(refused(&frame(0x89, &[0; 126])), Some(Close::Protocol));
        assert_eq!(refused(&frame(0x88, &[3])), Some(Close::Protocol));
        assert_eq!(refused(&frame(0x81, b"\xFF\xFF")), Some(Close::Utf8));
        assert_eq!(refused(&frame(0x82, b"hi")), Some(Close::Binary));
        assert_eq!(
            refused(&frame(0x81, &[b'x'; LARGEST + 1])),
            Some(Close::TooLarge)
        );
        let parts = [frame(0x01, &[b'x'; LARGEST]), frame(0x80, b"x")].concat();
        assert_eq!(refused(&parts), Some(Close::TooLarge));
        // A length alone, without its bytes.
        assert_eq!(
            refused(b"\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0"),
            Some(Close::TooLarge)
        );
    }
    assert_eq!(refused(false, &frame(0xC1, b"hi")), Some(Close::Protocol));
    let bomb = deflate::deflate(&vec![b'x'; 1 << 20]).unwrap();
    assert_eq!(refused(true, &frame(0xC1, &bomb)), Some(Close::TooLarge));
}

proptest! {
    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..300), deflate in any::<bool>(), piece in 1..50_usize) {
        received(deflate, &bytes, piece);
    }

    #[test]
    fn pieces_make_no_difference(
        texts in prop::collection::vec(("[a-z]{0,300}", any::<bool>()), 1..6), piece in 1..400_usize,
    ) {
        let mut bytes = Vec::new();
        for (text, small) in &texts {
            match small {
                true => bytes.extend(frame(0xC1, &deflate::deflate(text.as_bytes()).unwrap())),
                false => bytes.extend(frame(0x81, text.as_bytes())),
            }
        }
        let expected: Vec<_> = texts.into_iter().map(|(text, _)| Received::Text(text)).collect();
        prop_assert_eq!(received(true, &bytes, piece), (expected, None));
    }
}
