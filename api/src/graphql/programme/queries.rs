//! The root fields that show programme content.

use async_graphql::{Context, Object};

use super::{
    differences::{CompetencyFrameworkDifferences, JobDescriptionDifferences},
    evidence::{Evidence, ProofOfConcept},
    framework::CompetencyFramework,
    job_description::JobDescription,
};
use crate::{
    auth::action::Action,
    domain::programme,
    graphql::{access::access, organisations::seen::viewer},
};

#[derive(Default)]
pub struct ProgrammeQueries;

#[Object]
impl ProgrammeQueries {
    /// Every version of the job description, the oldest first.
    #[graphql(directive = access::apply(Action::ReadProgrammeContent.into()))]
    async fn job_descriptions(&self, ctx: &Context<'_>) -> Vec<JobDescription> {
        programme::job_descriptions(viewer(ctx)).into_iter().map(JobDescription).collect()
    }

    /// One version of the job description; null if there is none so called.
    #[graphql(directive = access::apply(Action::ReadProgrammeContent.into()))]
    async fn job_description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Such as `1.0.0`; default: the newest published one.")] version: Option<
            String,
        >,
    ) -> Option<JobDescription> {
        programme::job_description(viewer(ctx), version.as_deref()).map(JobDescription)
    }

    /// What differs between two versions of the job description; null if there is none so
    /// called.
    #[graphql(directive = access::apply(Action::ReadProgrammeContent.into()))]
    async fn job_description_differences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The earlier version, such as `1.0.0`.")] from: String,
        #[graphql(desc = "The later version.")] to: String,
    ) -> Option<JobDescriptionDifferences> {
        let find = |version: &str| programme::job_description(viewer(ctx), Some(version));
        Some(JobDescriptionDifferences { from: find(&from)?, to: find(&to)? })
    }

    /// Every version of the competency framework, the oldest first.
    #[graphql(directive = access::apply(Action::ReadProgrammeContent.into()))]
    async fn competency_frameworks(&self, ctx: &Context<'_>) -> Vec<CompetencyFramework> {
        programme::frameworks(viewer(ctx)).into_iter().map(CompetencyFramework).collect()
    }

    /// One version of the competency framework; null if there is none so called.
    #[graphql(directive = access::apply(Action::ReadProgrammeContent.into()))]
    async fn competency_framework(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Such as `1.0.0`; default: the newest published one.")] version: Option<
            String,
        >,
    ) -> Option<CompetencyFramework> {
        programme::framework(viewer(ctx), version.as_deref()).map(CompetencyFramework)
    }

    /// What differs between two versions of the competency framework; null if there is none
    /// so called.
    #[graphql(directive = access::apply(Action::ReadProgrammeContent.into()))]
    async fn competency_framework_differences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The earlier version, such as `1.0.0`.")] from: String,
        #[graphql(desc = "The later version.")] to: String,
    ) -> Option<CompetencyFrameworkDifferences> {
        let find = |version: &str| programme::framework(viewer(ctx), Some(version));
        Some(CompetencyFrameworkDifferences { from: find(&from)?, to: find(&to)? })
    }

    /// What is published of the role's effect.
    #[graphql(directive = access::apply(Action::ReadProgrammeContent.into()))]
    async fn evidence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code of the metric that it must speak of.")] metric: Option<String>,
    ) -> Vec<Evidence> {
        programme::evidence(viewer(ctx), metric.as_deref()).into_iter().map(Evidence).collect()
    }

    /// Where the role was first tried, and in which form.
    #[graphql(directive = access::apply(Action::ReadProgrammeContent.into()))]
    async fn proofs_of_concept(&self, ctx: &Context<'_>) -> Vec<ProofOfConcept> {
        programme::proofs_of_concept(viewer(ctx)).into_iter().map(ProofOfConcept).collect()
    }
}
