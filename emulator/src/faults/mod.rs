//! Faults on demand: what can go wrong with one request, which request it goes wrong with, and how
//! it is made to go wrong.

mod apply;
mod params;
mod plan;
mod step;

pub(crate) use apply::{Scene, play};
pub(crate) use plan::{FaultPlan, Rule, parse_header};
pub(crate) use step::Step;
