//! What commands about participation can answer besides success.

use async_graphql::{Context, SimpleObject};

use super::object::Participation;
use crate::{
    domain::{error::Declined, participation},
    graphql::{
        error::Result,
        organisations::seen::viewer,
        outcomes::{InvalidInput, invalid},
        refusal::Refusal,
    },
    ids::OrganisationId,
};

/// Somebody recorded something of the site since you read it; nothing was changed. Read it
/// again, and send the command with its version if it still makes sense.
#[derive(SimpleObject)]
pub struct ParticipationConflict {
    /// The participation as it is now.
    current: Participation,
}

/// The answer of a command about a participation that the caller has read.
pub fn changing<P>(
    ctx: &Context<'_>,
    done: Result<OrganisationId, Declined>,
    success: impl FnOnce(Participation) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<ParticipationConflict>,
{
    let find = |site| {
        participation::of(viewer(ctx), site).map(Participation).ok_or_else(Refusal::internal)
    };
    match done {
        Ok(site) => Ok(Some(success(find(site)?))),
        Err(Declined::Invalid(problems)) => Ok(Some(invalid(problems))),
        Err(Declined::VersionConflict(site)) => {
            Ok(Some(ParticipationConflict { current: find(site)? }.into()))
        }
        Err(Declined::Failed(failure)) => Err(failure.into()),
        Err(Declined::KeyReused) => Err(Refusal::internal()),
    }
}
