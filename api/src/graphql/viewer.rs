//! Who is asking, and what they may do.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{
    access::{Action, access},
    enums::Role,
    error::Result,
    organisations::{by::organisation_id, interfaces::Organisation, parts, seen::viewer},
    usage::{self, DeprecationUse},
};
use crate::{
    auth::actor::{Actor, Holder},
    domain::viewer::Viewer as Domain,
};

/// Who is asking.
pub struct Viewer;

/// Who is asking.
#[Object]
impl Viewer {
    /// Their role; null without a token.
    async fn role(&self, ctx: &Context<'_>) -> Option<Role> {
        holder(viewer(ctx)).map(|holder| holder.role.into())
    }

    /// Who they are, as the token's issuer names them; null without a token.
    async fn subject(&self, ctx: &Context<'_>) -> Option<String> {
        holder(viewer(ctx)).map(|holder| holder.subject.clone())
    }

    /// The organisation that they hold the role for; null without a token, and for machines.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        let viewer = viewer(ctx);
        parts::organisation(ctx, holder(viewer)?.organisation?, viewer.today())
    }

    /// What an integrator's token asks for; empty for everybody else.
    async fn scopes(&self, ctx: &Context<'_>) -> Vec<&'static str> {
        let scopes = holder(viewer(ctx)).map(|holder| &holder.scopes);
        scopes.into_iter().flatten().map(|scope| scope.name()).collect()
    }

    /// What they use of the schema that will go, counted for 400 days: people together with
    /// all who sign in by the same issuer. Fields and arguments are counted; input fields
    /// and values that will go stand in `service { deprecations }` alone.
    async fn deprecations_used(&self, ctx: &Context<'_>) -> Result<Vec<DeprecationUse>> {
        usage::deprecations_used(viewer(ctx)).await
    }

    /// Whether they may do something to an organisation: ask before showing a button.
    async fn can(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What.")] action: Action,
        #[graphql(desc = "To which organisation; for something new, where it would lie.")] id: ID,
    ) -> Result<Verdict> {
        let verdict = viewer(ctx).can(action.into(), organisation_id(&id)?)?;
        Ok(Verdict {
            allowed: verdict.allowed,
            reason: verdict.reason,
            who_can: verdict.who_can.into_iter().map(Into::into).collect(),
        })
    }
}

/// Whether somebody may do something.
#[derive(SimpleObject)]
pub struct Verdict {
    /// Whether they may.
    allowed: bool,
    /// Why, or why not.
    reason: String,
    /// The roles that may do it to some organisation.
    who_can: Vec<Role>,
}

fn holder(viewer: &Domain) -> Option<&Holder> {
    match viewer.actor() {
        Actor::Public => None,
        Actor::Holder(holder) => Some(holder),
    }
}

#[derive(Default)]
pub struct ViewerQueries;

#[Object]
impl ViewerQueries {
    /// Who is asking, and what they may do.
    #[graphql(directive = access::apply(Action::ReadService))]
    async fn viewer(&self) -> Viewer {
        Viewer
    }
}
