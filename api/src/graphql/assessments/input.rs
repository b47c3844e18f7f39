//! How clients say what is to be recorded of learners.

use async_graphql::{ID, InputObject, OneofObject};

use super::enums::AssessmentState;
use crate::{
    domain::assessments::record::{self, Item},
    graphql::{error::Result, ids, learners::input::LearnerIdentifierInput, scalars::Date},
};

/// One way to name an enrolment: send exactly one of these.
#[derive(OneofObject)]
pub enum EnrolmentBy {
    /// Its id.
    Id(ID),
    /// What another system calls the learner: the enrolment of theirs that is not over.
    Learner(LearnerIdentifierInput),
}

/// How far a learner is with a competency.
#[derive(InputObject)]
pub struct AssessmentInput {
    /// Whose enrolment it is.
    enrolment: EnrolmentBy,
    /// The competency's code, in the version of the framework that it started with.
    competency: String,
    /// How far the learner is.
    state: AssessmentState,
    /// The day of the assessment; today or earlier.
    assessed_on: Date,
    /// The revision that you read, 0 for none: refused if another was recorded since.
    expected_revision: Option<i32>,
}

impl EnrolmentBy {
    fn read(self) -> Result<record::EnrolmentBy> {
        Ok(match self {
            Self::Id(id) => record::EnrolmentBy::Id(ids::read_as(&id, "Enrolment")?),
            Self::Learner(identifier) => record::EnrolmentBy::Learner(identifier.into()),
        })
    }
}

impl AssessmentInput {
    pub fn read(self) -> Result<Item> {
        Ok(Item {
            enrolment: self.enrolment.read()?,
            competency: self.competency,
            state: self.state.into(),
            assessed_on: self.assessed_on.0,
            expected_revision: self.expected_revision,
        })
    }
}
