//! Where the API is: an address that the token may be sent to.

use crate::error::InvalidArgument;
use crate::js;
use wasm_bindgen::JsValue;

/// Where the API is if nobody says otherwise.
pub(crate) const DEFAULT: &str = "https://api.cloudflare.com/client/v4";

const NAME: &str = "baseURL";

/// The page's own URL; `undefined` if this is none.
pub(crate) fn page() -> JsValue {
    js::get(&js::get(&js_sys::global(), "location"), "href")
}

/// Checks a base URL, which may be relative to `page` if that is not `undefined`.
pub(crate) fn check(url: &str, page: &JsValue) -> Result<String, InvalidArgument> {
    let url = js::url(url, page).map_err(|_| InvalidArgument::new(NAME, "is no URL"))?;
    let part = |name| js::get(&url, name).as_string().unwrap_or_default();
    judge(
        &part("protocol"),
        &(part("username") + &part("password")),
        &(part("search") + &part("hash")),
        part("href"),
    )
}

/// Judges a base URL by its protocol, its user and password, its query and fragment; gives it without
/// a slash at its end.
pub(crate) fn judge(
    protocol: &str,
    user: &str,
    query: &str,
    whole: String,
) -> Result<String, InvalidArgument> {
    if !matches!(protocol, "http:" | "https:") {
        return Err(InvalidArgument::new(NAME, "must be an http or https URL"));
    }
    if !user.is_empty() {
        return Err(InvalidArgument::new(
            NAME,
            "must not hold a user name or password",
        ));
    }
    if !query.is_empty() {
        return Err(InvalidArgument::new(
            NAME,
            "must not hold a query or fragment",
        ));
    }
    Ok(without_end(whole, b'/'))
}

/// Refuses Cloudflare's API in a browser. (For Rust; `pkg/lib/client.js` does it when a client is
/// made, which is before the wasm need be there.)
pub(crate) fn refuse_in_browser(url: &str) -> Result<(), InvalidArgument> {
    let Ok(url) = js::url(url, &JsValue::UNDEFINED) else {
        return Ok(());
    };
    let host = js::get(&url, "hostname").as_string().unwrap_or_default();
    if without_end(host, b'.') != "api.cloudflare.com" || !is_browser() {
        return Ok(());
    }
    Err(InvalidArgument::new(
        NAME,
        "must not be api.cloudflare.com in a browser: it sends no CORS headers, and every \
         visitor could read the API token. Use a gateway that keeps the token as baseURL, with a \
         short-lived grant as api_token, or call dangerously_allow_browser",
    ))
}

/// `text` without any `mark`s at its end.
fn without_end(mut text: String, mark: u8) -> String {
    while text.as_bytes().last() == Some(&mark) {
        text.pop();
    }
    text
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
