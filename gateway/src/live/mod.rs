//! The live protocol: what the watchers of a meeting learn, and when the meeting is read.
//!
//! Everything here is without sockets, tasks and clock: a platform reads the meeting when the
//! schedule says so, gives the result to the feed, and sends the feed's events to the sockets.
//! docs/live.md describes the protocol.

pub mod close;
pub mod diff;
pub mod feed;
pub mod handshake;
pub mod inbound;
pub mod log;
pub mod message;
pub mod pager;
pub mod peer;
pub mod reading;
pub mod schedule;
pub mod session;
pub mod settle;
pub mod watching;

/// The version of the protocol.
pub const VERSION: u32 = 1;

/// How long after the last message a heartbeat is sent, in milliseconds.
pub const HEARTBEAT_MS: u64 = 20_000;

/// After how long without any frame of the client a connection is closed, in milliseconds.
pub const SILENCE_MS: u64 = 60_000;

/// How many bytes of events a socket may be behind.
pub const MOST_UNREAD: u64 = 1 << 20;
