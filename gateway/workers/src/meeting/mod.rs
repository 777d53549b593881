//! A meeting: one object holds its reads, its idempotency keys, its audit and its watchers.

mod alarm;
mod counted;
mod database;
mod export;
mod inbox;
mod journal;
mod notes;
pub(crate) mod object;
mod part;
pub(crate) mod protocol;
mod socket;
mod state;
mod watchers;
