//! The gateway from its start to a graceful shutdown.

use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::idempotency::REMEMBERED_MS;
use crate::native::app::App;
use crate::native::client_address::TrustedProxies;
use crate::native::clock::SystemClock;
use crate::native::config::{Audit, Config, Source};
use crate::native::connection_limits::ConnectionLimits;
use crate::native::connections::{CurrentRouter, Serving, accept};
use crate::native::journal::{AuditJournal, FileJournal, StdoutJournal};
use crate::native::listen::Listeners;
use crate::native::log_writer::LogWriter;
use crate::native::router::{self, Metrics};
use crate::platform::Clock;
use crate::route::BASE;

/// How often metrics are updated.
const UPKEEP: Duration = Duration::from_secs(5);

/// How often a start tries to lock the audit's folder.
const LOCK_EVERY: Duration = Duration::from_millis(50);

/// The connection limits of the metrics' listener.
const METRICS_CONNECTIONS: usize = 64;

/// Serves until a shutdown signal. With `until_stdin_closes` it also stops when standard input
/// ends, so that a test that dies leaves no process behind.
///
/// # Errors
///
/// If the gateway cannot be made or cannot listen.
pub async fn serve(
    source: &Source,
    config: &Config,
    metrics: PrometheusHandle,
    log: &Arc<LogWriter>,
    until_stdin_closes: bool,
) -> Result<(), String> {
    let mut signals = Signals::new().map_err(|error| error.to_string())?;
    // Connections wait in the socket while another gateway still locks the audit's folder.
    let listeners = Listeners::open(config.listen, config.metrics_listen).await?;
    let journal = tokio::select! {
        journal = open_journal(config) => journal?,
        () = signals.stop() => return Ok(()),
    };
    let app = App::new(source, config, journal)?;
    let limits = &config.policy.limits;
    let proxies = TrustedProxies::new(config.trusted_proxies.clone());
    let count = ConnectionLimits::new(limits.connections, limits.connections_per_address, proxies);
    let metrics_text = metrics_text(&app, &count, metrics.clone());
    let routes = Arc::clone(&app);
    let public = Serving {
        router: Arc::new(move || routes.router()),
        limits: limits.clone(),
        count: count.clone(),
        tls: app.certificate(),
    };
    let inner = router::metrics(&metrics_text, &app.readiness());
    let inner: CurrentRouter = Arc::new(move || inner.clone());
    let inner = Serving {
        router: inner,
        count: ConnectionLimits::new(
            METRICS_CONNECTIONS,
            METRICS_CONNECTIONS,
            TrustedProxies::default(),
        ),
        tls: None,
        ..public.clone()
    };

    let ready = ready_line(&listeners, public.tls.is_some())?;
    let stop = CancellationToken::new();
    let mut running = vec![tokio::spawn(accept(public, listeners.public, stop.clone()))];
    if let Some(listener) = listeners.metrics {
        running.push(tokio::spawn(accept(inner, listener, stop.clone())));
    }
    let upkeep = tokio::spawn(upkeep(
        Arc::clone(&app),
        Arc::clone(&metrics_text),
        metrics,
        Arc::clone(log),
    ));
    writeln!(io::stdout(), "{ready}").map_err(|error| error.to_string())?;
    tokio::select! {
        () = signals.stop_after_reloads(&app) => {}
        () = stdin_closed(), if until_stdin_closes => {}
    }
    tracing::info!("stopping");
    stop.cancel();
    let tasks = app.handler().kept.tasks.clone();
    let live = Arc::clone(&app.handler().kept.live);
    let ending = async {
        // Clients with sockets are notified first: they return later.
        live.shut_down().await;
        for task in running {
            let _ = task.await;
        }
        tasks.close();
        tasks.wait().await;
    };
    tokio::select! {
        () = ending => {}
        () = sleep(limits.shutdown) => {
            tracing::warn!("stopped with requests under way");
        }
        () = signals.stop() => {
            tracing::warn!("stopped at once, with requests under way");
        }
    }
    upkeep.abort();
    app.save_state();
    Ok(())
}

