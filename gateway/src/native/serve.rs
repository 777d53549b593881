//! The gateway's sockets: listening, limits on connections, and an end that loses nothing.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::native::app::App;
use crate::native::config::{Config, Limits};
use crate::native::workers::Workers;
use crate::native::{http, page, tls};

/// How often counts are brought up to date.
const UPKEEP: Duration = Duration::from_secs(5);

/// The largest head that is taken apart, in headers.
const MOST_HEADERS: usize = 64;

struct Shared {
    app: App,
    metrics: PrometheusHandle,
    limits: Limits,
    tls: Option<TlsAcceptor>,
    connections: Arc<Semaphore>,
    workers: Workers,
}

/// Connections of those who look at the counts, which must be seen also when all others are taken.
const METRICS_CONNECTIONS: usize = 16;

/// Serves until told to stop. `until_stdin_closes` also stops when standard input ends, so that
/// nothing is left behind by a test that dies.
///
/// # Errors
///
/// If the gateway cannot be made or cannot listen.
pub async fn serve(
    config: &Config,
    metrics: PrometheusHandle,
    until_stdin_closes: bool,
) -> Result<(), String> {
    let shared = Arc::new(Shared {
        app: App::new(config)?,
        metrics,
        limits: config.limits.clone(),
        tls: config.tls.as_ref().map(tls::acceptor).transpose()?,
        connections: Arc::new(Semaphore::new(config.limits.connections)),
        workers: Workers::start().map_err(|error| error.to_string())?,
    });
    let listener = listen(config.listen, "listen").await?;
    let metrics_listener = match config.metrics_listen {
        None => None,
        Some(address) => Some(listen(address, "metrics_listen").await?),
    };
    let address = |listener: &TcpListener| listener.local_addr().map_err(|error| error.to_string());
    let scheme = if shared.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let url = format!("{scheme}://{}", address(&listener)?);
    let mut ready = json!({"url": url, "base_url": format!("{url}{}", crate::route::BASE)});
    if let (Some(listener), Some(ready)) = (&metrics_listener, ready.as_object_mut()) {
        let url = format!("http://{}/metrics", address(listener)?);
        ready.insert("metrics_url".to_owned(), url.into());
    }

    let stop = CancellationToken::new();
    let mut running = vec![tokio::spawn(accept(
        Arc::clone(&shared),
        listener,
        routes(&shared, config, metrics_listener.is_none()),
        Arc::clone(&shared.connections),
        stop.clone(),
        true,
    ))];
    if let Some(listener) = metrics_listener {
        let routes = Router::new().route("/metrics", get(metrics_text));
        let routes = routes
            .with_state(Arc::clone(&shared))
            .layer(axum::middleware::map_response(dressed));
        running.push(tokio::spawn(accept(
            Arc::clone(&shared),
            listener,
            routes,
            Arc::new(Semaphore::new(METRICS_CONNECTIONS)),
            stop.clone(),
            false,
        )));
    }
    let upkeep = tokio::spawn(upkeep(Arc::clone(&shared)));
    // Before anybody knows that it runs, or they may end it unheard.
    let mut signals = Signals::new().map_err(|error| error.to_string())?;

    writeln!(io::stdout(), "{ready}").map_err(|error| error.to_string())?;
    tokio::select! {
        () = signals.next() => {}
        () = stdin_closed(), if until_stdin_closes => {}
    }
    tracing::info!("stopping");
    stop.cancel();
    let ending = async {
        for task in running {
            let _ = task.await;
        }
        shared.app.front.tasks.close();
        shared.app.front.tasks.wait().await;
    };
    tokio::select! {
        () = ending => {}
        () = tokio::time::sleep(shared.limits.shutdown) => {
            tracing::warn!("stopped with requests under way");
        }
        () = signals.next() => {
            tracing::warn!("stopped at once, with requests under way");
        }
    }
    upkeep.abort();
    Ok(())
}

async fn listen(address: SocketAddr, field: &str) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| format!("{field}: {address}: {error}"))
}

/// What tells a process to end.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn stdin_closed() {
    let mut input = tokio::io::stdin();
    let mut bytes = [0; 64];
    while matches!(input.read(&mut bytes).await, Ok(1..)) {}
}

/// What there is besides the API.
fn routes(shared: &Arc<Shared>, config: &Config, metrics: bool) -> Router {
    let mut routes = Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(readyz));
    if metrics {
        routes = routes.route("/metrics", get(metrics_text));
    }
    let routes = routes
        .with_state(Arc::clone(shared))
        .layer(axum::middleware::map_response(dressed));
    let api = axum::routing::any(http::api).with_state(Arc::clone(&shared.app.front));
    match &config.page {
        None => routes.fallback_service(api),
        Some(page) => routes
            .route_service("/client/{*rest}", api)
            .fallback_service(page::service(page)),
    }
}

async fn dressed(mut response: Response) -> Response {
    http::dress(response.headers_mut(), &Uuid::now_v7().to_string());
    response
}

async fn readyz(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    match shared.app.ready().await {
        Ok(()) => (StatusCode::OK, "ready".to_owned()),
        Err(what) => (StatusCode::SERVICE_UNAVAILABLE, what),
    }
}

async fn metrics_text(State(shared): State<Arc<Shared>>) -> String {
    shared.gauges();
    shared.metrics.render()
}

impl Shared {
    // Gauges are floating point; such counts are exact in it.
    fn gauges(&self) {
        let left = self.app.front.gateway.tidy();
        metrics::gauge!("rtk_gateway_budget_remaining").set(left as f64);
        let open = self.limits.connections - self.connections.available_permits();
        metrics::gauge!("rtk_gateway_connections").set(open as f64);
    }
}

async fn upkeep(shared: Arc<Shared>) {
    let counts = async {
        loop {
            tokio::time::sleep(UPKEEP).await;
            shared.gauges();
            shared.metrics.run_upkeep();
        }
    };
    tokio::join!(counts, shared.app.keep_fresh());
}

/// Takes connections until told to stop, then waits for those that are busy.
async fn accept(
    shared: Arc<Shared>,
    listener: TcpListener,
    routes: Router,
    connections: Arc<Semaphore>,
    stop: CancellationToken,
    public: bool,
) {
    let graceful = GracefulShutdown::new();
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
                    let service = routes.clone();
                    connect(&shared, stream, service, &graceful, permit, public);
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
    routes: Router,
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
            None => converse(stream, routes, &limits, watcher).await,
            Some(tls) => {
                match tokio::time::timeout(limits.head_timeout, tls.accept(stream)).await {
                    Ok(Ok(stream)) => converse(stream, routes, &limits, watcher).await,
                    Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
                    Err(_) => tracing::debug!("TLS took too long"),
                }
            }
        }
    });
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    routes: Router,
    limits: &Limits,
    watcher: hyper_util::server::graceful::Watcher,
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
            TowerToHyperService::new(routes),
        );
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke");
    }
}
