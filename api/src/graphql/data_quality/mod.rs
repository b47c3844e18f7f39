//! Data quality: what may be wrong with the data, and what was accepted of it.

pub mod accept_data_quality_issue;
pub mod issue;
pub mod queries;

pub use accept_data_quality_issue::AcceptDataQualityIssueMutation as DataQualityMutations;
