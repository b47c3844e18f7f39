//! A learner, as clients see one: who it is only for those who may know.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::readings;
use crate::{
    domain::{
        enrolments::list::EnrolmentFilter,
        learners::{
            details::Details,
            duplicates,
            list::{self, LearnerLookup},
        },
        page::PageRequest,
        records,
    },
    graphql::{
        enrolments::{object::Enrolment, queries as enrolments},
        error::Result,
        ids::id_of,
        organisations::seen::viewer,
        page::Connected,
    },
};

/// A person in training, by an opaque reference.
#[derive(Clone)]
pub struct Learner(pub Arc<records::Learner>);

/// What another system calls a learner.
#[derive(SimpleObject)]
pub struct LearnerIdentifier {
    /// The system, such as `dales-portfolio`.
    system: String,
    /// What the learner is called there.
    value: String,
}

/// Who a learner is, and how to reach them.
#[derive(SimpleObject)]
pub struct LearnerDetails {
    /// The name.
    name: String,
    /// An e-mail address; null where none is known, and for whoever is only assigned.
    email: Option<String>,
    /// A telephone number; null where none is known, and for whoever is only assigned.
    telephone: Option<String>,
}

impl From<Details> for LearnerDetails {
    fn from(details: Details) -> Self {
        Self { name: details.name, email: details.email, telephone: details.telephone }
    }
}

/// A person in training, by an opaque reference.
#[Object]
impl Learner {
    /// Their id.
    pub(crate) async fn id(&self) -> ID {
        id_of("Learner", self.0.row.id)
    }

    /// Says nothing of the person, such as `L-4F7K2M`.
    async fn reference(&self) -> &str {
        &self.0.row.reference
    }

    /// What other systems call them.
    async fn identifiers(&self) -> Vec<LearnerIdentifier> {
        let all = self.0.identifiers.iter().cloned();
        all.map(|(system, value)| LearnerIdentifier { system, value }).collect()
    }

    /// The learner who holds everything of this one since the two were merged.
    async fn merged_into(&self, ctx: &Context<'_>) -> Option<Learner> {
        let into = LearnerLookup::Id(self.0.row.merged_into_id?);
        list::find(viewer(ctx), &into).map(Learner)
    }

    /// Who they are; null for whoever may not know, and where nothing is known. Every
    /// reading is audited.
    async fn details(&self, ctx: &Context<'_>) -> Result<Option<LearnerDetails>> {
        Ok(readings::details(ctx, self.0.row.id).await?.map(Into::into))
    }

    /// Their enrolments that are for you to see, those of whoever was merged among them.
    async fn enrolments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connected<Enrolment>>> {
        let request = PageRequest { first, after, last, before };
        let filter = EnrolmentFilter { learner: Some(self.0.row.id), ..Default::default() };
        Box::pin(enrolments::within(ctx, filter, request)).await
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

/// Why two learners may be one.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "duplicates::Likeness")]
pub enum Likeness {
    /// The same name and e-mail address.
    NameAndEmail,
    /// The same name and telephone number.
    NameAndTelephone,
    /// The same name at the same site.
    NameAndSite,
}

/// Two learners who may be one.
#[derive(SimpleObject)]
pub struct DuplicateLearners {
    /// The two, the one who was known first before the other.
    learners: Vec<Learner>,
    /// Why they may be one.
    likeness: Likeness,
}

impl From<duplicates::Duplicate> for DuplicateLearners {
    fn from(duplicate: duplicates::Duplicate) -> Self {
        let (one, other) = duplicate.learners;
        Self { learners: vec![Learner(one), Learner(other)], likeness: duplicate.likeness.into() }
    }
}