/// Opens the audit's journal; waits for another gateway to leave its folder.
async fn open_journal(config: &Config) -> Result<(AuditJournal, Vec<String>), String> {
    let Audit::Files {
        dir,
        durability,
        lock_wait,
    } = &config.audit
    else {
        let journal = StdoutJournal::open().map_err(|error| format!("audit.stdout: {error}"))?;
        return Ok((AuditJournal::Stdout(journal), Vec::new()));
    };
    let since = SystemClock::start().unix_ms().saturating_sub(REMEMBERED_MS);
    let until = Instant::now() + *lock_wait;
    let mut waits = false;
    loop {
        match FileJournal::open(dir, *durability, since) {
            Err(error) if error.kind() == ErrorKind::ResourceBusy && Instant::now() < until => {
                if !std::mem::replace(&mut waits, true) {
                    tracing::info!("another gateway has the audit's folder: waiting");
                }
                sleep(LOCK_EVERY).await;
            }
            opened => {
                let (journal, recent) = opened.map_err(|error| format!("audit.dir: {error}"))?;
                return Ok((AuditJournal::Files(journal), recent));
            }
        }
    }
}

/// The gateway's addresses, as one line of JSON.
fn ready_line(listeners: &Listeners, tls: bool) -> Result<serde_json::Value, String> {
    let address = |listener: &TcpListener| -> Result<SocketAddr, String> {
        listener.local_addr().map_err(|error| error.to_string())
    };
    let scheme = if tls { "https" } else { "http" };
    let url = format!("{scheme}://{}", address(&listeners.public)?);
    let mut ready = json!({"url": url, "base_url": format!("{url}{BASE}")});
    if let (Some(listener), Some(ready)) = (&listeners.metrics, ready.as_object_mut()) {
        let url = format!("http://{}/metrics", address(listener)?);
        ready.insert("metrics_url".to_owned(), url.into());
    }
    Ok(ready)
}

/// The signals that the process handles.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Resolves at a shutdown signal; until then SIGHUP reloads the configuration.
    async fn stop_after_reloads(&mut self, app: &Arc<App>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => {
                    let app = Arc::clone(app);
                    // It blocks on files.
                    let _ = tokio::task::spawn_blocking(move || app.reload()).await;
                }
            }
        }
    }
}

async fn stdin_closed() {
    let mut input = tokio::io::stdin();
    let mut bytes = [0; 64];
    while matches!(input.read(&mut bytes).await, Ok(1..)) {}
}

/// The metrics' text, with current gauges.
fn metrics_text(app: &Arc<App>, count: &ConnectionLimits, metrics: PrometheusHandle) -> Metrics {
    let (app, count) = (Arc::clone(app), count.clone());
    Arc::new(move || {
        // Gauges are floats; such counts are exact.
        metrics::gauge!("rtk_gateway_budget_remaining").set(app.budget_left() as f64);
        metrics::gauge!("rtk_gateway_connections").set(count.open() as f64);
        metrics::gauge!("rtk_gateway_live_sockets").set(app.sockets() as f64);
        metrics.render()
    })
}

async fn upkeep(app: Arc<App>, gauges: Metrics, metrics: PrometheusHandle, log: Arc<LogWriter>) {
    let counts = async {
        loop {
            sleep(UPKEEP).await;
            drop(gauges());
            app.tidy();
            app.handler().kept.log.sum_up();
            let lines = log.dropped();
            if lines > 0 {
                metrics::counter!("rtk_gateway_log_lines_dropped_total").increment(lines);
                tracing::warn!(lines, "log lines were dropped");
            }
            metrics.run_upkeep();
        }
    };
    tokio::join!(
        counts,
        app.keep_keys(),
        Arc::clone(&app).watch_files(),
        Arc::clone(&app).keep_state(),
    );
}
