//! The base URL of the API, which the token may be sent to.

use super::invalid_argument::InvalidArgument;
use crate::js;
use wasm_bindgen::JsValue;

/// The base URL by default.
pub(crate) const DEFAULT: &str = "https://api.cloudflare.com/client/v4";

const NAME: &str = "baseURL";

/// The page's own URL; `undefined` outside pages.
pub(crate) fn page() -> JsValue {
    js::get(&js::global("location"), "href")
}

/// Validates a base URL, which may be relative to `page` if that is not `undefined`.
pub(crate) fn validate(url: &str, page: &JsValue) -> Result<String, InvalidArgument> {
    let url = js::url(url, page).map_err(|_| InvalidArgument::new(NAME, "is no URL"))?;
    let part = |name| js::text(&url, name);
    let reason = if !matches!(part("protocol").as_str(), "http:" | "https:") {
        "must be an http or https URL"
    } else if has_any(&url, ["username", "password"]) {
        "must not hold a user name or password"
    } else if has_any(&url, ["search", "hash"]) {
        "must not hold a query or fragment"
    } else {
        return Ok(without_end(part("href"), b'/'));
    };
    Err(InvalidArgument::new(NAME, reason))
}

/// Whether any of these parts is not empty.
fn has_any(url: &JsValue, parts: [&str; 2]) -> bool {
    parts.iter().any(|part| !js::text(url, part).is_empty())
}

/// Rejects Cloudflare's API in a browser. (For Rust callers. `pkg/lib/browser.js` does it for JavaScript, whose
/// constructor must throw before the module is loaded.)
pub(crate) fn reject_in_browser(url: &str) -> Result<(), InvalidArgument> {
    let Ok(url) = js::url(url, &JsValue::UNDEFINED) else {
        return Ok(());
    };
    let host = js::text(&url, "hostname");
    if without_end(host, b'.') != "api.cloudflare.com" || !is_browser() {
        return Ok(());
    }
    Err(InvalidArgument::new(
        NAME,
        "must not be api.cloudflare.com in a browser: it sends no CORS headers, and every \
         visitor could read the API token. Use a gateway that keeps the token as base_url, with a \
         short-lived grant as api_token, or call dangerously_allow_browser",
    ))
}

/// `text` without trailing `mark`s.
fn without_end(mut text: String, mark: u8) -> String {
    while text.as_bytes().last() == Some(&mark) {
        text.pop();
    }
    text
}

/// Whether this is a page or a worker of one.
fn is_browser() -> bool {
    let has = |name| !js::global(name).is_undefined();
    let agent = js::get(&js::global("navigator"), "userAgent")
        .as_string()
        .unwrap_or_default();
    let page = has("window") && has("document");
    // Deno, Bun and Cloudflare Workers have user agents of their own.
    let worker = has("WorkerGlobalScope") && agent.starts_with("Mozilla/");
    page || worker
}
