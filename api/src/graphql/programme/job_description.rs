//! The job description and its duties, as clients see them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::duty;

use super::enums::{ContentState, DutyKind};
use crate::{
    domain::programme::{self, content, content::Versioned},
    graphql::{ids::id_of, organisations::seen::viewer, scalars::Date},
};

/// A version of what a General Practice Assistant does. Once published it never changes.
#[derive(Clone)]
pub struct JobDescription(pub Arc<content::JobDescription>);

/// A version of what a General Practice Assistant does. Once published it never changes.
#[Object]
impl JobDescription {
    /// The id of this version.
    pub(crate) async fn id(&self) -> ID {
        id_of("JobDescription", self.0.row.id)
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
        programme::job_description(viewer(ctx), None).is_some_and(|it| it.row.id == self.0.row.id)
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

    /// Its duties, in their order.
    async fn duties(
        &self,
        #[graphql(desc = "Of this kind alone.")] kind: Option<DutyKind>,
    ) -> Vec<Duty> {
        let kind = kind.map(duty::Kind::from);
        let duties = self.0.duties.iter().filter(|duty| kind.is_none_or(|kind| duty.kind == kind));
        duties.cloned().map(Duty).collect()
    }
}

/// One duty of a version of the job description.
#[derive(Clone)]
pub struct Duty(pub Arc<duty::Model>);

/// One duty of a version of the job description.
#[Object]
impl Duty {
    /// Its id: another version has another duty of the same code.
    pub(crate) async fn id(&self) -> ID {
        id_of("Duty", self.0.id)
    }

    /// Names the same duty in every version, such as `read-letters`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// A few words.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What is done.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Whether it is administrative or clinical.
    async fn kind(&self) -> DutyKind {
        self.0.kind.into()
    }

    /// Its place in the list, from 1 on.
    async fn position(&self) -> i32 {
        self.0.position
    }
}
