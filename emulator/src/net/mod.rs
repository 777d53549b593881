//! Connections. This has its own accept loop, so that each connection has a switch. A fault uses it to
//! end the connection at any point, with a FIN or a RST.

mod broken;
mod serve;
mod switch;

pub(crate) use broken::BrokenBody;
pub(crate) use serve::serve;
pub(crate) use switch::{End, Switch};
