//! What is asked where: the API, which is nearly all, goes straight to it; the rest by a router.

use std::sync::Arc;

use ::http::StatusCode;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http_body_util::{Either, Full};
use tower::ServiceExt;
use uuid::Uuid;

use crate::native::config::Page;
use crate::native::http::{self, ApiHandler, Request};
use crate::native::http_response::add_common_headers;
use crate::native::page;
use crate::native::serve::Shared;

/// The API's paths begin so.
const API: &str = "/client/";

/// What a listener serves.
#[derive(Clone)]
pub struct Site {
    /// The API, if it is served here.
    front: Option<Arc<ApiHandler>>,
    /// Paths beside the API's; `None` if the API has only those that begin as its own do.
    beside: Option<Vec<&'static str>>,
    rest: Router,
}

impl Site {
    /// What everybody may reach. `metrics` are there too if they have no listener of their own.
    pub fn public(shared: &Arc<Shared>, page: Option<&Page>, metrics: bool) -> Self {
        let mut beside = vec!["/healthz", "/readyz"];
        let mut routes = Router::new()
            .route("/healthz", get(|| async { "ok" }))
            .route("/readyz", get(readyz));
        if metrics {
            beside.push("/metrics");
            routes = routes.route("/metrics", get(metrics_text));
        }
        let rest = of_the_gateway(routes, shared);
        let (beside, rest) = match page {
            None => (Some(beside), rest),
            Some(page) => (None, rest.fallback_service(page::service(page))),
        };
        Self {
            front: Some(Arc::clone(&shared.app.front)),
            beside,
            rest,
        }
    }

    /// The counts alone.
    pub fn metrics(shared: &Arc<Shared>) -> Self {
        let routes = Router::new().route("/metrics", get(metrics_text));
        Self {
            front: None,
            beside: None,
            rest: of_the_gateway(routes, shared),
        }
    }

    /// Answers a request.
    pub async fn response(
        self: Arc<Self>,
        request: Request,
    ) -> ::http::Response<Either<Full<Bytes>, Body>> {
        if let Some(front) = &self.front
            && self.is_for_api(request.uri().path())
        {
            // A connection that keeps still does not keep the room that a request takes.
            return Box::pin(http::api(front, request)).await.map(Either::Left);
        }
        match self.rest.clone().oneshot(request).await {
            Ok(response) => response.map(Either::Right),
            Err(never) => match never {},
        }
    }

    /// Whether a path is the API's to response, be it that there is no such thing.
    fn is_for_api(&self, path: &str) -> bool {
        match &self.beside {
            None => path.strip_prefix(API).is_some_and(|rest| !rest.is_empty()),
            Some(beside) => !beside.contains(&path),
        }
    }
}

/// Routes whose responses the gateway makes itself.
fn of_the_gateway(routes: Router<Arc<Shared>>, shared: &Arc<Shared>) -> Router {
    routes
        .with_state(Arc::clone(shared))
        .layer(axum::middleware::map_response(to_http))
}

async fn to_http(mut response: Response) -> Response {
    add_common_headers(response.headers_mut(), &Uuid::now_v7().to_string());
    response
}

async fn readyz(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    match shared.app.ready().await {
        Ok(()) => (StatusCode::OK, "ready".to_owned()),
        Err(what) => (StatusCode::SERVICE_UNAVAILABLE, what),
    }
}

async fn metrics_text(State(shared): State<Arc<Shared>>) -> String {
    shared.gauges();
    shared.metrics.render()
}
