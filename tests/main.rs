//! Every test of the programme, through its front door.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod access;
mod changes;
mod clients;
mod data_quality;
mod demonstration;
mod disclosure;
mod enrolments;
mod exports;
mod faults;
mod figures;
mod harness;
mod http;
mod imports;
mod integrators;
mod learning;
mod live;
mod memberships;
mod metrics;
mod migrations;
mod oidc;
mod organisations;
mod participation;
mod programme;
mod properties;
mod questions;
mod readme;
mod returns;
mod sandbox;
mod schema;
mod security;
mod sites;
mod terms;
mod tidy;
mod training_hubs;
mod webhooks;
mod worklists;
