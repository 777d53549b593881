//! Connections: taken, up to a limit, each served by one worker, and ended when it is time.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;

use crate::native::config::Limits;
use crate::native::serve::Shared;
use crate::native::site::Site;

/// The largest head that is taken apart, in headers.
const MOST_HEADERS: usize = 64;

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
                    connect(&shared, stream, site, &graceful, permit, public);
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
    graceful: &GracefulShutdown,
    permit: OwnedSemaphorePermit,
    public: bool,
) {
    // Without it an answer may wait for the last one's acknowledgement.
    let _ = stream.set_nodelay(true);
    let watcher = graceful.watcher();
    let limits = shared.limits.clone();
    let tls = shared.tls.clone().filter(|_| public);
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
            None => converse(stream, site, &limits, watcher).await,
            Some(tls) => {
                match tokio::time::timeout(limits.head_timeout, tls.accept(stream)).await {
                    Ok(Ok(stream)) => converse(stream, site, &limits, watcher).await,
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
    watcher: Watcher,
) {
    // Who takes nothing of an answer would hold the connection for ever: hyper's clock runs only
    // while a head is awaited.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_timeout));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(limits.head_bytes.max(8192))
        .max_headers(MOST_HEADERS)
        .serve_connection(
            TokioIo::new(Box::pin(stream)),
            service_fn(move |request| {
                let site = Arc::clone(&site);
                async move { Ok::<_, Infallible>(site.answer(request).await) }
            }),
        );
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke");
    }
}
