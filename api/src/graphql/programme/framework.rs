//! The competency framework, its domains and competencies, as clients see them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::{
    enums::ContentState,
    job_description::{Duty, JobDescription},
};
use crate::{
    domain::programme::{self, content, content::Versioned},
    graphql::{ids::id_of, organisations::seen::viewer, scalars::Date},
};

/// A version of what somebody learns who becomes a General Practice Assistant. Once
/// published it never changes.
#[derive(Clone)]
pub struct CompetencyFramework(pub Arc<content::Framework>);

/// A version of what somebody learns who becomes a General Practice Assistant. Once
/// published it never changes.
#[Object]
impl CompetencyFramework {
    /// The id of this version.
    pub(crate) async fn id(&self) -> ID {
        id_of("CompetencyFramework", self.0.row.id)
    }

    /// Major, minor and patch, such as `1.0.0`.
    async fn version(&self) -> String {
        self.0.version()
    }

    /// Whether it is a draft, in use, or out of use.
    async fn state(&self) -> ContentState {
        self.0.row.state.into()
    }

    /// Whether it is the newest published one.
    async fn current(&self, ctx: &Context<'_>) -> bool {
        programme::framework(viewer(ctx), None).is_some_and(|it| it.row.id == self.0.row.id)
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// What it is for, in a few sentences.
    async fn description(&self) -> &str {
        &self.0.row.description
    }

    /// Who wrote it, and from what.
    async fn source(&self) -> &str {
        &self.0.row.source
    }

    /// The day on which it was published here; null for a draft.
    async fn published_on(&self) -> Option<Date> {
        self.0.row.published_on.map(Date)
    }

    /// The day on which it was taken out of use; null before.
    async fn retired_on(&self) -> Option<Date> {
        self.0.row.retired_on.map(Date)
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn revision(&self) -> i32 {
        self.0.row.row_version
    }

    /// The version of the job description whose duties its competencies support.
    async fn job_description(&self) -> JobDescription {
        JobDescription(self.0.job_description.clone())
    }

    /// Its domains, in their order.
    async fn domains(&self) -> Vec<CompetencyDomain> {
        self.0.domains.iter().cloned().map(CompetencyDomain).collect()
    }

    /// Its competencies, domain by domain.
    async fn competencies(
        &self,
        #[graphql(desc = "Those that are core, or those that are not.")] core: Option<bool>,
        #[graphql(desc = "Those that are clinical, or those that are not.")] clinical: Option<bool>,
    ) -> Vec<Competency> {
        let passes = |each: &&Arc<content::Competency>| {
            core.is_none_or(|core| each.row.core == core)
                && clinical.is_none_or(|clinical| each.row.clinical == clinical)
        };
        self.0.competencies().filter(passes).cloned().map(Competency).collect()
    }
}

/// One domain of a version of the framework. Which domains there are is data.
#[derive(Clone)]
pub struct CompetencyDomain(pub Arc<content::Domain>);

/// One domain of a version of the framework. Which domains there are is data.
#[Object]
impl CompetencyDomain {
    /// Its id: another version has another domain of the same code.
    pub(crate) async fn id(&self) -> ID {
        id_of("CompetencyDomain", self.0.row.id)
    }

    /// Names the same domain in every version, such as `care`.
    async fn code(&self) -> &str {
        &self.0.row.code
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// Its place in the framework, from 1 on.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// Its competencies, in their order.
    async fn competencies(&self) -> Vec<Competency> {
        self.0.competencies.iter().cloned().map(Competency).collect()
    }
}

/// One competency of a version of the framework: what somebody can do who has it.
#[derive(Clone)]
pub struct Competency(pub Arc<content::Competency>);

/// One competency of a version of the framework: what somebody can do who has it.
#[Object]
impl Competency {
    /// Its id: another version has another competency of the same code.
    pub(crate) async fn id(&self) -> ID {
        id_of("Competency", self.0.row.id)
    }

    /// Names the same competency in every version, such as `seek-consent`.
    async fn code(&self) -> &str {
        &self.0.row.code
    }

    /// A few words.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// What somebody can do who has it.
    async fn description(&self) -> &str {
        &self.0.row.description
    }

    /// Whether everybody needs it to complete.
    async fn core(&self) -> bool {
        self.0.row.core
    }

    /// Whether it is about clinical work, which not every role model has.
    async fn clinical(&self) -> bool {
        self.0.row.clinical
    }

    /// Its place in its domain, from 1 on.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// The domain that holds it.
    async fn domain(&self, ctx: &Context<'_>) -> Option<CompetencyDomain> {
        programme::domain(viewer(ctx), self.0.row.domain_id).map(CompetencyDomain)
    }

    /// The version of the framework that it belongs to.
    async fn framework(&self, ctx: &Context<'_>) -> Option<CompetencyFramework> {
        programme::framework_by_id(viewer(ctx), self.0.row.framework_id).map(CompetencyFramework)
    }

    /// The duties that it supports, in the order of the job description.
    async fn duties(&self) -> Vec<Duty> {
        self.0.duties.iter().cloned().map(Duty).collect()
    }
}
