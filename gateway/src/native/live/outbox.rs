//! The frames that wait to be sent on one socket. Their bytes are shared with other sockets.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::AsyncWrite;

/// Frames to send, the first perhaps partly sent.
#[derive(Default)]
pub(super) struct Outbox {
    frames: VecDeque<Bytes>,
    begun: bool,
    unflushed: bool,
}

impl Outbox {
    /// Appends a frame.
    pub(super) fn push(&mut self, frame: Bytes) {
        if !frame.is_empty() {
            self.frames.push_back(frame);
        }
    }

    /// Whether everything is sent.
    pub(super) fn is_done(&self) -> bool {
        self.frames.is_empty() && !self.unflushed
    }

    /// Drops all frames but one that is partly sent.
    pub(super) fn clear(&mut self) {
        self.frames.truncate(usize::from(self.begun));
    }

    /// Sends as much as possible; ready when everything is sent. Nothing is lost if it is not polled
    /// to its end.
    pub(super) fn poll_send<W: AsyncWrite + Unpin>(
        &mut self,
        cx: &mut Context<'_>,
        writer: &mut W,
    ) -> Poll<io::Result<()>> {
        while let Some(frame) = self.frames.front_mut() {
            let written = ready!(Pin::new(&mut *writer).poll_write(cx, frame))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            frame.advance(written);
            (self.begun, self.unflushed) = (true, true);
            if frame.is_empty() {
                self.frames.pop_front();
                self.begun = false;
            }
        }
        if self.unflushed {
            ready!(Pin::new(&mut *writer).poll_flush(cx))?;
            self.unflushed = false;
        }
        if self.frames.capacity() > 64 {
            self.frames.shrink_to(4);
        }
        Poll::Ready(Ok(()))
    }
}
