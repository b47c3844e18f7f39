//! Programme content: what is done and learnt, and what is known of its effect.

pub mod differences;
pub mod draft_framework_version;
pub mod draft_job_description;
pub mod enums;
pub mod evidence;
pub mod framework;
pub mod input;
pub mod job_description;
pub mod outcomes;
pub mod publish_framework_version;
pub mod publish_job_description;
pub mod queries;
pub mod redraft_framework_version;
pub mod redraft_job_description;
pub mod retire_framework_version;
pub mod retire_job_description;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct ProgrammeMutations(
    draft_job_description::DraftJobDescriptionMutation,
    redraft_job_description::RedraftJobDescriptionMutation,
    publish_job_description::PublishJobDescriptionMutation,
    retire_job_description::RetireJobDescriptionMutation,
    draft_framework_version::DraftFrameworkVersionMutation,
    redraft_framework_version::RedraftFrameworkVersionMutation,
    publish_framework_version::PublishFrameworkVersionMutation,
    retire_framework_version::RetireFrameworkVersionMutation,
);
