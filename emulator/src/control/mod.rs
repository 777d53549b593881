//! The control API under `/__emulator/`, for tests. RealtimeKit does not have it, and it needs no
//! token.

mod faults;
mod participants;
mod response;
mod webhooks;
mod world;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::routing::{get, post};
use serde_json::json;

use crate::api::{ApiResponse, query_value};
use crate::emulator::{Emulator, lock};
use response::{error, ok};

pub(crate) use faults::LONGEST_WINDOW;
pub(crate) use webhooks::key as webhook_key;
pub(crate) use world::MOST_PARTICIPANTS;

/// The base path of the control API.
pub(crate) const BASE: &str = "/__emulator";

/// The routes of the control API.
pub(crate) fn routes() -> Router<Arc<Emulator>> {
    Router::new()
        .route("/requests", get(requests).delete(forget_requests))
        .route("/state", get(world::state))
        .route("/join", post(participants::join))
        .route("/leave", post(participants::leave))
        .route("/advance", post(world::advance))
        .route("/end-session", post(world::end_session))
        .route("/meetings", post(world::make_meeting))
        .route("/faults", post(faults::queue).delete(faults::clear))
        .route(
            "/rate-limit",
            post(faults::rate_limit).delete(faults::reset_rate_limit),
        )
        .route("/webhooks", get(webhooks::list).post(webhooks::behave))
        .route("/webhooks/release", post(webhooks::release_held))
        .route("/webhooks/forge", post(webhooks::forge_one))
        .route("/webhooks/key", post(webhooks::new_key))
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
}

/// `GET /requests`. `?path=` selects those whose path contains a text.
async fn requests(State(app): State<Arc<Emulator>>, uri: Uri) -> ApiResponse {
    let path = query_value(uri.query().unwrap_or_default(), "path").unwrap_or_default();
    let log = lock(&app.request_log);
    ok(&json!({"requests": log.list(&path)}))
}

/// `DELETE /requests`.
async fn forget_requests(State(app): State<Arc<Emulator>>) -> ApiResponse {
    lock(&app.request_log).clear();
    ok(&json!({}))
}

async fn unknown(method: Method, uri: Uri) -> ApiResponse {
    error(404, &format!("no control route {method} {}", uri.path()))
}

async fn wrong_method(method: Method) -> ApiResponse {
    error(
        405,
        &format!("method {method} is not allowed for this control route"),
    )
}
