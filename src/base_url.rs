//! Where the API is: an address that the token may be sent to.

use crate::error::Invalid;
use crate::js;
use wasm_bindgen::JsValue;
use web_sys::Url;

/// Where the API is if nobody says otherwise.
pub(crate) const DEFAULT: &str = "https://api.cloudflare.com/client/v4";

const NAME: &str = "baseURL";

/// Checks a base URL, which in a page may be relative to it.
pub(crate) fn check(url: &str, dangerously_allow_browser: bool) -> Result<String, Invalid> {
    let page = js::get(&js::get(&js_sys::global(), "location"), "href").as_string();
    let url = match page {
        Some(page) => Url::new_with_base(url, &page),
        None => Url::new(url),
    };
    let url = url.map_err(|_| Invalid::new(NAME, "is no URL"))?;
    if !matches!(url.protocol().as_str(), "http:" | "https:") {
        return Err(Invalid::new(NAME, "must be an http or https URL"));
    }
    if !url.username().is_empty() || !url.password().is_empty() {
        return Err(Invalid::new(NAME, "must not hold a user name or password"));
    }
    if !url.search().is_empty() || !url.hash().is_empty() {
        return Err(Invalid::new(NAME, "must not hold a query or fragment"));
    }
    if url.hostname().trim_end_matches('.') == "api.cloudflare.com"
        && !dangerously_allow_browser
        && is_browser()
    {
        return Err(Invalid::new(
            NAME,
            "must not be api.cloudflare.com in a browser: it sends no CORS headers, and every \
             visitor could read the API token. Use a gateway that keeps the token as baseURL, \
             with a short-lived grant as apiToken, or set dangerouslyAllowBrowser",
        ));
    }
    let mut href = url.href();
    while href.ends_with('/') {
        href.pop();
    }
    Ok(href)
}

/// Whether this is a page, or a worker of one.
fn is_browser() -> bool {
    let global: JsValue = js_sys::global().into();
    let has = |name| !js::get(&global, name).is_undefined();
    let agent = js::get(&js::get(&global, "navigator"), "userAgent")
        .as_string()
        .unwrap_or_default();
    let page = has("window") && has("document");
    // Deno's, Bun's and Cloudflare's workers say who they are; a browser's say Mozilla.
    let worker = has("WorkerGlobalScope") && agent.starts_with("Mozilla/");
    page || worker
}
