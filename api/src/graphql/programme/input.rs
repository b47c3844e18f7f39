//! What a version says, as it is sent.

use async_graphql::InputObject;

use super::enums::DutyKind;
use crate::domain::programme::{check::Head, framework, job_description};

/// What a version of the job description says, whole.
#[derive(InputObject)]
pub struct JobDescriptionContentInput {
    /// What it is called; 1 to 200 characters.
    title: String,
    /// What it is for; 1 to 2,000 characters.
    description: String,
    /// Who wrote it, and from what; 1 to 2,000 characters.
    source: String,
    /// Its duties in their order, 1 to 100.
    duties: Vec<DutyInput>,
}

/// One duty.
#[derive(InputObject)]
pub struct DutyInput {
    /// Small letters, digits and hyphens, such as `read-letters`: the same duty bears the
    /// same code in every version.
    code: String,
    /// A few words.
    title: String,
    /// What is done.
    description: String,
    /// Whether it is administrative or clinical.
    kind: DutyKind,
}

/// What a version of the competency framework says, whole.
#[derive(InputObject)]
pub struct CompetencyFrameworkContentInput {
    /// What it is called; 1 to 200 characters.
    title: String,
    /// What it is for; 1 to 2,000 characters.
    description: String,
    /// Who wrote it, and from what; 1 to 2,000 characters.
    source: String,
    /// The published version of the job description whose duties it names, such as `1.0.0`.
    job_description: String,
    /// Its domains in their order, 1 to 20.
    domains: Vec<CompetencyDomainInput>,
}

/// One domain.
#[derive(InputObject)]
pub struct CompetencyDomainInput {
    /// Small letters, digits and hyphens, such as `care`: the same domain bears the same
    /// code in every version.
    code: String,
    /// What it is called.
    title: String,
    /// Its competencies in their order, 1 to 100.
    competencies: Vec<CompetencyInput>,
}

/// One competency.
#[derive(InputObject)]
pub struct CompetencyInput {
    /// Small letters, digits and hyphens, such as `seek-consent`, once in the framework: the
    /// same competency bears the same code in every version.
    code: String,
    /// A few words.
    title: String,
    /// What somebody can do who has it.
    description: String,
    /// Whether everybody needs it to complete; at least one is.
    core: bool,
    /// Whether it is about clinical work.
    clinical: bool,
    /// The codes of the duties that it supports, at least one.
    duties: Vec<String>,
}

impl JobDescriptionContentInput {
    pub(super) fn read(self) -> job_description::Text {
        let Self { title, description, source, duties } = self;
        let duty = |duty: DutyInput| job_description::Duty {
            code: duty.code,
            title: duty.title,
            description: duty.description,
            kind: duty.kind.into(),
        };
        job_description::Text {
            head: Head { title, description, source },
            duties: duties.into_iter().map(duty).collect(),
        }
    }
}

impl CompetencyFrameworkContentInput {
    pub(super) fn read(self) -> framework::Text {
        let Self { title, description, source, job_description, domains } = self;
        let domain = |domain: CompetencyDomainInput| framework::Domain {
            code: domain.code,
            title: domain.title,
            competencies: domain.competencies.into_iter().map(CompetencyInput::read).collect(),
        };
        framework::Text {
            head: Head { title, description, source },
            job_description,
            domains: domains.into_iter().map(domain).collect(),
        }
    }
}

impl CompetencyInput {
    fn read(self) -> framework::Competency {
        let Self { code, title, description, core, clinical, duties } = self;
        framework::Competency { code, title, description, core, clinical, duties }
    }
}
