//! The pointer to what several owners share.
//!
//! Rust callers keep snapshots and clients in places that demand `Send`. The npm package has one thread, and `Rc` saves
//! it some bytes.

#[cfg(realtimekit_npm)]
pub(crate) use std::rc::Rc as Arc;
#[cfg(not(realtimekit_npm))]
pub(crate) use std::sync::Arc;
