//! The General Practice Assistant programme's record, and its GraphQL API.
//!
//! In reading order: `ids` spell the identifiers; `auth` says who may do what;
//! `analytics` works out numbers from numbers; `domain` keeps what is true; `import`
//! brings in the NHS's files and `export` gives files out; `graphql` is what clients
//! see; `http` is the front door; `webhooks` sends changes on; `app` puts them together.

pub mod analytics;
pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod domain;
pub mod export;
pub mod graphql;
pub mod http;
pub mod ids;
pub mod import;
pub mod telemetry;
pub mod webhooks;
