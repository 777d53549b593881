//! What is known of a request when it has been answered: counted, and logged if it is news.

use std::time::Duration;

use metrics::{Counter, Histogram};

use crate::metrics::{CounterFamily, Status};

static ANSWERED: CounterFamily<(&str, Status), Counter> =
    CounterFamily::new(|(operation, status)| {
        let labels = [
            ("operation", (*operation).to_owned()),
            ("status", status.to_string()),
        ];
        metrics::counter!("rtk_gateway_requests_total", &labels)
    });

static TIMES: CounterFamily<&str, Histogram> = CounterFamily::new(
    |operation| metrics::histogram!("rtk_gateway_request_seconds", "operation" => *operation),
);

/// What is known of a request when it has been answered.
#[derive(Default)]
pub(super) struct Told {
    pub(super) operation: &'static str,
    pub(super) moderator: Option<String>,
    pub(super) acts: bool,
}

impl Told {
    pub(super) fn count(&self, status: u16, elapsed: Duration) {
        let operation = self.operation;
        ANSWERED.with((operation, Status::Code(status)), |counter| {
            counter.increment(1);
        });
        TIMES.with(operation, |histogram| {
            histogram.record(elapsed.as_secs_f64())
        });
    }

    /// Watchers read many times a second: that is for whoever looks for something. So is what comes
    /// without a grant, or anybody could fill the disk with it.
    pub(super) fn is_news(&self, status: u16) -> bool {
        self.acts || (status >= 400 && self.moderator.is_some())
    }

    pub(super) fn log(&self, request_id: &str, status: u16, elapsed: Duration) {
        let operation = self.operation;
        let moderator = self.moderator.as_deref();
        let ms = elapsed.as_secs_f64() * 1000.0;
        if self.is_news(status) {
            tracing::info!(request_id, operation, moderator, status, ms, "answered");
        } else {
            tracing::debug!(request_id, operation, moderator, status, ms, "answered");
        }
    }
}
