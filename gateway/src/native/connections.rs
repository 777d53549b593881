//! Connections: accepted within limits, served, and closed at their deadlines.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::header::CONNECTION;
use http::{HeaderValue, Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::config::Limits;
use crate::native::api_handler::{Peer, busy};
use crate::native::connection_limits::{ConnectionLimits, Lane, Taken};
use crate::native::head_timeout::{HeadTimeout, InFlight, Phase};
use crate::native::poll_again::PollAgain;
use crate::native::tls::Certificate;

/// The most headers of a request.
const MOST_HEADERS: usize = 64;

/// The time limit of a connection in the reserve.
const RESERVE_TIMEOUT: Duration = Duration::from_secs(2);

/// After a shutdown signal, how long a connection may still bring its next request: a client may
/// have sent it already.
const LAST_REQUEST: Duration = Duration::from_secs(1);

/// The paths that work while all connections are taken.
const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// Returns the current router: a reload replaces it.
pub type CurrentRouter = Arc<dyn Fn() -> Router + Send + Sync>;

/// The state that all connections of a listener share.
#[derive(Clone)]
pub struct Serving {
    /// The router.
    pub router: CurrentRouter,
    /// The limits of a connection.
    pub limits: Limits,
    /// The limits on their number.
    pub count: ConnectionLimits,
    /// The certificate, if TLS is configured.
    pub tls: Option<Arc<Certificate>>,
}

/// Accepts connections until a shutdown signal, then waits for the last request of each.
pub async fn accept(serving: Serving, listener: TcpListener, stop: CancellationToken) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Usually too many open files: others may close meanwhile.
                tracing::error!(%error, "a connection cannot be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(taken) = serving.count.take(peer.ip()) else {
            metrics::counter!("rtk_gateway_connections_refused_total").increment(1);
            continue;
        };
        // Otherwise a response may wait for the previous one's acknowledgement.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            serving: serving.clone(),
            peer: peer.ip(),
            taken,
            stop: stop.clone(),
        };
        connections.spawn(PollAgain::new(connection.serve(stream)));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// One connection.
struct Connection {
    serving: Serving,
    peer: IpAddr,
    taken: Taken,
    stop: CancellationToken,
}

/// Keeps a connection counted, and without a limit for heads, while its socket is open: an extension of the request.
#[derive(Clone)]
pub(super) struct Hold {
    _taken: Arc<Taken>,
    _in_flight: Arc<InFlight>,
}

impl Connection {
    fn head_timeout(&self) -> Duration {
        match self.taken.lane {
            Lane::Full => self.serving.limits.head_timeout,
            Lane::Reserve => RESERVE_TIMEOUT.min(self.serving.limits.head_timeout),
        }
    }

    /// Resolves when no further request is waited for.
    fn last_moment(&self) -> impl Future<Output = ()> + use<> {
        let wait = LAST_REQUEST.min(self.serving.limits.shutdown / 2);
        let stop = self.stop.clone();
        async move {
            stop.cancelled().await;
            tokio::time::sleep(wait).await;
        }
    }

    async fn serve(self, stream: TcpStream) {
        let Some(tls) = &self.serving.tls else {
            return self.converse(stream).await;
        };
        let accepted = tokio::time::timeout(self.head_timeout(), tls.acceptor().accept(stream));
        let accepted = tokio::select! {
            () = self.last_moment() => return,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok(Ok(stream)) => self.converse(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
            Err(_) => {}
        }
    }

    async fn converse<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(self, stream: S) {
        let phase = Phase::default();
        let timeout = self.head_timeout();
        let last_moment = self.last_moment();
        let Self {
            serving,
            peer,
            taken,
            stop,
        } = self;
        let limits = &serving.limits;
        let stream = HeadTimeout::new(stream, phase.clone(), timeout);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write_timeout));
        let (router, lane) = (serving.router, taken.lane);
        let (own, stopping) = (phase.clone(), stop.clone());
        let taken = Arc::new(taken);
        let service = service_fn(move |request: Request<Incoming>| {
            let in_flight = Arc::new(own.request());
            let (router, stopping) = (Arc::clone(&router), stopping.clone());
            let hold = Hold {
                _taken: Arc::clone(&taken),
                _in_flight: Arc::clone(&in_flight),
            };
            async move {
                let peer = Peer::new(peer, Arc::clone(&in_flight));
                let mut response = respond(&router, lane, (peer, hold), request).await;
                let is_socket = response.status() == StatusCode::SWITCHING_PROTOCOLS;
                if stopping.is_cancelled() && !is_socket {
                    close_after(&mut response);
                }
                drop(in_flight);
                Ok::<_, Infallible>(response)
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle_timeout.max(timeout))
            .keep_alive(lane == Lane::Full)
            .max_buf_size(limits.head_bytes.max(8192))
            .max_headers(MOST_HEADERS)
            .serve_connection(TokioIo::new(Box::pin(stream)), service)
            .with_upgrades();
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            biased;
            ended = connection.as_mut() => ended,
            () = last_moment => {
                // An incomplete first head is not waited for, or a client could delay the shutdown.
                if !phase.has_asked() {
                    return;
                }
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke");
        }
    }
}

/// Closes the connection after a response.
fn close_after(response: &mut Response) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
}

async fn respond(
    router: &CurrentRouter,
    lane: Lane,
    (peer, hold): (Peer, Hold),
    request: Request<Incoming>,
) -> Response {
    if lane == Lane::Reserve && !HEALTH.contains(&request.uri().path()) {
        let mut response = busy();
        close_after(&mut response);
        return response;
    }
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(hold);
    match router().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
