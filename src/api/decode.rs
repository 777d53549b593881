//! Decodes what JSON was parsed to into the types of Rust callers.

use crate::js::FromJs;
use crate::models::{Participant, Session};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Decodes a value, or says what does not fit.
pub(crate) fn decode<T: DeserializeOwned>(value: JsValue) -> Result<T, String> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| format!("The answer is not of the form described: {error}"))
}

impl FromJs for Participant {
    fn from_js(value: JsValue) -> Result<Self, String> {
        decode(value)
    }
}

impl FromJs for Session {
    fn from_js(value: JsValue) -> Result<Self, String> {
        decode(value)
    }
}
