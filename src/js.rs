//! Access to JavaScript values that may run a caller's code (a getter, a proxy): it returns a value or a `Result`, and
//! never throws through us.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // The global object itself. (js-sys looks for it under four names, for platforms that lack this one, and keeps it in a
    // thread-local cell.)
    #[wasm_bindgen(js_namespace = globalThis, js_name = valueOf)]
    fn global_object() -> JsValue;

    // js-sys takes the name as a JavaScript value, which would have to be made first.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get, catch)]
    fn reflect_get(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = parseFloat)]
    fn parse_float(text: &str) -> f64;

    // js-sys takes the text as a Rust string; this one leaves it in JavaScript.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn json_parse(text: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Object)]
    fn assign(target: &JsValue, first: &JsValue, second: &JsValue) -> JsValue;

    // web-sys has one for each kind of base; this one also takes `undefined`.
    #[wasm_bindgen(js_name = URL)]
    type AnyUrl;

    #[wasm_bindgen(constructor, js_class = "URL", catch)]
    fn new(url: &str, base: &JsValue) -> Result<AnyUrl, JsValue>;
}

/// Decodes a value that came from JSON.
pub(crate) trait FromJs: Sized {
    /// Decodes the value, or says what does not fit.
    fn from_js(value: JsValue) -> Result<Self, String>;
}

impl FromJs for JsValue {
    fn from_js(value: JsValue) -> Result<Self, String> {
        Ok(value)
    }
}

/// A property of the global object.
pub(crate) fn global(name: &str) -> JsValue {
    get(&global_object(), name)
}

/// A property, or `undefined` if there is none or it cannot be read.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    reflect_get(object, name).unwrap_or(JsValue::UNDEFINED)
}

/// A property that is text; empty if it is anything else.
pub(crate) fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

/// A property that is a number; NaN if it is anything else.
pub(crate) fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or(f64::NAN)
}

/// A new object with the fields of both; those of `second` come first.
pub(crate) fn merged(first: &JsValue, second: &JsValue) -> JsValue {
    assign(&js_sys::Object::new(), first, second)
}

/// A URL, which may be relative to `base` if that is not `undefined`.
pub(crate) fn url(url: &str, base: &JsValue) -> Result<JsValue, JsValue> {
    AnyUrl::new(url, base).map(JsValue::from)
}

/// The number at the start of a text.
pub(crate) fn leading_number(text: &str) -> Option<f64> {
    Some(parse_float(text)).filter(|number| !number.is_nan())
}

/// Parses JSON; `undefined` if it is none.
pub(crate) fn parse_json(text: &JsValue) -> JsValue {
    json_parse(text).unwrap_or(JsValue::UNDEFINED)
}

/// Whether there is JavaScript to call. wasm-bindgen's imports panic on other platforms.
pub(crate) const fn is_available() -> bool {
    cfg!(all(
        target_family = "wasm",
        any(target_os = "unknown", target_os = "none")
    ))
}
