//! What is true, and how it may change. No HTTP and no GraphQL.
//!
//! Every public function here that reads takes a [`viewer::Viewer`]; one that
//! writes also takes a permit. The database's connections do not leave this folder.

pub mod directory;
pub mod edit;
pub mod error;
pub mod idempotency;
pub mod opening;
pub mod placements;
pub mod store;
pub mod timeline;
pub mod viewer;
