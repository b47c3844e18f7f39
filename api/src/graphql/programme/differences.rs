//! What differs between two versions, as clients see it.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use entity::duty;

use super::{
    enums::ContentDifferenceKind,
    framework::{Competency, CompetencyDomain, CompetencyFramework},
    job_description::{Duty, JobDescription},
};
use crate::domain::programme::{
    content,
    differences::{self, Difference},
};

/// A field that says something else in the later version.
#[derive(SimpleObject)]
pub struct FieldDifference {
    /// The field's name, such as `title`; `domain` where something moved. Duties and
    /// domains are named by their codes.
    field: &'static str,
    /// What it says in the earlier version.
    from: String,
    /// What it says in the later version.
    to: String,
}

impl From<differences::FieldDifference> for FieldDifference {
    fn from(it: differences::FieldDifference) -> Self {
        Self { field: it.field, from: it.from, to: it.to }
    }
}

fn told(fields: &[differences::FieldDifference]) -> Vec<FieldDifference> {
    fields.iter().cloned().map(Into::into).collect()
}

/// A duty that differs from one version to another.
pub struct DutyDifference(Difference<duty::Model>);

/// A duty that differs from one version to another.
#[Object]
impl DutyDifference {
    /// Its code, which is the same in both versions.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// How it differs.
    async fn kind(&self) -> ContentDifferenceKind {
        self.0.kind.into()
    }

    /// It, in the earlier version; null where it was added.
    async fn before(&self) -> Option<Duty> {
        self.0.before.clone().map(Duty)
    }

    /// It, in the later version; null where it was removed.
    async fn after(&self) -> Option<Duty> {
        self.0.after.clone().map(Duty)
    }

    /// The fields in which it differs; none where it was added or removed.
    async fn fields(&self) -> Vec<FieldDifference> {
        told(&self.0.fields)
    }
}

/// A domain whose own words differ from one version to another, or that is new or gone.
pub struct CompetencyDomainDifference(Difference<content::Domain>);

/// A domain whose own words differ from one version to another, or that is new or gone.
#[Object]
impl CompetencyDomainDifference {
    /// Its code, which is the same in both versions.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// How it differs.
    async fn kind(&self) -> ContentDifferenceKind {
        self.0.kind.into()
    }

    /// It, in the earlier version; null where it was added.
    async fn before(&self) -> Option<CompetencyDomain> {
        self.0.before.clone().map(CompetencyDomain)
    }

    /// It, in the later version; null where it was removed.
    async fn after(&self) -> Option<CompetencyDomain> {
        self.0.after.clone().map(CompetencyDomain)
    }

    /// The fields in which it differs; none where it was added or removed.
    async fn fields(&self) -> Vec<FieldDifference> {
        told(&self.0.fields)
    }
}

/// A competency that differs from one version to another; what both moved and changed is
/// told twice.
pub struct CompetencyDifference(Difference<content::Competency>);

/// A competency that differs from one version to another; what both moved and changed is
/// told twice.
#[Object]
impl CompetencyDifference {
    /// Its code, which is the same in both versions.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// How it differs.
    async fn kind(&self) -> ContentDifferenceKind {
        self.0.kind.into()
    }

    /// It, in the earlier version; null where it was added.
    async fn before(&self) -> Option<Competency> {
        self.0.before.clone().map(Competency)
    }

    /// It, in the later version; null where it was removed.
    async fn after(&self) -> Option<Competency> {
        self.0.after.clone().map(Competency)
    }

    /// The fields in which it differs; none where it was added or removed.
    async fn fields(&self) -> Vec<FieldDifference> {
        told(&self.0.fields)
    }
}

/// What differs between two versions of the job description.
pub struct JobDescriptionDifferences {
    pub from: Arc<content::JobDescription>,
    pub to: Arc<content::JobDescription>,
}

/// What differs between two versions of the job description. Where something stands in a
/// list is not compared.
#[Object]
impl JobDescriptionDifferences {
    /// The earlier version.
    async fn from(&self) -> JobDescription {
        JobDescription(self.from.clone())
    }

    /// The later version.
    async fn to(&self) -> JobDescription {
        JobDescription(self.to.clone())
    }

    /// What the version says of itself.
    async fn fields(&self) -> Vec<FieldDifference> {
        told(&differences::fields(&*self.from, &*self.to))
    }

    /// The duties that differ: what was added or changed in the order of the later version,
    /// then what was removed.
    async fn duties(&self) -> Vec<DutyDifference> {
        let found = differences::between(&self.from.duties, &self.to.duties);
        found.into_iter().map(DutyDifference).collect()
    }
}

/// What differs between two versions of the competency framework.
pub struct CompetencyFrameworkDifferences {
    pub from: Arc<content::Framework>,
    pub to: Arc<content::Framework>,
}

/// What differs between two versions of the competency framework. Where something stands
/// in a list is not compared.
#[Object]
impl CompetencyFrameworkDifferences {
    /// The earlier version.
    async fn from(&self) -> CompetencyFramework {
        CompetencyFramework(self.from.clone())
    }

    /// The later version.
    async fn to(&self) -> CompetencyFramework {
        CompetencyFramework(self.to.clone())
    }

    /// What the version says of itself, and the job description that it supports.
    async fn fields(&self) -> Vec<FieldDifference> {
        told(&differences::fields(&*self.from, &*self.to))
    }

    /// The domains that differ.
    async fn domains(&self) -> Vec<CompetencyDomainDifference> {
        let found = differences::between(&self.from.domains, &self.to.domains);
        found.into_iter().map(CompetencyDomainDifference).collect()
    }

    /// The competencies that differ: what was added or changed in the order of the later
    /// version, then what was removed, then what moved.
    async fn competencies(&self) -> Vec<CompetencyDifference> {
        let found = differences::of_competencies(&self.from, &self.to);
        found.into_iter().map(CompetencyDifference).collect()
    }

    /// The duties that differ between the job descriptions that the two support.
    async fn duties(&self) -> Vec<DutyDifference> {
        let (from, to) = (&self.from.job_description, &self.to.job_description);
        let found = differences::between(&from.duties, &to.duties);
        found.into_iter().map(DutyDifference).collect()
    }
}
