//! `startPost`: somebody takes up a post.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    enums::PostFunding,
    input::{PostPlaceInput, places},
    object::Post,
};
use crate::{
    auth::action::Action,
    domain::{
        idempotency::IdempotencyKey,
        posts::{list, start},
    },
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::{by::OrganisationBy, seen::viewer},
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        programme::enums::RoleModel,
        scalars::Date,
    },
};

/// Who takes up which post.
#[derive(InputObject)]
pub struct StartPostInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and records nothing twice.
    idempotency_key: ID,
    /// Whoever was trained for it, if their record is here.
    learner: Option<ID>,
    /// The reference of a person who is, or was, in another post within your reach; leave
    /// it out for somebody new.
    person: Option<String>,
    /// Who employs the person; default: the first place.
    employer: Option<OrganisationBy>,
    /// Where it is held, 1 to 10 places.
    places: Vec<PostPlaceInput>,
    /// Agenda for Change band, 1 to 9.
    band: Option<i32>,
    /// Who pays for it.
    funding: PostFunding,
    /// How the work is shared out; default: the first site's role model.
    role_model: Option<RoleModel>,
    /// Its first day, today or earlier.
    started_on: Date,
}

/// What became of `startPost`.
#[derive(Union)]
pub enum StartPostPayload {
    PostStarted(PostStarted),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The post is recorded; the stages and figures of its places follow.
#[derive(SimpleObject)]
pub struct PostStarted {
    /// The post.
    post: Post,
}

#[derive(Default)]
pub struct StartPostMutation;

#[Object]
impl StartPostMutation {
    /// Records that somebody took up a post.
    #[graphql(directive = access::apply(Action::RecordPosts.into()))]
    async fn start_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who takes up which post.")] input: StartPostInput,
    ) -> Result<Option<StartPostPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordPosts)?;
        let key = input.idempotency_key.to_string();
        let command = start::StartPost {
            learner: input.learner.map(|id| ids::read_as(&id, "Learner")).transpose()?,
            person: input.person,
            employer: input.employer.map(OrganisationBy::read).transpose()?,
            places: places(input.places)?,
            band: input.band,
            funding: input.funding.into(),
            role_model: input.role_model.map(Into::into),
            started_on: input.started_on.0,
        };
        let done = match IdempotencyKey::new(&key, "startPost", &format!("{command:?}")) {
            Ok(key) => start::start(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |id| {
            list::find(viewer, id).map(|post| PostStarted { post: Post(post) }.into())
        })
    }
}
