//! The control API under `/__emulator/`: what a test does that no moderator could. It is no part
//! of RealtimeKit and asks for no token.

mod faults;
mod people;
mod reply;
mod world;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::routing::{get, post};
use serde_json::json;

use crate::api::{Answer, query_value};
use crate::emulator::{Emulator, lock};
use reply::{error, ok};

pub(crate) use faults::LONGEST_WINDOW;
pub(crate) use world::MOST_PARTICIPANTS;

/// Where the control API is.
pub(crate) const BASE: &str = "/__emulator";

/// Its routes.
pub(crate) fn routes() -> Router<Arc<Emulator>> {
    Router::new()
        .route("/requests", get(requests).delete(forget_requests))
        .route("/state", get(world::state))
        .route("/join", post(people::join))
        .route("/leave", post(people::leave))
        .route("/advance", post(world::advance))
        .route("/end-session", post(world::end_session))
        .route("/meetings", post(world::make_meeting))
        .route("/faults", post(faults::queue).delete(faults::clear))
        .route(
            "/rate-limit",
            post(faults::rate_limit).delete(faults::reset_rate_limit),
        )
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
}

/// `GET /requests`, with `?path=` only those whose path contains that.
async fn requests(State(app): State<Arc<Emulator>>, uri: Uri) -> Answer {
    let path = query_value(uri.query().unwrap_or_default(), "path").unwrap_or_default();
    let record = lock(&app.record);
    ok(&json!({"requests": record.list(&path)}))
}

/// `DELETE /requests`.
async fn forget_requests(State(app): State<Arc<Emulator>>) -> Answer {
    lock(&app.record).clear();
    ok(&json!({}))
}

async fn unknown(method: Method, uri: Uri) -> Answer {
    error(404, &format!("no control route {method} {}", uri.path()))
}

async fn wrong_method(method: Method) -> Answer {
    error(405, &format!("{method} is not for this control route"))
}
