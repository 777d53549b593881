//! What a gateway advertises in its responses, as far as a client has seen it.

use crate::ascii::around;
use js_sys::Array;
use wasm_bindgen::JsValue;

const HEADER: &str = "realtimekit-gateway-features";

/// What the gateway of a client can do. (A JavaScript array, which holds an entry once an `Idempotency-Key` is known to
/// be remembered: the npm package keeps it with the client's settings.)
#[derive(Clone)]
pub(crate) struct GatewayFeatures(Array);

impl GatewayFeatures {
    /// What is known of the gateway with this base URL. Cloudflare's API is none.
    pub(crate) fn new(base_url: &str, seen: Array) -> Option<Self> {
        (!base_url.starts_with("https://api.cloudflare.com/")).then_some(Self(seen))
    }

    /// Whether it answers a repeated `Idempotency-Key` with the first response.
    pub(crate) fn remembers_keys(&self) -> bool {
        self.0.length() > 0
    }

    /// Reads the header of a response.
    pub(crate) fn read(&self, header: impl FnOnce(&str) -> Option<String>) {
        if header(HEADER).is_some_and(|text| around(&text, "idempotency-key").is_some()) {
            self.0.set(0, JsValue::TRUE);
        }
    }
}
