//! The root fields that find cohorts.

use async_graphql::{Context, ID, InputObject, Object};

use super::{enums::CohortOrderField, object::Cohort};
use crate::{
    auth::action::Action,
    domain::{
        cohorts::list,
        organisations,
        page::{Direction, PageRequest},
    },
    graphql::{
        access::access,
        enums::OrderDirection,
        error::Result,
        ids,
        organisations::{
            by::{ProviderBy, TrainingHubBy},
            seen::viewer,
        },
        page::{Connected, Total, connected},
        scalars::Date,
    },
    ids::OrganisationId,
};

/// Which cohorts a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct CohortFilter {
    /// Of this training hub.
    training_hub: Option<TrainingHubBy>,
    /// That this provider verifies and awards.
    provider: Option<ProviderBy>,
    /// Starting on this day or later.
    starts_from: Option<Date>,
    /// Starting on this day or earlier.
    starts_to: Option<Date>,
    /// Whether somebody can apply today.
    open: Option<bool>,
}

/// What cohorts are ordered by, and which way.
#[derive(InputObject, Clone, Copy)]
pub struct CohortOrder {
    /// The field.
    field: CohortOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Ascending")]
    direction: OrderDirection,
}

#[derive(Default)]
pub struct CohortQueries;

#[Object]
impl CohortQueries {
    /// One cohort; null if there is none of that id for you.
    #[graphql(directive = access::apply(Action::ReadCohorts.into()))]
    async fn cohort(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<Cohort>> {
        let viewer = viewer(ctx);
        viewer.permit(Action::ReadCohorts)?;
        Ok(list::find(viewer, ids::read_as(&id, "Cohort")?).map(Cohort))
    }

    /// The cohorts within your reach, in the order in which they were opened unless
    /// ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    #[graphql(directive = access::apply(Action::ReadCohorts.into()))]
    async fn cohorts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<CohortFilter>,
        #[graphql(desc = "The order; default: as they were opened.")] order_by: Option<CohortOrder>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Cohort>> {
        let filter = filter.unwrap_or_default();
        let filter = list::CohortFilter {
            training_hub: filter.training_hub.map(TrainingHubBy::read).transpose()?,
            provider: filter.provider.map(ProviderBy::read).transpose()?,
            starts_from: filter.starts_from.map(|day| day.0),
            starts_to: filter.starts_to.map(|day| day.0),
            open: filter.open,
        };
        let order = order_by.map_or((list::CohortOrder::Id, Direction::Ascending), |order| {
            (order.field.into(), order.direction.into())
        });
        page(ctx, filter, order, &PageRequest { first, after, last, before })
    }
}

/// The cohorts of a training hub; none of them for whoever may see none.
pub fn of_hub(
    ctx: &Context<'_>,
    hub: OrganisationId,
    request: &PageRequest,
) -> Result<Option<Connected<Cohort>>> {
    if viewer(ctx).permit(Action::ReadCohorts).is_err() {
        return Ok(None);
    }
    let by = organisations::OrganisationBy::Id(hub);
    let filter = list::CohortFilter { training_hub: Some(by), ..Default::default() };
    page(ctx, filter, (list::CohortOrder::Id, Direction::Ascending), request).map(Some)
}

fn page(
    ctx: &Context<'_>,
    filter: list::CohortFilter,
    order: (list::CohortOrder, Direction),
    request: &PageRequest,
) -> Result<Connected<Cohort>> {
    let viewer = viewer(ctx).clone();
    let page = list::list(&viewer, &filter, order, request)?;
    let total = Total::new(move || {
        let count = list::count(&viewer, &filter);
        async move { Ok(i32::try_from(count).unwrap_or(i32::MAX)) }
    });
    Ok(connected(page, total, Cohort))
}
