//! The routes: the API, health checks, metrics, and the page.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::future::BoxFuture;
use http::StatusCode;
use uuid::Uuid;

use crate::native::api_handler::ApiHandler;
use crate::native::config::Page;
use crate::native::page;
use crate::native::webhooks;
use crate::web::response::add_common_headers;

/// Returns whether requests can be served, or what is missing.
pub type Ready = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Returns the metrics' text.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// The public routes.
pub fn public(handler: &Arc<ApiHandler>, page: Option<&Page>, ready: &Ready) -> Router {
    let routes = Router::new().route("/client/{*path}", any(api));
    let routes = match handler.webhooks {
        Some(_) => routes.route(webhooks::PATH, any(webhook)),
        None => routes,
    };
    let routes = match page {
        // The API handler refuses unknown routes.
        None => routes.fallback(api).with_state(Arc::clone(handler)),
        Some(page) => routes
            .with_state(Arc::clone(handler))
            .fallback_service(page::service(page)),
    };
    routes.merge(health(ready))
}

/// The metrics, and the health checks too.
pub fn metrics(metrics: &Metrics, ready: &Ready) -> Router {
    let routes = Router::new().route("/metrics", get(metrics_text));
    let routes = routes.with_state(Arc::clone(metrics));
    routes
        .layer(axum::middleware::map_response(with_common_headers))
        .merge(health(ready))
}

async fn webhook(State(handler): State<Arc<ApiHandler>>, request: Request) -> Response {
    match &handler.webhooks {
        Some(webhooks) => webhooks.receive(request).await,
        None => handler.handle(request).await,
    }
}

async fn api(State(handler): State<Arc<ApiHandler>>, request: Request) -> Response {
    handler.handle(request).await
}

fn health(ready: &Ready) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(readyz))
        .with_state(Arc::clone(ready))
        .layer(axum::middleware::map_response(with_common_headers))
}

async fn with_common_headers(mut response: Response) -> Response {
    add_common_headers(response.headers_mut(), &Uuid::now_v7().to_string());
    response
}

async fn readyz(State(ready): State<Ready>) -> impl IntoResponse {
    match ready().await {
        Ok(()) => (StatusCode::OK, "ready".to_owned()),
        Err(what) => (StatusCode::SERVICE_UNAVAILABLE, what),
    }
}

async fn metrics_text(State(metrics): State<Metrics>) -> String {
    metrics()
}
