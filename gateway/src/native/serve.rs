//! The gateway from its start to an end that loses nothing.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::native::app::App;
use crate::native::config::{Config, Limits};
use crate::native::connections::accept;
use crate::native::router::Site;
use crate::native::tls;
use crate::native::workers::Workers;

/// How often counts are brought up to date.
const UPKEEP: Duration = Duration::from_secs(5);

/// What all connections share.
pub struct Shared {
    /// The gateway.
    pub app: App,
    /// The counts.
    pub metrics: PrometheusHandle,
    /// What a connection may.
    pub limits: Limits,
    /// What speaks TLS, if no proxy does.
    pub tls: Option<TlsAcceptor>,
    /// As many permits as there may be more connections.
    pub connections: Arc<Semaphore>,
    /// The threads that serve them.
    pub workers: Workers,
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
        Site::public(&shared, config.page.as_ref(), metrics_listener.is_none()),
        Arc::clone(&shared.connections),
        stop.clone(),
        true,
    ))];
    if let Some(listener) = metrics_listener {
        running.push(tokio::spawn(accept(
            Arc::clone(&shared),
            listener,
            Site::metrics(&shared),
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

impl Shared {
    /// Brings up to date what is counted by looking.
    pub fn gauges(&self) {
        let left = self.app.front.gateway.tidy();
        // Gauges are floating point; such counts are exact in it.
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
            shared.app.tidy();
            shared.metrics.run_upkeep();
        }
    };
    tokio::join!(counts, shared.app.keep_fresh());
}
