//! Who may do what: actors, tokens, actions and the policy. No SQL and no GraphQL.

pub mod action;
pub mod actor;
#[cfg(test)]
mod forge;
pub mod grants;
mod json;
pub mod keys;
pub mod policy;
pub mod secret;
pub mod token;
