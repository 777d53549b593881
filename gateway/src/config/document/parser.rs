//! The platform's parser of TOML, for a build without one of its own.

use std::sync::OnceLock;

use serde_json::Value;

/// Parses a TOML document into JSON. A date must not become a text, nor a whole number a fraction.
///
/// Its error is the reason, without a line of the document.
pub type TomlParser = fn(&str) -> Result<Value, String>;

static PARSER: OnceLock<TomlParser> = OnceLock::new();

/// Parses with this from now on; the first call counts. A build with the feature `native` parses itself.
pub fn install_toml_parser(parser: TomlParser) {
    let _ = PARSER.set(parser);
}

/// The parser that was installed.
#[cfg(not(any(feature = "native", test)))]
pub(super) fn installed() -> Option<&'static TomlParser> {
    PARSER.get()
}
