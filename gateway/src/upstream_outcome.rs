//! The outcome of an API request: a response, or a refusal of the gateway's own; and its metric.

use metrics::Counter;

use crate::api_response::{ApiResponse, Refusal};
use crate::metrics::{CounterFamily, Status};
use crate::platform::UpstreamError;

/// A response of the API, or why there is none.
pub(crate) type Fetched = Result<ApiResponse, Refusal>;

/// The outcome as a response or a refusal; `again` says whether a repeat is harmless.
pub(crate) fn from_upstream(sent: Result<ApiResponse, UpstreamError>, again: bool) -> Fetched {
    sent.map_err(|error| match error {
        UpstreamError::NotSent => Refusal::NotSent,
        UpstreamError::Lost => Refusal::Lost { again },
        UpstreamError::TimedOut => Refusal::TimedOut { again },
    })
}

/// A 401 means that the API does not accept the gateway's token: no moderator can fix that.
pub(crate) fn accepted(fetched: Fetched) -> Fetched {
    match fetched {
        Ok(response) if response.status == 401 => Err(Refusal::ApiToken),
        fetched => fetched,
    }
}

static SENT_UP: CounterFamily<(&str, Status), Counter> =
    CounterFamily::new(|(operation, status)| {
        let labels = [
            ("operation", (*operation).to_owned()),
            ("status", status.to_string()),
        ];
        metrics::counter!("rtk_gateway_upstream_requests_total", &labels)
    });

/// Counts an API request.
pub(crate) fn count_up(operation: &'static str, fetched: &Fetched) {
    let status = match fetched {
        Ok(response) => Status::Code(response.status),
        Err(refusal) => Status::Word(refusal.word()),
    };
    SENT_UP.with((operation, status), |counter| counter.increment(1));
}
