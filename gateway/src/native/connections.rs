//! Connections: taken, up to a limit, each served by one worker, and ended when it is time.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::native::config::Limits;
use crate::native::router::Site;
use crate::native::serve::Shared;

/// The largest head that is taken apart, in headers.
const MOST_HEADERS: usize = 64;

/// How a connection is told to end: after what is under way, or at once if nothing is.
type End = (Watcher, CancellationToken);

/// Takes connections until told to stop, then waits for those that are busy. The `public` ones
/// speak TLS, where that is configured.
pub async fn accept(
    shared: Arc<Shared>,
    listener: TcpListener,
    site: Site,
    connections: Arc<Semaphore>,
    stop: CancellationToken,
    public: bool,
) {
    let graceful = GracefulShutdown::new();
    let site = Arc::new(site);
    loop {
        let next = async {
            let (stream, _) = listener.accept().await?;
            // Who comes when there are too many waits, and whoever is behind in the system's queue.
            let permit = Arc::clone(&connections).acquire_owned().await;
            permit
                .map(|permit| (stream, permit))
                .map_err(io::Error::other)
        };
        tokio::select! {
            () = stop.cancelled() => break,
            next = next => match next {
                Ok((stream, permit)) => {
                    let site = Arc::clone(&site);
                    let tls = shared.tls.clone().filter(|_| public);
                    let watcher = graceful.watcher();
                    connect(&shared, stream, site, tls, (watcher, stop.clone()), permit);
                }
                Err(error) => {
                    // Too many open files, mostly: others may be closed meanwhile.
                    tracing::error!(%error, "a connection cannot be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

fn connect(
    shared: &Arc<Shared>,
    stream: TcpStream,
    site: Arc<Site>,
    tls: Option<TlsAcceptor>,
    end: End,
    permit: OwnedSemaphorePermit,
) {
    // Without it an response may wait for the last one's acknowledgement.
    let _ = stream.set_nodelay(true);
    let limits = shared.limits.clone();
    // Each runtime waits for its own sockets.
    let (Some(worker), Ok(stream)) = (shared.workers.next(), stream.into_std()) else {
        return;
    };
    worker.spawn(async move {
        let _permit = permit;
        let Ok(stream) = TcpStream::from_std(stream) else {
            return;
        };
        match tls {
            None => converse(stream, site, &limits, end).await,
            Some(tls) => {
                let accepted = tokio::time::timeout(limits.head_timeout, tls.accept(stream));
                let accepted = tokio::select! {
                    () = end.1.cancelled() => return,
                    accepted = accepted => accepted,
                };
                match accepted {
                    Ok(Ok(stream)) => converse(stream, site, &limits, end).await,
                    Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
                    Err(_) => tracing::debug!("TLS took too long"),
                }
            }
        }
    });
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    site: Arc<Site>,
    limits: &Limits,
    (watcher, stop): End,
) {
    // Who takes nothing of an response would hold the connection for ever: hyper's clock runs only
    // while a head is awaited.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_timeout));
    let asked = Arc::new(AtomicBool::new(false));
    let has_asked = Arc::clone(&asked);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(limits.head_bytes.max(8192))
        .max_headers(MOST_HEADERS)
        .serve_connection(
            TokioIo::new(Box::pin(stream)),
            service_fn(move |request| {
                has_asked.store(true, Ordering::Relaxed);
                let site = Arc::clone(&site);
                async move { Ok::<_, Infallible>(site.response(request).await) }
            }),
        );
    // A head that has not come whole by then is not waited for, or anybody could delay the end.
    let mut stopped = pin!(stop.cancelled());
    let stopped_unasked = poll_fn(|cx| match asked.load(Ordering::Relaxed) {
        true => Poll::Pending,
        false => stopped.as_mut().poll(cx),
    });
    tokio::select! {
        biased;
        result = watcher.watch(connection) => if let Err(error) = result {
            tracing::debug!(%error, "a connection broke");
        },
        () = stopped_unasked => {}
    }
}
