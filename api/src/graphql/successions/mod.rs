//! Commands about successions.

pub mod record_succession;

pub use record_succession::RecordSuccessionMutation as SuccessionMutations;
