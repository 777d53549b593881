//! JavaScript as it may be handed to us: every access that could run a caller's code (a getter, a
//! proxy, a `toJSON`) gives a `Result` or a value, and never throws through us.

use crate::error::Invalid;
use js_sys::{Array, JSON, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Object, js_name = entries, catch)]
    fn object_entries(object: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(js_namespace = Object, js_name = assign, catch)]
    fn object_assign(target: &Object, first: &JsValue, second: &JsValue)
    -> Result<Object, JsValue>;

    #[wasm_bindgen(js_namespace = Array, js_name = from, catch)]
    fn array_from(iterable: &JsValue) -> Result<Array, JsValue>;

    // Throws at a proxy that was revoked.
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    // js-sys takes the text as a Rust string; this one stays in JavaScript.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn json_parse(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// A property, or `undefined` where there is none or it cannot be read.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a property of an object of our own.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object of ours takes any property.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A property of a caller's object; what its getter throws is a refusal of the whole argument.
pub(crate) fn read(object: &JsValue, name: &'static str) -> Result<JsValue, Invalid> {
    if object.is_undefined() || object.is_null() {
        return Ok(JsValue::UNDEFINED);
    }
    Reflect::get(object, &JsValue::from_str(name)).map_err(|_| Invalid::new(name, "cannot be read"))
}

/// Whether it is an object with fields: no list and no function.
pub(crate) fn is_record(value: &JsValue) -> bool {
    value.is_object() && is_array(value) == Ok(false)
}

/// The value as the JSON it would be sent as: plain data, in which nothing can surprise.
/// What has no fields (`undefined`, `null`) is an empty object.
pub(crate) fn plain(argument: &'static str, value: &JsValue) -> Result<Object, Invalid> {
    if value.is_undefined() || value.is_null() {
        return Ok(Object::new());
    }
    let copy = is_record(value)
        .then(|| JSON::stringify(value).ok())
        .ok_or(Invalid::new(argument, "must be an object"))?;
    copy.and_then(|json| parse_json(&json))
        .filter(is_record)
        .map(JsCast::unchecked_into)
        .ok_or(Invalid::new(argument, "cannot be written as JSON"))
}

/// What a JSON text says, or `None` if it is none.
pub(crate) fn parse_json(text: &JsValue) -> Option<JsValue> {
    json_parse(text).ok()
}

/// Plain data as JSON.
pub(crate) fn to_json(plain: &Object) -> JsString {
    // What came from JSON goes back to it.
    JSON::stringify(plain).unwrap_or_else(|_| JsString::from("{}"))
}

/// The name-value pairs of an object, or of what yields pairs, such as `Headers`.
pub(crate) fn pairs(argument: &'static str, value: &JsValue) -> Result<Array, Invalid> {
    let iterates =
        value.is_object() && Reflect::has(value, &js_sys::Symbol::iterator()).unwrap_or(false);
    let pairs = if iterates {
        array_from(value)
    } else if value.is_object() {
        object_entries(value)
    } else {
        Err(JsValue::UNDEFINED)
    };
    pairs.map_err(|_| Invalid::new(argument, "must be an object"))
}

/// `second`'s fields over `first`'s. Either may be `undefined` or `null`.
pub(crate) fn merged(
    argument: &'static str,
    first: &JsValue,
    second: &JsValue,
) -> Result<Object, Invalid> {
    object_assign(&Object::new(), first, second)
        .map_err(|_| Invalid::new(argument, "cannot be read"))
}

/// A string; `None` if it is none, or holds half a character (a lone surrogate), which has no
/// UTF-8 and would come out as another string.
pub(crate) fn text(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    let read = String::from(text);
    // Half a character is read as this one. Only then is each unit looked at, which takes a call
    // into JavaScript for each.
    if read.contains('\u{fffd}') && !text.is_valid_utf16() {
        return None;
    }
    Some(read)
}
