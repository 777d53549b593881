//! One API request from arrival to answer: it is written down, meets its fault if it has one, and
//! is otherwise answered as Cloudflare and RealtimeKit would.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response};
use axum::response::IntoResponse;
use bytes::Bytes;
use serde_json::json;

use super::answer::Answer;
use super::gate;
use super::operations::{Brought, perform};
use super::route::{Operation, Route, Target};
use crate::emulator::{Emulator, lock};
use crate::faults::{Scene, Step, parse_header, play};
use crate::limit::Verdict;
use crate::net::Switch;
use crate::record::Arrival;
use crate::world::parse_user;

/// Larger bodies are refused; none of the operations needs nearly as much.
const MAX_BODY: usize = 1024 * 1024;

/// Answers a request under `/client/v4`.
pub(crate) async fn handle(State(app): State<Arc<Emulator>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    // The whole body is read before anything else: a connection that is closed while data waits
    // to be read ends with a RST, and a fault must be the one that was asked for.
    let body = axum::body::to_bytes(body, MAX_BODY).await;
    let route = Route::find(parts.method.as_str(), parts.uri.path());
    let verdict = lock(&app.limiter).take(app.born.elapsed());
    let (n, ray) = arrive(&app, &parts, body.as_ref().ok(), &route);
    let step = next_step(&app, &parts, &route);

    let act = || {
        let answer = match &body {
            Ok(body) => answer(&app, &parts, body, &route, verdict),
            Err(_) => Answer::cloudflare(413, 413, "Request body too large"),
        };
        if answer.acted {
            lock(&app.record).acted(n);
        }
        answer
    };
    let mut response = match step {
        Ok(None) => act().into_response(),
        Ok(Some((name, step))) => {
            lock(&app.record).fault(n, name);
            play(step, scene(&parts), act).await
        }
        // Loudly, so that a test does not pass because its fault was misspelt.
        Err(error) => Answer::json(400, &json!({"error": error})).into_response(),
    };
    gate::dress(&mut response, verdict, &ray);
    lock(&app.record).answered(n, response.status().as_u16());
    if app.settings.print_requests {
        print(&parts, response.status().as_u16());
    }
    response
}

/// Writes the request down; answers its number and its ray.
fn arrive(app: &Emulator, parts: &Parts, body: Option<&Bytes>, route: &Route) -> (u64, String) {
    let arrival = Arrival {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: &parts.headers,
        body: body.map(|body| String::from_utf8_lossy(body).into_owned()),
        operation: match route {
            Route::Found(target) => Some(target.operation.name()),
            _ => None,
        },
        at: app.born.elapsed(),
    };
    let mut record = lock(&app.record);
    let n = record.arrive(arrival);
    let ray = gate::ray(n);
    record.ray(n, &ray);
    (n, ray)
}

/// The fault of this request: its own, or else one that is queued for such as it.
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
        return Ok(lock(&app.faults).of_header(&id, &steps));
    }
    if lock(&app.faults).pending() == 0 {
        return Ok(None);
    }
    let (operation, meeting) = match route {
        Route::Found(target) => (Some(target.operation.name()), meeting_of(app, target)),
        _ => (None, None),
    };
    Ok(lock(&app.faults).of_queue(operation, meeting.as_deref()))
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

fn scene(parts: &Parts) -> Scene {
    Scene {
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

/// The honest answer.
fn answer(app: &Emulator, parts: &Parts, body: &Bytes, route: &Route, verdict: Verdict) -> Answer {
    let target = match route {
        Route::Found(target) => target,
        Route::WrongMethod(allowed) => {
            return Answer::cloudflare(405, 10_405, "Method not allowed")
                .with(ALLOW, HeaderValue::from_static(allowed));
        }
        Route::Unknown => {
            let message = format!(
                "The emulator has no route {} {}",
                parts.method,
                parts.uri.path()
            );
            return Answer::cloudflare(501, 501, &message);
        }
    };
    if let Err(refused) = gate::check(&app.settings, verdict, &parts.headers, &target.account) {
        return refused;
    }
    let brought = Brought {
        query: parts.uri.query().unwrap_or_default(),
        content_type: parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok()),
        body,
    };
    perform(&mut lock(&app.world), &app.settings, target, &brought)
}

fn print(parts: &Parts, status: u16) {
    use std::io::Write;
    // Standard error may be closed; that is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{} {} {status}", parts.method, parts.uri);
}
