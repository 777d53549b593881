//! Keeps an eye on a session: looks again and again, and tells who is in, who came and who went.
//! How long it waits between two looks is said by `pace`, for the package's watch too, which is
//! in `pkg/lib/watch.js`.

#[cfg(not(feature = "npm"))]
mod look;
pub(crate) mod pace;
#[cfg(not(feature = "npm"))]
mod roster;
#[cfg(not(feature = "npm"))]
mod snapshot;
#[cfg(not(feature = "npm"))]
mod stream;
#[cfg(not(feature = "npm"))]
mod wait;

#[cfg(not(feature = "npm"))]
pub use roster::WatchedParticipant;
#[cfg(not(feature = "npm"))]
pub use snapshot::{Snapshot, Trouble};
#[cfg(not(feature = "npm"))]
pub use stream::Watch;
