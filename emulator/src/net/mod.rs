//! The connections: an accept loop of our own, so that each connection has a switch with which a
//! fault can end it at any point, politely or not.

mod broken;
mod serve;
mod switch;

pub(crate) use broken::BrokenBody;
pub(crate) use serve::serve;
pub(crate) use switch::{End, Switch};
