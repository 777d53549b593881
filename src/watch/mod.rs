//! Watches a session: polls it again and again, and reports who is there, who joined, who left.

mod channel;
pub(crate) mod interval;
mod meeting;
pub(crate) mod participant;
pub(crate) mod poll;
pub(crate) mod roster;
pub(crate) mod sleep;
pub(crate) mod snapshot;
pub(crate) mod stream;
pub(crate) mod watcher;
