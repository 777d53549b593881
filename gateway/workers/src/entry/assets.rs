//! The page and the element: static assets, with the headers that the process gives them too.

use worker::{Fetcher, Request, Response, Result};

use realtimekit_gateway::web::page::{ASSETS, HEADERS, IMMUTABLE, NO_CACHE};

/// The binding of the static assets.
pub(super) const BINDING: &str = "ASSETS";

/// A file.
pub(super) async fn serve(files: &Fetcher, request: Request) -> Result<Response> {
    let is_hashed = request.path().starts_with(&format!("/{ASSETS}/"));
    let response: Response = files.fetch_request(request).await?;
    let status = response.status_code();
    let headers = worker::Headers::new();
    for (name, value) in response.headers() {
        headers.append(&name, &value)?;
    }
    for (name, value) in HEADERS {
        headers.set(name, value)?;
    }
    // A missing file may exist tomorrow.
    let may_keep = is_hashed && ((200..300).contains(&status) || status == 304);
    headers.set("cache-control", if may_keep { IMMUTABLE } else { NO_CACHE })?;
    let (builder, body) = response.into_parts();
    Ok(builder.with_headers(headers).body(body))
}
