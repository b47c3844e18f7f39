//! Work-based learning: how far each learner is with each competency of the framework
//! that they started with. Append-only: the newest revision holds, and what was said
//! before can be read again.

pub mod progress;
pub mod record;
pub mod rows;
pub mod rules;
