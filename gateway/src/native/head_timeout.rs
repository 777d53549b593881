//! A connection with a time limit for heads. hyper has one limit for idle connections and heads,
//! but a load balancer needs a longer one for idle connections.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// The state of a connection. It begins with a wait for a head.
#[derive(Clone, Default)]
pub(super) struct Phase(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Whether a request has arrived.
    asked: AtomicBool,
    /// Requests without a response, or with an unread body.
    in_flight: AtomicUsize,
    /// Whether the next head has begun.
    next_head: AtomicBool,
}

impl Phase {
    /// A request has arrived.
    pub(super) fn request(&self) -> InFlight {
        self.0.in_flight.fetch_add(1, Ordering::Relaxed);
        self.0.next_head.store(false, Ordering::Relaxed);
        self.0.asked.store(true, Ordering::Relaxed);
        InFlight(self.clone())
    }

    /// Whether a request has ever arrived.
    pub(super) fn has_asked(&self) -> bool {
        self.0.asked.load(Ordering::Relaxed)
    }

    fn is_idle(&self) -> bool {
        self.0.in_flight.load(Ordering::Relaxed) == 0
    }

    fn awaits_head(&self) -> bool {
        !self.has_asked() || self.0.next_head.load(Ordering::Relaxed)
    }
}

/// A request in flight. It must live as long as the request's body is read: its bytes begin no
/// head.
pub(super) struct InFlight(Phase);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.0.in_flight.fetch_sub(1, Ordering::Relaxed);
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
        let has_bytes = polled.is_ready() && buffer.filled().len() > before;
        if has_bytes && self.phase.is_idle() && !self.phase.awaits_head() {
            self.phase.0.next_head.store(true, Ordering::Relaxed);
            let until = Instant::now() + self.timeout;
            self.sleep.as_mut().reset(until);
        }
        if self.phase.awaits_head() && self.sleep.as_mut().poll(cx).is_ready() {
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
        let in_flight = phase.request();
        let waiting = tokio::time::timeout(second * 60, stream.read(&mut bytes)).await;
        assert!(waiting.is_err());
        drop(in_flight);
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

    #[tokio::test(start_paused = true)]
    async fn the_rest_of_a_body_begins_no_head() {
        let (mut client, server) = duplex(64);
        let phase = Phase::default();
        let second = Duration::from_secs(1);
        let mut stream = HeadTimeout::new(server, phase.clone(), second);
        let mut bytes = [0; 8];
        let (answered, body) = (phase.request(), Arc::new(phase.request()));
        drop(answered);
        client.write_all(b"body").await.unwrap();
        assert_eq!(stream.read(&mut bytes).await.unwrap(), 4);
        drop(body);
        let waiting = tokio::time::timeout(second * 60, stream.read(&mut bytes)).await;
        assert!(waiting.is_err());
    }
}
