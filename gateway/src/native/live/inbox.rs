//! The frames of a client, from bytes to messages. tungstenite parses them, without a socket of its own.

use std::io::{self, Read, Write};

use tungstenite::error::{CapacityError, Error};
use tungstenite::protocol::{Message, Role, WebSocketConfig, WebSocketContext};

use super::deflate;
use super::head_filter::HeadFilter;
use crate::live::close::Close;
use crate::live::inbound::LARGEST;

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    /// A message.
    Text(String),
    /// A ping or a pong; a ping has its response in the outgoing bytes.
    Control,
    /// It closes; the outgoing bytes have the response.
    Close,
}

/// The parser of one socket.
pub(super) struct Inbox {
    context: WebSocketContext,
    pipe: Pipe,
    filter: Option<HeadFilter>,
}

/// The bytes that have come, and those to send: pongs and the response to a close.
#[derive(Default)]
struct Pipe {
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.incoming.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let length = buffer.len().min(self.incoming.len());
        for (to, from) in buffer.iter_mut().zip(self.incoming.drain(..length)) {
            *to = from;
        }
        Ok(length)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outgoing.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Inbox {
    /// A parser; with `deflate` messages may be compressed.
    pub(super) fn new(deflate: bool) -> Self {
        // Small buffers: most sockets send next to nothing.
        let config = WebSocketConfig::default()
            .read_buffer_size(512)
            .write_buffer_size(0)
            .max_write_buffer_size(64 * 1024)
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        Self {
            context: WebSocketContext::new(Role::Server, Some(config)),
            pipe: Pipe::default(),
            filter: deflate.then(HeadFilter::default),
        }
    }

    /// Bytes have come.
    ///
    /// # Errors
    ///
    /// If they hold a binary message where that is known already.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Close> {
        let start = self.pipe.incoming.len();
        self.pipe.incoming.extend_from_slice(bytes);
        match (&mut self.filter, self.pipe.incoming.get_mut(start..)) {
            (Some(filter), Some(new)) => filter.apply(new),
            _ => Ok(()),
        }
    }

    /// The next thing that has come completely, if there is one.
    ///
    /// # Errors
    ///
    /// If the bytes break the protocol.
    pub(super) fn next(&mut self) -> Result<Option<Received>, Close> {
        loop {
            return match self.context.read(&mut self.pipe) {
                Ok(Message::Text(text)) => Ok(Some(Received::Text(text.as_str().to_owned()))),
                // The filter marks compressed texts so.
                Ok(Message::Binary(bytes)) if self.filter.is_some() => {
                    let text = deflate::inflate(&bytes, LARGEST).ok_or(Close::TooLarge)?;
                    let text = String::from_utf8(text).map_err(|_| Close::Utf8)?;
                    Ok(Some(Received::Text(text)))
                }
                Ok(Message::Binary(_)) => Err(Close::Binary),
                Ok(Message::Ping(_) | Message::Pong(_)) => {
                    self.flush();
                    Ok(Some(Received::Control))
                }
                Ok(Message::Close(_)) | Err(Error::ConnectionClosed | Error::AlreadyClosed) => {
                    self.flush();
                    Ok(Some(Received::Close))
                }
                Ok(Message::Frame(_)) => continue,
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
                Err(Error::Capacity(CapacityError::MessageTooLong { .. })) => Err(Close::TooLarge),
                Err(Error::Utf8(_)) => Err(Close::Utf8),
                Err(_) => Err(Close::Protocol),
            };
        }
    }

    fn flush(&mut self) {
        // The pipe takes everything; an error means that the other side has closed.
        let _ = self.context.flush(&mut self.pipe);
    }

    /// The bytes to send.
    pub(super) fn outgoing(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.pipe.outgoing)
    }
}

#[cfg(test)]
#[path = "inbox/tests.rs"]
mod tests;
