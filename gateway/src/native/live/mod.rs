//! The sockets of watchers, and a task for each watched meeting. The protocol itself is in
//! `crate::live`.

mod deflate;
mod frame;
mod grant;
mod head_filter;
mod hub;
mod inbox;
mod meeting;
mod outbox;
mod random;
mod socket;
mod upgrade;

pub use hub::{LiveHub, LiveSettings};
pub(super) use upgrade::upgrade;
