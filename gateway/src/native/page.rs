//! The moderator page, served beside the API: one origin and one process.

use axum::Router;
use axum::body::Body;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::native::config::Page;

/// Nothing inline, no foreign content but participants' pictures, no framing; only lit's templates
/// turn texts into HTML.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      connect-src 'self'; img-src 'self' https:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types lit-html";

/// The build's folder of files with a content hash in their names.
const ASSETS: &str = "assets";

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
            HeaderValue::from_static("no-cache"),
        ))
        .nest(&format!("/{ASSETS}"), assets);
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
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
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }))
}
