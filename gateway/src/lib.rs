//! The gateway's core, and with the feature `native` the gateway itself.

pub mod answer;
pub mod audit;
pub mod budget;
pub mod bulk;
pub mod counts;
pub mod gateway;
pub mod grant;
pub mod input;
pub mod keys;
pub mod limits;
pub mod moderators;
pub mod once;
pub mod platform;
pub mod reads;
pub mod route;

#[cfg(feature = "native")]
pub mod native;

#[cfg(test)]
mod testing;
