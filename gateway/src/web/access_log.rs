//! Metrics for each request, and log lines for mutations and refusals. Repeated lines are sampled
//! and counted.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use metrics::{Counter, Histogram};
use tracing::Level;

use crate::api_response::Refusal;
use crate::metrics::{CounterFamily, Status};
use crate::platform::Clock;
use crate::web::refused_origins::RefusedOrigins;
use crate::web::sampler::Sampler;

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

/// The facts about a request when it has its response.
#[derive(Clone, Debug)]
pub struct Entry<C> {
    /// The resource; empty if there is no such route.
    pub operation: &'static str,
    /// The moderator, once they are known.
    pub moderator: Option<String>,
    /// Whether it is a mutation.
    pub acts: bool,
    /// The client's address.
    pub client: Option<C>,
}

/// The log of all requests.
pub struct AccessLog {
    clock: Arc<dyn Clock>,
    requests: Sampler<(&'static str, Option<String>, u16)>,
    grants: Sampler<(&'static str, &'static str)>,
    origins: RefusedOrigins,
}

impl AccessLog {
    /// An empty log.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let now = clock.monotonic_ms();
        Self {
            clock,
            requests: Sampler::new(now),
            grants: Sampler::new(now),
            origins: RefusedOrigins::default(),
        }
    }

    /// Counts a request, and logs mutations and refusals: reads come many times a second, and
    /// requests without a grant are logged only by their reason.
    pub fn request<C: Display>(
        &self,
        entry: &Entry<C>,
        request_id: &str,
        status: u16,
        elapsed: Duration,
    ) {
        let operation = entry.operation;
        let count = |counter: &Counter| counter.increment(1);
        ANSWERED.with((operation, Status::Code(status)), count);
        TIMES.with(operation, |histogram| {
            histogram.record(elapsed.as_secs_f64())
        });
        let moderator = entry.moderator.as_deref();
        let client = entry.client.as_ref().map(tracing::field::display);
        let ms = elapsed.as_secs_f64() * 1000.0;
        let worth_a_line = entry.acts || (status >= 400 && moderator.is_some());
        if tracing::enabled!(Level::DEBUG) {
            if worth_a_line {
                tracing::info!(
                    request_id, operation, moderator, client, status, ms, "answered"
                );
            } else {
                tracing::debug!(
                    request_id, operation, moderator, client, status, ms, "answered"
                );
            }
        } else if worth_a_line && tracing::enabled!(Level::INFO) {
            let kind = (operation, entry.moderator.clone(), status);
            if self.requests.is_new(kind) {
                tracing::info!(
                    request_id, operation, moderator, client, status, ms, "answered"
                );
            }
        }
    }

    /// Logs why a grant was refused: claim and reason, never the token.
    pub fn grant(&self, refusal: &Refusal, request_id: &str, client: Option<impl Display>) {
        let Some((claim, reason)) = refusal.grant_problem() else {
            return;
        };
        // A request without any grant is not worth a line.
        let is_some = !matches!(refusal, Refusal::GrantMissing);
        if tracing::enabled!(Level::DEBUG) || (is_some && self.grants.is_new((claim, reason))) {
            let client = client.map(tracing::field::display);
            tracing::info!(request_id, claim, reason, client, "grant refused");
        }
    }

    /// Logs a refused origin once.
    pub fn origin(&self, refusal: &Refusal, request_id: &str, client: Option<impl Display>) {
        self.origins.log(refusal, request_id, client);
    }

    /// Logs the counts of omitted lines, once a minute.
    pub fn sum_up(&self) {
        let now = self.clock.monotonic_ms();
        if let Some(repeated) = self.requests.repeated(now) {
            for ((operation, moderator, status), more) in repeated.kinds {
                let moderator = moderator.as_deref();
                tracing::info!(operation, moderator, status, more, "answered more often");
            }
            if repeated.others > 0 {
                tracing::info!(more = repeated.others, "answered others");
            }
        }
        if let Some(repeated) = self.grants.repeated(now) {
            for ((claim, reason), more) in repeated.kinds {
                tracing::info!(claim, reason, more, "grant refused more often");
            }
        }
    }
}
