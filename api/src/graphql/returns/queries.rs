//! The root fields that find returns, schedules and rules.

use async_graphql::{Context, ID, Object};

use super::{input::ReturnFilter, object::Return, rules::ValidationRule, schedule::ReturnSchedule};
use crate::{
    auth::action::Action,
    domain::{
        page::PageRequest,
        returns::{find, list, schedule},
        validation::rules,
    },
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::seen::viewer,
        page::{Connected, Total, connected},
    },
};

#[derive(Default)]
pub struct ReturnQueries;

#[Object]
impl ReturnQueries {
    /// Returns within your reach, those that nobody has begun among them: the newest month
    /// first, then by schedule and organisation.
    #[graphql(directive = access::apply(Action::ReadReturns.into()))]
    async fn returns(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<ReturnFilter>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Return>> {
        let viewer = viewer(ctx).clone();
        let filter = filter.unwrap_or_default().read()?;
        let request = PageRequest { first, after, last, before };
        let page = list::list(&viewer, &filter, &request).await?;
        let total = Total::new(move || {
            let (viewer, filter) = (viewer.clone(), filter.clone());
            async move {
                let count = list::count(&viewer, &filter).await?;
                Ok(i32::try_from(count).unwrap_or(i32::MAX))
            }
        });
        Ok(connected(page, total, Return))
    }

    /// One return; null if there is none of that id for you.
    #[graphql(name = "return", directive = access::apply(Action::ReadReturns.into()))]
    async fn one_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<Return>> {
        let id = ids::read_return(&id)?;
        Ok(find::find(viewer(ctx), id).await?.map(Return))
    }

    /// Which organisations owe which figures: every schedule, the oldest first.
    #[graphql(directive = access::apply(Action::ReadReturns.into()))]
    async fn return_schedules(&self, ctx: &Context<'_>) -> Result<Vec<ReturnSchedule>> {
        Ok(schedule::all(viewer(ctx))?.into_iter().map(ReturnSchedule).collect())
    }

    /// The rules that figures are judged by, those that are switched off too, by metric.
    #[graphql(directive = access::apply(Action::ReadMetrics.into()))]
    async fn validation_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this metric, by its code.")] metric: Option<String>,
    ) -> Vec<ValidationRule> {
        let all = rules::list(viewer(ctx), metric.as_deref());
        all.into_iter().map(ValidationRule).collect()
    }
}
