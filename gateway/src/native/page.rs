//! The moderator page, served beside the API: one origin and one process.

use axum::Router;
use axum::body::Body;
use http::header::{CACHE_CONTROL, VARY};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::native::config::Page;
use crate::web::page::{ASSETS, HEADERS, IMMUTABLE, NO_CACHE};

/// The page's files, compressed as the build left them beside each.
pub fn service(page: &Page) -> Router {
    let folder = |path| ServeDir::new(path).precompressed_br().precompressed_gzip();
    let assets = Router::new()
        .fallback_service(folder(page.dir.join(ASSETS)))
        .layer(SetResponseHeaderLayer::overriding(CACHE_CONTROL, kept));
    let mut files = Router::new()
        .fallback_service(folder(page.dir.clone()))
        .layer(SetResponseHeaderLayer::overriding(
            CACHE_CONTROL,
            HeaderValue::from_static(NO_CACHE),
        ))
        .nest(&format!("/{ASSETS}"), assets);
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_static(value);
        files = files.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    // A cache must not serve a compressed response to a client that cannot decode it.
    let vary = HeaderValue::from_static("accept-encoding");
    files.layer(SetResponseHeaderLayer::appending(VARY, vary))
}

/// How long an asset may be cached: a missing one may exist tomorrow.
#[expect(clippy::unnecessary_wraps, reason = "the layer wants it so")]
fn kept(response: &Response<Body>) -> Option<HeaderValue> {
    let there = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    Some(HeaderValue::from_static(if there {
        IMMUTABLE
    } else {
        NO_CACHE
    }))
}
