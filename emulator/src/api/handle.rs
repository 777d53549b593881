//! Handles one API request: logs it, applies its fault if it has one, and else responds as Cloudflare
//! and RealtimeKit would.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response};
use axum::response::IntoResponse;
use bytes::Bytes;
use serde_json::json;

use super::auth;
use super::operations::{RequestInput, perform};
use super::response::ApiResponse;
use super::route::{Operation, Route, Target};
use crate::emulator::{Emulator, lock};
use crate::faults::{FaultContext, Step, apply, parse_header};
use crate::net::Switch;
use crate::rate_limit::RateDecision;
use crate::request_log::NewEntry;
use crate::webhooks;
use crate::world::parse_user;

/// The largest request body. No operation needs nearly as much.
const MAX_BODY: usize = 1024 * 1024;

/// Handles a request under `/client/v4`.
pub(crate) async fn handle(State(app): State<Arc<Emulator>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    // Read the whole body first. A connection that closes with unread data ends with a RST, which
    // would replace the requested fault.
    let body = axum::body::to_bytes(body, MAX_BODY).await;
    let route = Route::find(parts.method.as_str(), parts.uri.path());
    let decision = lock(&app.limiter).take(app.started.elapsed());
    let (n, ray) = log_request(&app, &parts, body.as_ref().ok(), &route);
    let step = next_step(&app, &parts, &route);

    let perform_request = || {
        let response = match &body {
            Ok(body) => respond(&app, &parts, body, &route, decision),
            Err(_) => ApiResponse::cloudflare(413, 413, "Request body too large"),
        };
        if response.acted {
            lock(&app.request_log).set_acted(n);
        }
        response
    };
    let mut response = match step {
        Ok(None) => perform_request().into_response(),
        Ok(Some((name, step))) => {
            lock(&app.request_log).set_fault(n, name);
            apply(step, context(&parts), perform_request).await
        }
        // An error, so that no test passes because of a misspelt fault.
        Err(error) => ApiResponse::json(400, &json!({"error": error})).into_response(),
    };
    auth::add_common_headers(&mut response, decision, &ray);
    lock(&app.request_log).set_status(n, response.status().as_u16());
    if app.settings.print_requests {
        print(&parts, response.status().as_u16());
    }
    response
}

/// Logs the request. Returns its number and its ray ID.
fn log_request(
    app: &Emulator,
    parts: &Parts,
    body: Option<&Bytes>,
    route: &Route,
) -> (u64, String) {
    let entry = NewEntry {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: &parts.headers,
        body: body.map(|body| String::from_utf8_lossy(body).into_owned()),
        operation: match route {
            Route::Found(target) => Some(target.operation.name()),
            _ => None,
        },
        at: app.started.elapsed(),
    };
    let mut log = lock(&app.request_log);
    let n = log.add(entry);
    let ray = auth::ray(n);
    log.set_ray(n, &ray);
    (n, ray)
}

/// The fault of this request: its own, else a queued one that matches.
fn next_step(
    app: &Emulator,
    parts: &Parts,
    route: &Route,
) -> Result<Option<(String, Step)>, String> {
    if let Some(value) = parts.headers.get("x-emulator-faults") {
        let value = value
            .to_str()
            .map_err(|_| "x-emulator-faults: not readable".to_owned())?;
        let (id, steps) = parse_header(value)?;
        return Ok(lock(&app.faults).next_from_header(&id, &steps));
    }
    if lock(&app.faults).pending() == 0 {
        return Ok(None);
    }
    let (operation, meeting) = match route {
        Route::Found(target) => (Some(target.operation.name()), meeting_of(app, target)),
        _ => (None, None),
    };
    Ok(lock(&app.faults).next_from_queue(operation, meeting.as_deref()))
}

fn meeting_of(app: &Emulator, target: &Target) -> Option<String> {
    if target.operation != Operation::GetSessionParticipants {
        return Some(target.subject.clone());
    }
    let session = parse_user(&target.subject)?;
    lock(&app.world)
        .meeting_of_session(session)
        .map(str::to_owned)
}

fn context(parts: &Parts) -> FaultContext {
    FaultContext {
        switch: parts
            .extensions
            .get::<Switch>()
            .cloned()
            .unwrap_or_default(),
        authorization: parts
            .headers
            .get(AUTHORIZATION)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .unwrap_or_default(),
    }
}

/// The response without a fault.
fn respond(
    app: &Emulator,
    parts: &Parts,
    body: &Bytes,
    route: &Route,
    decision: RateDecision,
) -> ApiResponse {
    if let Some(target) = webhooks::find(parts.uri.path()) {
        if let Err(refused) = auth::check(&app.settings, decision, &parts.headers, &target.account)
        {
            return refused;
        }
        let request = (parts.method.as_str(), &parts.headers, body);
        let (world, events) = {
            let mut world = lock(&app.world);
            ((world.apps, world.now()), world.take_events())
        };
        app.courier.collect(events);
        return webhooks::respond(&mut lock(&app.courier.registry), world, &target, request);
    }
    let target = match route {
        Route::Found(target) => target,
        Route::WrongMethod(allowed) => {
            return ApiResponse::cloudflare(405, 10_405, "Method not allowed")
                .with(ALLOW, HeaderValue::from_static(allowed));
        }
        Route::Unknown => {
            let message = format!(
                "The emulator has no route {} {}",
                parts.method,
                parts.uri.path()
            );
            return ApiResponse::cloudflare(501, 501, &message);
        }
    };
    if let Err(refused) = auth::check(&app.settings, decision, &parts.headers, &target.account) {
        return refused;
    }
    let request = RequestInput {
        query: parts.uri.query().unwrap_or_default(),
        content_type: parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok()),
        body,
    };
    perform(&mut lock(&app.world), &app.settings, target, &request)
}

fn print(parts: &Parts, status: u16) {
    use std::io::Write;
    // Standard error may be closed. Ignore that.
    let _ = writeln!(std::io::stderr(), "{} {} {status}", parts.method, parts.uri);
}
