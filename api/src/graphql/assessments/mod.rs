//! Work-based learning: recording assessments, and how far learners have come.

pub mod enums;
pub mod input;
pub mod loaders;
pub mod object;
pub mod record_assessments;
