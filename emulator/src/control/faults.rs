//! Control routes that queue faults and set the rate limit.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::response::{error, merge, ok, parse};
use crate::api::{ApiResponse, Operation};
use crate::emulator::{Emulator, lock};
use crate::faults::{Rule, Step};
use crate::rate_limit::RateLimiter;

/// The longest window of the rate limit.
pub(crate) const LONGEST_WINDOW: f64 = 86_400.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Queue {
    operation: Option<String>,
    meeting_id: Option<String>,
    steps: Vec<String>,
}

/// `POST /faults`.
pub(super) async fn queue(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    merge(parse::<Queue>(&body).and_then(|queue| {
        if let Some(name) = &queue.operation
            && !Operation::is_name(name)
        {
            return Err(error(400, &format!("no operation `{name}`")));
        }
        let steps = queue
            .steps
            .into_iter()
            .map(|text| Step::parse(&text).map(|step| (text, step)))
            .collect::<Result<_, _>>()
            .map_err(|wrong| error(400, &wrong))?;
        let mut faults = lock(&app.faults);
        faults.push(Rule {
            operation: queue.operation,
            meeting: queue.meeting_id,
            steps,
        });
        Ok(ok(&json!({"pending": faults.pending()})))
    }))
}

/// `DELETE /faults`.
pub(super) async fn clear(State(app): State<Arc<Emulator>>) -> ApiResponse {
    lock(&app.faults).clear();
    ok(&json!({"pending": 0}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateLimit {
    limit: Option<u64>,
    window: Option<f64>,
}

/// `POST /rate-limit`: sets the given values, resets the others, and counts from 0.
pub(super) async fn rate_limit(State(app): State<Arc<Emulator>>, body: Bytes) -> ApiResponse {
    merge(parse::<RateLimit>(&body).and_then(|wanted| {
        let window = match wanted.window {
            None => app.settings.rate_window,
            Some(seconds) if seconds > 0.0 && seconds <= LONGEST_WINDOW => {
                Duration::from_secs_f64(seconds)
            }
            Some(_) => return Err(error(400, "window must be above 0 and at most 86400")),
        };
        Ok(set(
            &app,
            wanted.limit.unwrap_or(app.settings.rate_limit),
            window,
        ))
    }))
}

/// `DELETE /rate-limit`: restores the values of the command line.
pub(super) async fn reset_rate_limit(State(app): State<Arc<Emulator>>) -> ApiResponse {
    set(&app, app.settings.rate_limit, app.settings.rate_window)
}

fn set(app: &Emulator, limit: u64, window: Duration) -> ApiResponse {
    *lock(&app.limiter) = RateLimiter::new(limit, window);
    ok(&json!({"limit": limit, "window": window.as_secs_f64()}))
}
