//! RealtimeKit's REST API under `/client/v4`: which operation a request means, whether it may,
//! whether it is well formed, and what the world answers.

mod answer;
mod gate;
mod handle;
mod input;
mod operations;
mod query;
mod route;

pub(crate) use answer::{Answer, fitting};
pub(crate) use handle::handle;
pub(crate) use query::value as query_value;
pub(crate) use route::{BASE, Operation};
