//! The API's paths for webhooks: `…/kit/{app_id}/webhooks` and `…/webhooks/{webhook_id}`.

use axum::http::HeaderMap;
use bytes::Bytes;
use uuid::Uuid;

use super::event::EVENTS;
use super::registry::{Fields, Registry};
use crate::api::{ApiResponse, BASE};
use crate::clock::Moment;
use crate::world::{Refusal, parse_user};

/// A request for webhooks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) account: String,
    app: String,
    /// The webhook, if the path has one.
    id: Option<String>,
}

/// The target of a path, if it is one for webhooks.
pub(crate) fn find(path: &str) -> Option<Target> {
    let segments: Vec<&str> = path.strip_prefix(BASE)?.split('/').collect();
    let (account, app, id) = match segments.as_slice() {
        ["", "accounts", account, "realtime", "kit", app, "webhooks"] => (account, app, None),
        [
            "",
            "accounts",
            account,
            "realtime",
            "kit",
            app,
            "webhooks",
            id,
        ] => (account, app, Some(id)),
        _ => return None,
    };
    Some(Target {
        account: (*account).to_owned(),
        app: (*app).to_owned(),
        id: id.map(|id| (*id).to_owned()),
    })
}

/// The response to an authorized request.
pub(crate) fn respond(
    registry: &mut Registry,
    (apps, now): ([Uuid; 2], Moment),
    target: &Target,
    (method, headers, body): (&str, &HeaderMap, &Bytes),
) -> ApiResponse {
    let Some(app) = parse_user(&target.app).filter(|app| apps.contains(app)) else {
        return Refusal::NoApp(target.app.clone()).into();
    };
    let missing =
        |id: &str| ApiResponse::realtimekit(404, &format!("No webhook found with id {id}"));
    let wrong = |what: &str| ApiResponse::realtimekit(400, what);
    let parsed = |whole: bool| -> Result<Fields, ApiResponse> {
        let kind = headers
            .get("content-type")
            .and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
            return Err(wrong("content-type must be application/json"));
        }
        let fields: Fields =
            serde_json::from_slice(body).map_err(|_| wrong("the body is not valid"))?;
        match fields.problem(whole) {
            Some(problem) => Err(wrong(&problem)),
            None => Ok(fields),
        }
    };
    let result = match (method, target.id.as_deref()) {
        ("GET", None) => Ok(ApiResponse::data(200, &registry.of_app(app))),
        ("GET", Some("all")) => Ok(ApiResponse::data(200, &EVENTS)),
        ("POST", None) => parsed(true).and_then(|fields| {
            let added = registry.add(app, fields, now);
            let added = added.ok_or_else(|| wrong("there are too many webhooks"))?;
            Ok(ApiResponse::data(201, added).acted())
        }),
        ("GET", Some(id)) => {
            let found = registry.get(app, id).ok_or_else(|| missing(id));
            found.map(|webhook| ApiResponse::data(200, webhook))
        }
        ("PUT" | "PATCH", Some(id)) => parsed(method == "PUT").and_then(|fields| {
            let webhook = registry.get(app, id).ok_or_else(|| missing(id))?;
            webhook.set(fields, now);
            Ok(ApiResponse::data(200, webhook).acted())
        }),
        ("DELETE", Some(id)) => {
            let removed = registry.remove(app, id).ok_or_else(|| missing(id));
            removed.map(|webhook| ApiResponse::data(200, &webhook).acted())
        }
        _ => Err(ApiResponse::cloudflare(405, 10_405, "Method not allowed")),
    };
    result.unwrap_or_else(|error| error)
}
