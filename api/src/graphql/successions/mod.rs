//! Commands about successions, and what they would do.

pub mod record_succession;
pub mod succession_impact;

pub use record_succession::RecordSuccessionMutation as SuccessionMutations;
