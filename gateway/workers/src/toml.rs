//! TOML, which JavaScript parses (`toml.mjs`): a parser of it would be a tenth of the wasm.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use realtimekit_gateway::config::install_toml_parser;

#[wasm_bindgen]
extern "C" {
    /// The JSON of a TOML document. Throws the reason, a text.
    #[wasm_bindgen(js_name = realtimekitGatewayToml, catch)]
    fn toml_to_json(text: &str) -> Result<String, JsValue>;
}

/// Parses with this from now on.
pub(crate) fn install() {
    install_toml_parser(|text| {
        let json = toml_to_json(text).map_err(|reason| {
            reason
                .as_string()
                .unwrap_or_else(|| "is no TOML".to_owned())
        })?;
        serde_json::from_str(&json).map_err(|_| "is no TOML".to_owned())
    });
}
