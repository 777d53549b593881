//! Logs as JSON lines on standard error, and metrics for Prometheus.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Level;

use crate::native::log_writer::LogWriter;

/// The histogram's bounds, in seconds.
const BOUNDS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Starts logging events at least as severe as `level`. At the end, the caller has the
/// writer write the queued lines.
pub fn log(level: Level) -> LogWriter {
    // An operator who asks for everything gets everything.
    let limited = level < Level::DEBUG;
    let writer = LogWriter::start(limited);
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(level)
        .with_writer(writer.maker())
        // It would write its errors to standard error itself.
        .log_internal_errors(false)
        .init();
    // The default hook blocks on standard error, and writes no JSON.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a panic");
    }));
    writer
}

/// Starts counting.
///
/// # Errors
///
/// If metrics are recorded already.
pub fn count() -> Result<PrometheusHandle, String> {
    let matcher = Matcher::Full("rtk_gateway_request_seconds".to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(matcher, &BOUNDS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| error.to_string())?;
    // An alert needs a counter before the first event.
    for name in [
        "rtk_gateway_audit_failures_total",
        "rtk_gateway_audit_left_out_total",
        "rtk_gateway_api_token_refused_total",
        "rtk_gateway_connections_refused_total",
        "rtk_gateway_log_lines_dropped_total",
    ] {
        metrics::counter!(name).absolute(0);
    }
    for source in ["upstream", "joined", "memory", "stale"] {
        metrics::counter!("rtk_gateway_reads_total", "source" => source).absolute(0);
    }
    for reason in ["done", "lost", "too_slow", "revoked"] {
        metrics::counter!("rtk_gateway_live_closed_total", "reason" => reason).absolute(0);
    }
    for outcome in ["accepted", "repeated", "forged"] {
        metrics::counter!("rtk_gateway_webhooks_total", "outcome" => outcome).absolute(0);
    }
    Ok(handle)
}
