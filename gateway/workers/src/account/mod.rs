//! The account: one object holds what all meetings of an account share.

pub(crate) mod budget;
pub(crate) mod object;
pub(crate) mod protocol;
mod store;
