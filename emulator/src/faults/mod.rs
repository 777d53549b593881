//! Faults on demand: the steps (`step`), the requests that they apply to (`plan`), and their effects
//! (`apply`).

mod apply;
mod params;
mod plan;
mod step;

pub(crate) use apply::{FaultContext, apply};
pub(crate) use plan::{FaultPlan, Rule, parse_header};
pub(crate) use step::Step;
