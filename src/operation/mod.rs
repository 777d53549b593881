//! The operations of the API, and the table that both client and gateway are driven by.

mod table;
mod types;

pub use table::*;
pub use types::*;
