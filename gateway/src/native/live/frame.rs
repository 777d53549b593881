//! WebSocket frames to a client. A message is encoded once, and all sockets send the same bytes.

use std::sync::{Arc, OnceLock};

use bytes::{BufMut, Bytes, BytesMut};

use super::deflate;
use crate::live::close::Close;
use crate::live::log::Encoded;

const TEXT: u8 = 0x81;
const DEFLATED_TEXT: u8 = 0xC1;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;

/// A shorter message is not worth compressing, in bytes.
const WORTH_DEFLATING: usize = 128;

/// A message as a frame, and compressed as soon as a socket wants that.
#[derive(Clone, Debug)]
pub(super) struct Frame(Arc<Forms>);

#[derive(Debug)]
struct Forms {
    plain: Bytes,
    json: Bytes,
    deflated: OnceLock<Bytes>,
}

impl Encoded for Frame {
    fn encode(json: Bytes) -> Self {
        let plain = frame(TEXT, &json);
        // The frame holds the text.
        let json = plain.slice(plain.len().saturating_sub(json.len())..);
        let deflated = OnceLock::new();
        Self(Arc::new(Forms {
            plain,
            json,
            deflated,
        }))
    }
}

impl Frame {
    /// The bytes to send.
    pub(super) fn wire(&self, deflate: bool) -> Bytes {
        let forms = &*self.0;
        if !deflate || forms.json.len() < WORTH_DEFLATING {
            return forms.plain.clone();
        }
        let make = || match deflate::deflate(&forms.json) {
            Some(deflated) => frame(DEFLATED_TEXT, &deflated),
            None => forms.plain.clone(),
        };
        forms.deflated.get_or_init(make).clone()
    }
}

/// A message for one socket.
pub(super) fn text(json: &[u8]) -> Bytes {
    frame(TEXT, json)
}

/// A ping.
pub(super) fn ping() -> Bytes {
    Bytes::from_static(&[PING, 0])
}

/// A close frame.
pub(super) fn close(close: Close) -> Bytes {
    let mut body = BytesMut::with_capacity(64);
    body.put_u16(close.code());
    body.put_slice(close.reason().as_bytes());
    frame(CLOSE, &body)
}

fn frame(first: u8, payload: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(payload.len().saturating_add(10));
    bytes.put_u8(first);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ ..126), _) => bytes.put_u8(length),
        (_, Ok(length)) => {
            bytes.put_u8(126);
            bytes.put_u16(length);
        }
        _ => {
            bytes.put_u8(127);
            bytes.put_u64(payload.len() as u64);
        }
    }
    bytes.put_slice(payload);
    bytes.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_the_shortest_length() {
        let head = |length: usize| {
            let bytes = frame(TEXT, &vec![b'x'; length]);
            bytes[..bytes.len() - length].to_vec()
        };
        assert_eq!(head(0), [0x81, 0]);
        assert_eq!(head(125), [0x81, 125]);
        assert_eq!(head(126), [0x81, 126, 0, 126]);
        assert_eq!(head(65_535), [0x81, 126, 255, 255]);
        assert_eq!(head(65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn a_message_is_compressed_once_for_all() {
        let message = Frame::encode(Bytes::from("ab".repeat(500)));
        let deflated = message.wire(true);
        assert!(deflated.len() < 40);
        assert_eq!(deflated[0], DEFLATED_TEXT);
        assert_eq!(deflated.as_ptr(), message.clone().wire(true).as_ptr());
        assert_eq!(message.wire(false).len(), 1004);
        let short = Frame::encode(Bytes::from_static(b"{}"));
        assert_eq!(short.wire(true), short.wire(false));
    }

    #[test]
    fn a_close_frame_has_its_code_and_reason() {
        let bytes = close(Close::Expired);
        assert_eq!(bytes[..4], [0x88, 23, 0x11, 0x31]);
        assert_eq!(&bytes[4..], b"the grant has expired");
    }
}
