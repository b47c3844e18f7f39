//! How clients name learners, and say who they are.

use async_graphql::{ID, InputObject, OneofObject};

use crate::{
    domain::learners::{Identifier, details::Details, identify::LearnerBy, list::LearnerLookup},
    graphql::{error::Result, ids},
};

/// What another system calls a learner.
#[derive(InputObject, Debug)]
pub struct LearnerIdentifierInput {
    /// The system, such as `dales-portfolio`; 1 to 100 visible ASCII characters.
    system: String,
    /// What the learner is called there; 1 to 100 visible ASCII characters.
    value: String,
}

/// Who a learner is, and how to reach them.
#[derive(InputObject, Debug)]
pub struct LearnerDetailsInput {
    /// The name.
    name: String,
    /// An e-mail address.
    email: Option<String>,
    /// A telephone number.
    telephone: Option<String>,
}

/// Somebody who may be new: the details of a learner who is known stay as they are.
#[derive(InputObject, Debug)]
pub struct LearnerPersonInput {
    /// Who it is.
    details: LearnerDetailsInput,
    /// What other systems call them; one that is known means that learner.
    #[graphql(default)]
    identifiers: Vec<LearnerIdentifierInput>,
}

/// Who is enrolled: send exactly one of these.
#[derive(OneofObject, Debug)]
pub enum EnrolledLearner {
    /// A learner's id.
    Id(ID),
    /// What another system calls a learner whom you see.
    Identifier(LearnerIdentifierInput),
    /// Somebody who may be new.
    Person(LearnerPersonInput),
}

/// One way to name a learner: send exactly one of these.
#[derive(OneofObject, Debug)]
pub enum LearnerLookupBy {
    /// Their id.
    Id(ID),
    /// Their reference, such as `L-4F7K2M`.
    Reference(String),
    /// What another system calls them.
    Identifier(LearnerIdentifierInput),
}

impl From<LearnerIdentifierInput> for Identifier {
    fn from(input: LearnerIdentifierInput) -> Self {
        Self { system: input.system, value: input.value }
    }
}

impl From<LearnerDetailsInput> for Details {
    fn from(input: LearnerDetailsInput) -> Self {
        Self { name: input.name, email: input.email, telephone: input.telephone }
    }
}

impl EnrolledLearner {
    pub fn read(self) -> Result<LearnerBy> {
        Ok(match self {
            Self::Id(id) => LearnerBy::Id(ids::read_as(&id, "Learner")?),
            Self::Identifier(identifier) => LearnerBy::Identifier(identifier.into()),
            Self::Person(person) => {
                let identifiers = person.identifiers.into_iter().map(Into::into).collect();
                LearnerBy::Person(person.details.into(), identifiers)
            }
        })
    }
}

impl LearnerLookupBy {
    pub fn read(self) -> Result<LearnerLookup> {
        Ok(match self {
            Self::Id(id) => LearnerLookup::Id(ids::read_as(&id, "Learner")?),
            Self::Reference(reference) => LearnerLookup::Reference(reference),
            Self::Identifier(identifier) => LearnerLookup::Identifier(identifier.into()),
        })
    }
}
