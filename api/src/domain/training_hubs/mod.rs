//! Training hubs: who runs the programme locally, over which ICBs, and who leads a region.

pub mod coverage;
pub mod lead;
pub mod register;
