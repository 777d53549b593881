//! TOML texts and their values. A process parses them itself. On Workers the platform does, for a parser
//! would be a tenth of the wasm: it gives their values as JSON.

#[cfg(not(any(feature = "native", test)))]
mod json;
mod parser;
#[cfg(any(feature = "native", test))]
mod toml;

#[cfg(not(any(feature = "native", test)))]
pub(crate) use self::json::{Table, Value, as_table, message, parse, parse_value, table};
pub use self::parser::{TomlParser, install_toml_parser};
#[cfg(any(feature = "native", test))]
pub(crate) use self::toml::{Table, Value, as_table, message, parse, parse_value, table};
