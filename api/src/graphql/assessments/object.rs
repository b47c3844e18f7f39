//! Assessments and what follows from them, as clients see them.

use std::sync::Arc;

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use entity::assessment;

use super::enums::AssessmentState;
use crate::{
    domain::assessments::progress::{OfCompetency, OfDomain, Progress},
    graphql::{
        ids::id_of,
        programme::framework::{Competency, CompetencyDomain},
        scalars::Date,
    },
};

/// One revision of how far a learner is with one competency. A revision is never changed;
/// whatever is said later is another one.
#[derive(Clone)]
pub struct Assessment(pub Arc<assessment::Model>);

/// One revision of how far a learner is with one competency. A revision is never changed;
/// whatever is said later is another one.
#[Object]
impl Assessment {
    /// Its id.
    async fn id(&self) -> ID {
        id_of("Assessment", self.0.id)
    }

    /// From 1 on, without a gap; send it back as `expectedRevision`.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// How far the learner is.
    async fn state(&self) -> AssessmentState {
        self.0.state.into()
    }

    /// How often evidence was submitted so far.
    async fn attempt(&self) -> i32 {
        self.0.attempt
    }

    /// The day of the assessment.
    async fn assessed_on(&self) -> Date {
        Date(self.0.assessed_on)
    }

    /// Who said so, as the issuer of their tokens names them.
    async fn assessed_by(&self) -> &str {
        &self.0.subject
    }

    /// The moment at which it was recorded.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.at
    }
}

/// How far a learner has come with the framework that they started with.
pub struct EnrolmentProgress(pub Progress);

/// How far a learner has come with the framework that they started with.
#[Object]
impl EnrolmentProgress {
    /// How many competencies are this learner's.
    async fn applicable(&self) -> i32 {
        number(self.0.tally().applicable)
    }

    /// How many of them were found competent.
    async fn achieved(&self) -> i32 {
        number(self.0.tally().achieved)
    }

    /// The achieved ones among those that apply, 0 to 1; null where none applies.
    async fn share(&self) -> Option<f64> {
        self.0.tally().share()
    }

    /// The same by domain, in the order of the framework.
    async fn domains(&self) -> Vec<DomainProgress> {
        self.0.0.iter().cloned().map(DomainProgress).collect()
    }

    /// What is yet to be found competent: core competencies first.
    async fn remaining(&self) -> Vec<CompetencyProgress> {
        self.0.remaining().into_iter().cloned().map(CompetencyProgress).collect()
    }
}

/// How far a learner has come with one domain.
pub struct DomainProgress(OfDomain);

/// How far a learner has come with one domain.
#[Object]
impl DomainProgress {
    /// The domain.
    async fn domain(&self) -> CompetencyDomain {
        CompetencyDomain(self.0.domain.clone())
    }

    /// How many of its competencies are this learner's.
    async fn applicable(&self) -> i32 {
        number(self.0.tally().applicable)
    }

    /// How many of them were found competent.
    async fn achieved(&self) -> i32 {
        number(self.0.tally().achieved)
    }

    /// The achieved ones among those that apply, 0 to 1; null where none applies.
    async fn share(&self) -> Option<f64> {
        self.0.tally().share()
    }

    /// Its competencies, in the order of the framework.
    async fn competencies(&self) -> Vec<CompetencyProgress> {
        self.0.competencies.iter().cloned().map(CompetencyProgress).collect()
    }
}

/// How far a learner has come with one competency.
pub struct CompetencyProgress(OfCompetency);

/// How far a learner has come with one competency.
#[Object]
impl CompetencyProgress {
    /// The competency.
    async fn competency(&self) -> Competency {
        Competency(self.0.competency.clone())
    }

    /// How far the learner is; NOT_STARTED where nothing was said.
    async fn state(&self) -> AssessmentState {
        self.0.state().into()
    }

    /// How often evidence was submitted so far.
    async fn attempt(&self) -> i32 {
        self.0.newest.as_ref().map_or(0, |row| row.attempt)
    }

    /// What was said of it last; null where nothing was.
    async fn assessment(&self) -> Option<Assessment> {
        self.0.newest.clone().map(Assessment)
    }
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
