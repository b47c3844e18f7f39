//! A post, as clients see it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::post_place;

use super::enums::{PostEndReason, PostFunding};
use crate::{
    domain::{amount::Amount, learners::list::LearnerLookup, posts::FULL_TIME, records},
    graphql::{
        error::Result,
        ids::id_of,
        learners::{object::Learner, queries as learners},
        organisations::{interfaces::Organisation, parts, seen::viewer},
        programme::enums::RoleModel,
        scalars::Date,
    },
};

#[derive(Clone)]
pub struct Post(pub Arc<records::Post>);

/// A General Practice Assistant in post. It says nothing of the person.
#[Object]
impl Post {
    /// Its id: opaque, ours, and never given to anything else.
    pub(crate) async fn id(&self) -> ID {
        id_of("Post", self.0.row.id)
    }

    /// An opaque reference: the same for the same person in every post.
    async fn person(&self) -> &str {
        &self.0.row.person
    }

    /// The person's record as a learner; null where there is none that is for you to see.
    async fn learner(&self, ctx: &Context<'_>) -> Result<Option<Learner>> {
        let Some(learner) = self.0.row.learner_id else { return Ok(None) };
        learners::shown(ctx, &LearnerLookup::Id(learner)).await
    }

    /// The id of the person's record as a learner, if there is one.
    #[graphql(deprecation = "Ask for `learner { id }`. It goes on 1 October 2027.")]
    async fn learner_id(&self) -> Option<ID> {
        self.0.row.learner_id.map(|id| id_of("Learner", id))
    }

    /// Who employs the person.
    async fn employer(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.row.employer_id, viewer(ctx).today())
    }

    /// Where it is held, and was, the first place first.
    async fn places(&self) -> Vec<PostPlace> {
        self.0.places.iter().cloned().map(PostPlace).collect()
    }

    /// Full-time equivalents in all on that day; a full week has 37.5 hours.
    async fn fte(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
    ) -> f64 {
        let day = as_at.map_or_else(|| viewer(ctx).today(), |date| date.0);
        self.0.fte_at(day).number()
    }

    /// Agenda for Change band.
    async fn band(&self) -> Option<i32> {
        self.0.row.band
    }

    /// Who pays for it.
    async fn funding(&self) -> PostFunding {
        self.0.row.funding.into()
    }

    /// How the work is shared out.
    async fn role_model(&self) -> RoleModel {
        self.0.row.role_model.into()
    }

    /// Its first day.
    async fn started_on(&self) -> Date {
        Date(self.0.row.started_on)
    }

    /// The first day without it; null while it is held.
    async fn ended_on(&self) -> Option<Date> {
        self.0.row.ended_on.map(Date)
    }

    /// Why it ended.
    async fn end_reason(&self) -> Option<PostEndReason> {
        self.0.row.end_reason.map(Into::into)
    }

    /// Rises by one with every change, from 1 on; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

pub struct PostPlace(post_place::Model);

/// Where a post is held, from a day to a day.
#[Object]
impl PostPlace {
    /// The site or the primary care network.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.organisation_id, viewer(ctx).today())
    }

    /// Full-time equivalents there.
    async fn fte(&self) -> f64 {
        Amount(self.0.fte).number()
    }

    /// Hours a week there.
    async fn hours(&self) -> f64 {
        let hundredths = Amount(self.0.fte).number() * FULL_TIME * 100.0;
        hundredths.round() / 100.0
    }

    /// The first day.
    async fn from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// The first day on which it was no longer held there; null while it is.
    async fn to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }
}
