//! Webhooks: their registration by the API's paths, the events of the world, and signed deliveries.
//! Deliveries can be dropped, held, delayed, repeated and forged, as tests ask for by the control API.

mod api;
mod behaviour;
mod client;
mod delivery;
mod event;
mod key;
mod registry;

pub(crate) use api::{find, respond};
pub(crate) use behaviour::Behaviour;
pub(crate) use delivery::{Courier, Forgery, Signer, forge, release, run, set_behaviour};
pub(crate) use event::{EVENTS, Event, EventKind};
pub(crate) use key::published;
