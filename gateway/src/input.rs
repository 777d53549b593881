//! A request's query and body: parsed, validated by the table's rules, and written anew.
//!
//! Only validated values reach the API: a query in a fixed order, a body serialised from the parsed
//! one. Fields that no moderator needs are refused, because the API's own operations can do more
//! than moderate (a meeting's PATCH can rename it, record it, stream it).

mod body;
mod query;
mod reason;

use crate::api_response::Refusal;

pub use self::body::{Body, Person};
pub use self::query::{audit_page, query};
pub use self::reason::reason;

fn invalid<T>(what: &str) -> Result<T, Refusal> {
    Err(Refusal::Invalid(what.to_owned()))
}

#[cfg(test)]
mod tests;
