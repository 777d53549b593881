//! JavaScript as it may be handed to us: every access that could run a caller's code (a getter, a
//! proxy) gives a `Result` or a value, and never throws through us.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // js-sys takes the text as a Rust string; this one stays in JavaScript.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn json_parse(text: &JsValue) -> Result<JsValue, JsValue>;

    // web-sys has one for each kind of base; this one takes what there is, also `undefined`.
    #[wasm_bindgen(js_name = URL)]
    type AnyUrl;

    #[wasm_bindgen(constructor, js_class = "URL", catch)]
    fn new(url: &str, base: &JsValue) -> Result<AnyUrl, JsValue>;
}

/// A property, or `undefined` where there is none or it cannot be read.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A URL, which may be relative to `base` if that is not `undefined`.
pub(crate) fn url(url: &str, base: &JsValue) -> Result<JsValue, JsValue> {
    AnyUrl::new(url, base).map(JsValue::from)
}

/// What a JSON text says, or `undefined` if it is none.
pub(crate) fn parse_json(text: &JsValue) -> JsValue {
    json_parse(text).unwrap_or(JsValue::UNDEFINED)
}
