//! The router: the API, the control API, served folders, and CORS if wanted.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, HeaderValue, Method, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use tower_http::services::ServeDir;

use crate::api::{self, ApiResponse};
use crate::args::Mount;
use crate::control;
use crate::emulator::Emulator;

/// The headers that a page may read if CORS is on.
const EXPOSED: [&str; 5] = [
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "retry-after-ms",
    "cf-ray",
];

/// The whole service.
pub(crate) fn router(app: Arc<Emulator>, mounts: &[Mount], cors: &[String]) -> Router {
    let mut router = Router::new()
        .route(api::BASE, any(api::handle))
        .route(&format!("{}/", api::BASE), any(api::handle))
        .route(&format!("{}/{{*rest}}", api::BASE), any(api::handle))
        .route("/.well-known/webhooks.json", get(control::webhook_key))
        .nest(control::BASE, control::routes())
        .with_state(app);
    let mut named: HashSet<String> = HashSet::new();
    let mut root = None;
    for mount in mounts {
        match &mount.name {
            // Two mounts of one name would be two routes of one path: the first one counts.
            Some(name) if named.insert(name.clone()) => {
                router = router.nest_service(&format!("/{name}"), ServeDir::new(&mount.folder));
            }
            Some(_) => {}
            None => root = root.or(Some(&mount.folder)),
        }
    }
    router = match root {
        Some(folder) => router.fallback_service(ServeDir::new(folder)),
        None => router.fallback(unknown_route),
    };
    if !named.is_empty() {
        router = router.layer(from_fn_with_state(Arc::new(named), add_mount_name));
    }
    match cors {
        [] => router,
        origins => router.layer(cors_layer(origins)),
    }
}

/// Redirects `/NAME` to `/NAME/`, so that relative links of a page work. Adds the mount's name to
/// redirects of a served folder, which does not know it.
async fn add_mount_name(
    State(names): State<Arc<HashSet<String>>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let (first, rest) = match path.split_once('/') {
        Some((first, _)) => (first, true),
        None => (path, false),
    };
    if !names.contains(first) {
        return next.run(request).await;
    }
    let name = first.to_owned();
    if !rest {
        return Redirect::permanent(&format!("/{name}/")).into_response();
    }
    let mut response = next.run(request).await;
    if let Some(location) = response.headers_mut().get_mut(LOCATION)
        && let Ok(path) = location.to_str()
        && let Ok(whole) = HeaderValue::from_str(&format!("/{name}{path}"))
    {
        *location = whole;
    }
    response
}

async fn unknown_route(method: Method, uri: Uri) -> ApiResponse {
    let message = format!("The emulator has no route {method} {}", uri.path());
    ApiResponse::cloudflare(501, 501, &message)
}

fn cors_layer(origins: &[String]) -> CorsLayer {
    let origin = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(
            origins
                .iter()
                .filter_map(|origin| HeaderValue::from_str(origin).ok()),
        )
    };
    CorsLayer::new()
        .allow_origin(origin)
        .allow_headers(AllowHeaders::mirror_request())
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .expose_headers(EXPOSED.map(HeaderName::from_static))
}
