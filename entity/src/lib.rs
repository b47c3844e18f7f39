//! The tables, one a file: what a row holds, and what the database guarantees of it.
//! A set of words that several of them share stands in a file of its own.
//!
//! Deliberately absent: GraphQL, HTTP, policy, and any relation that would let a
//! query reach a table without passing the domain.

pub mod api_client;
pub mod api_client_grant;
pub mod api_client_key;
pub mod api_client_secret;
pub mod api_client_use;
pub mod assessment;
pub mod audit;
pub mod award;
pub mod baseline;
pub mod change;
pub mod client_assertion;
pub mod cohort;
pub mod competency;
pub mod competency_domain;
pub mod competency_duty;
pub mod competency_framework;
pub mod counted_person;
pub mod data_quality_acceptance;
pub mod duty;
pub mod edition;
pub mod employment_report;
pub mod enrolment;
pub mod enrolment_event;
pub mod evidence;
pub mod extension;
pub mod field_use;
pub mod idempotency_key;
pub mod import_row;
pub mod import_run;
pub mod job_description;
pub mod lead_appointment;
pub mod learner;
pub mod learner_details;
pub mod learner_identifier;
pub mod list_size;
pub mod membership;
pub mod mentor_assignment;
pub mod metric_version;
pub mod monthly_return;
pub mod observation;
pub mod operation;
pub mod organisation;
pub mod organisation_code;
pub mod organisation_fact;
pub mod participation;
pub mod placement;
pub mod post;
pub mod post_place;
pub mod proof_of_concept;
pub mod rebase;
pub mod return_schedule;
pub mod return_value;
pub mod role_model;
pub mod rollup;
pub mod row_id;
pub mod sandbox;
pub mod sandbox_fault;
pub mod stage_record;
pub mod succession;
pub mod target;
pub mod unregistered_document;
pub mod validation_rule;
pub mod webhook;
pub mod webhook_delivery;
pub mod webhook_secret;

pub use sea_orm::Iterable;
