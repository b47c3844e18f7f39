//! What is true, and how it may change. No HTTP and no GraphQL.
//!
//! Every public function here that reads takes a [`viewer::Viewer`]; one that
//! writes also takes a permit. The database's connections do not leave this folder.

pub mod amount;
pub mod api_clients;
pub mod assessments;
pub mod audit;
pub mod awards;
mod bulk;
pub mod changes;
pub mod cohorts;
pub mod data_quality;
pub mod directory;
pub mod edit;
pub mod editions;
pub mod enrolments;
pub mod error;
pub mod figures;
pub mod findings;
pub mod founding;
pub mod idempotency;
pub mod imports;
pub mod learners;
pub mod memberships;
pub mod metrics;
pub mod observations;
pub mod opening;
pub mod operations;
pub mod organisations;
pub mod page;
pub mod participation;
pub mod placements;
pub mod posts;
pub mod programme;
pub mod providers;
pub mod readings;
pub mod records;
pub mod reference;
pub mod register;
pub mod returns;
pub mod sandbox;
mod scope;
pub mod sight;
pub mod sites;
pub mod store;
pub mod successions;
mod text;
pub mod timeline;
pub mod training_hubs;
#[cfg(test)]
mod trial;
mod turn;
pub mod usage;
pub mod validation;
pub mod viewer;
mod wake;
pub mod webhooks;
pub mod worklists;
