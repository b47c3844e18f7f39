//! Who may do what: actors, tokens, actions and the policy. No SQL and no GraphQL.

pub mod action;
pub mod actor;
pub mod policy;
