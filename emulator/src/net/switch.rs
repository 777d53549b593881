//! The switch that ends a connection, and the stream that it controls.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With a FIN, as if the server had closed it.
    Close,
    /// With a RST: the peer's reads and writes fail with ECONNRESET.
    Reset,
}

const OPEN: u8 = 0;
const CLOSE: u8 = 1;
const RESET: u8 = 2;

#[derive(Default)]
struct Inner {
    /// How the connection ends now.
    now: AtomicU8,
    /// How the connection ends when everything written so far is sent.
    then: AtomicU8,
    pulled: Notify,
}

/// Ends a request's connection. Handlers find it in the request's extensions.
#[derive(Clone, Default)]
pub(crate) struct Switch(Arc<Inner>);

impl Switch {
    /// Ends the connection at once. Unsent data is lost.
    pub(crate) fn pull(&self, end: End) {
        self.0.now.store(code(end), Ordering::SeqCst);
        self.0.pulled.notify_one();
    }

    /// Ends the connection when everything written so far is sent.
    pub(crate) fn pull_when_sent(&self, end: End) {
        self.0.then.store(code(end), Ordering::SeqCst);
    }

    /// Waits until the connection should end.
    pub(crate) async fn pulled(&self) {
        while self.0.now.load(Ordering::SeqCst) == OPEN {
            self.0.pulled.notified().await;
        }
    }

    fn sent(&self) {
        let then = self.0.then.load(Ordering::SeqCst);
        if then != OPEN {
            self.0.now.store(then, Ordering::SeqCst);
            self.0.pulled.notify_one();
        }
    }

    fn resets(&self) -> bool {
        self.0.now.load(Ordering::SeqCst) == RESET
    }
}

fn code(end: End) -> u8 {
    match end {
        End::Close => CLOSE,
        End::Reset => RESET,
    }
}

/// A TCP stream that its switch can end.
pub(crate) struct Switched {
    stream: TcpStream,
    switch: Switch,
}

impl Switched {
    /// A stream with a switch.
    pub(crate) fn new(stream: TcpStream, switch: Switch) -> Self {
        Self { stream, switch }
    }
}

impl Drop for Switched {
    fn drop(&mut self) {
        if self.switch.resets() {
            // With zero linger, closing the socket sends a RST instead of a FIN. It only fails if the
            // peer is gone.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Switched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Switched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // hyper flushes the stream only when its own buffer is empty.
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.switch.sent();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
