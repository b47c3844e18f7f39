//! The root field that lists issues.

use async_graphql::{Context, InputObject, Object};

use super::issue::{DataQualityIssue, DataQualityRule, DataQualityState};
use crate::{
    auth::action::Action,
    domain::{data_quality::list, page::PageRequest},
    graphql::{
        access::access,
        error::Result,
        organisations::{
            by::{OrganisationBy, some_of},
            seen::viewer,
        },
        page::{Connected, Total, connected},
    },
};

/// Which issues a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct DataQualityFilter {
    /// Found by one of these.
    rules: Option<Vec<DataQualityRule>>,
    /// Of this organisation.
    organisation: Option<OrganisationBy>,
    /// Of this organisation and of those that sit within it today.
    within: Option<OrganisationBy>,
    /// Only open ones, or only accepted ones.
    state: Option<DataQualityState>,
}

impl DataQualityFilter {
    fn read(self) -> Result<list::IssueFilter> {
        let rules = some_of("rules", self.rules)?;
        Ok(list::IssueFilter {
            rules: rules.map(|all| all.into_iter().map(Into::into).collect()),
            organisation: self.organisation.map(OrganisationBy::read).transpose()?,
            within: self.within.map(OrganisationBy::read).transpose()?,
            state: self.state.map(Into::into),
        })
    }
}

#[derive(Default)]
pub struct DataQualityQueries;

#[Object]
impl DataQualityQueries {
    /// What may be wrong with the data within your reach, by organisation.
    #[graphql(directive = access::apply(Action::ReadDataQuality.into()))]
    async fn data_quality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<DataQualityFilter>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<DataQualityIssue>> {
        let filter = filter.unwrap_or_default().read()?;
        let request = PageRequest { first, after, last, before };
        let page = list::list(viewer(ctx), &filter, &request).await?;
        let (viewer, filter) = (viewer(ctx).clone(), std::sync::Arc::new(filter));
        let total = Total::new(move || {
            let (viewer, filter) = (viewer.clone(), filter.clone());
            async move {
                let count = list::count(&viewer, &filter).await?;
                Ok(i32::try_from(count).unwrap_or(i32::MAX))
            }
        });
        Ok(connected(page, total, DataQualityIssue))
    }
}
