//! Logs as JSON lines on standard error, and counts for Prometheus.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Level;

/// The histogram's bounds, in seconds.
const BOUNDS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Starts logging what is at least as grave as `level`.
pub fn log(level: Level) {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(level)
        .with_writer(std::io::stderr)
        // It would be told on standard error too, with a panic where that is what cannot be written.
        .log_internal_errors(false)
        .init();
}

/// Starts counting.
///
/// # Errors
///
/// If somebody counts already.
pub fn count() -> Result<PrometheusHandle, String> {
    let matcher = Matcher::Full("rtk_gateway_request_seconds".to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(matcher, &BOUNDS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| error.to_string())?;
    // What is to be watched for is there before it happens.
    metrics::counter!("rtk_gateway_audit_failures_total").absolute(0);
    for source in ["upstream", "joined", "memory", "stale"] {
        metrics::counter!("rtk_gateway_reads_total", "source" => source).absolute(0);
    }
    Ok(handle)
}
