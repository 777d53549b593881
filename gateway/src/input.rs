//! A request's query and body: read, checked by the table's rules, and written anew.
//!
//! What goes up is what was checked: a query in one order, a body serialised from what was parsed.
//! Fields that no moderator needs are refused, for the API's own operations can do more than
//! moderate (a meeting's PATCH can rename it, record it, stream it).

mod body;
mod query;

use crate::api_response::Refusal;

pub use self::body::{Body, Person};
pub use self::query::{audit_page, query};

fn invalid<T>(what: &str) -> Result<T, Refusal> {
    Err(Refusal::Invalid(what.to_owned()))
}

#[cfg(test)]
mod tests;
