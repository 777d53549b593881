//! A connection with a time limit for heads. hyper has one limit for idle connections and heads,
//! but a load balancer needs a longer one for idle connections.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

const HEAD: u8 = 0;
const BUSY: u8 = 1;
const IDLE: u8 = 2;

/// The state of a connection. It begins with a wait for a head.
#[derive(Clone, Default)]
pub(super) struct Phase(Arc<AtomicU8>);

impl Phase {
    /// A request has arrived.
    pub(super) fn busy(&self) {
        self.0.store(BUSY, Ordering::Relaxed);
    }

    /// The request has its response.
    pub(super) fn idle(&self) {
        self.0.store(IDLE, Ordering::Relaxed);
    }

    /// Whether a request is in flight, or its response may not have been sent yet.
    pub(super) fn has_been_busy(&self) -> bool {
        !self.is(HEAD)
    }

    fn is(&self, phase: u8) -> bool {
        self.0.load(Ordering::Relaxed) == phase
    }
}

/// Fails a read if a head takes too long after its first byte.
pub(super) struct HeadTimeout<S> {
    stream: S,
    phase: Phase,
    timeout: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl<S> HeadTimeout<S> {
    pub(super) fn new(stream: S, phase: Phase, timeout: Duration) -> Self {
        Self {
            stream,
            phase,
            timeout,
            sleep: Box::pin(sleep(timeout)),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for HeadTimeout<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if polled.is_ready() && buffer.filled().len() > before && self.phase.is(IDLE) {
            self.phase.0.store(HEAD, Ordering::Relaxed);
            let until = Instant::now() + self.timeout;
            self.sleep.as_mut().reset(until);
        }
        if self.phase.is(HEAD) && self.sleep.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HeadTimeout<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test(start_paused = true)]
    async fn a_head_has_its_time_and_an_idle_connection_any() {
        let (mut client, server) = duplex(64);
        let phase = Phase::default();
        let second = Duration::from_secs(1);
        let mut stream = HeadTimeout::new(server, phase.clone(), second);
        let mut bytes = [0; 8];
        client.write_all(b"GET").await.unwrap();
        assert_eq!(stream.read(&mut bytes).await.unwrap(), 3);
        phase.busy();
        let waiting = tokio::time::timeout(second * 60, stream.read(&mut bytes)).await;
        assert!(waiting.is_err());
        phase.idle();
        let waiting = tokio::time::timeout(second * 60, stream.read(&mut bytes)).await;
        assert!(waiting.is_err());
        // The next head, a byte at a time.
        for _ in 0..3 {
            client.write_all(b"G").await.unwrap();
            assert_eq!(stream.read(&mut bytes).await.unwrap(), 1);
            tokio::time::sleep(second / 4).await;
        }
        let failed = stream.read(&mut bytes).await.unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
    }
}
