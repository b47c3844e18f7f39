//! The root fields that find enrolments. Whatever shows some waits for the audit.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{input::EnrolmentFilter, object::Enrolment, parts::Disagreement};
use crate::{
    auth::action::Action,
    domain::{
        enrolments::list,
        organisations::OrganisationBy,
        page::{Page, PageRequest},
        viewer::Viewer,
    },
    graphql::{
        access::access,
        error::Result,
        ids,
        learners::readings,
        organisations::seen::viewer,
        page::{Connected, Total, connected},
    },
    ids::OrganisationId,
};

/// An enrolment about which the site and the training hub disagree.
#[derive(SimpleObject)]
pub struct DisagreedEnrolment {
    /// The enrolment.
    enrolment: Enrolment,
    /// In what they disagree.
    disagreement: Disagreement,
}

#[derive(Default)]
pub struct EnrolmentQueries;

#[Object]
impl EnrolmentQueries {
    /// One enrolment; null if there is none of that id for you.
    #[graphql(directive = access::apply(Action::ReadEnrolments.into()))]
    async fn enrolment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<Enrolment>> {
        let viewer = viewer(ctx);
        viewer.permit(Action::ReadEnrolments)?;
        let Some(found) = list::find(viewer, ids::read_as(&id, "Enrolment")?) else {
            return Ok(None);
        };
        readings::places(ctx, Action::ReadEnrolments, vec![found.row.site_id]).await?;
        Ok(Some(Enrolment(found)))
    }

    /// The enrolments within your reach, in the order in which they were applied for.
    #[graphql(directive = access::apply(Action::ReadEnrolments.into()))]
    async fn enrolments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<EnrolmentFilter>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Enrolment>> {
        let filter = filter.unwrap_or_default().read()?;
        page(ctx, filter, PageRequest { first, after, last, before }).await
    }

    /// Enrolments within your reach about which the site and the training hub disagree:
    /// employment is the site's word, training the hub's.
    #[graphql(directive = access::apply(Action::ReadEnrolments.into()))]
    async fn disagreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<EnrolmentFilter>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<DisagreedEnrolment>> {
        let viewer = viewer(ctx);
        let mut filter = filter.unwrap_or_default().read()?;
        filter.disagreed = true;
        let request = PageRequest { first, after, last, before };
        let page = list::disagreements(viewer, &filter, &request)?;
        readings::places(ctx, Action::ReadEnrolments, sites(&page, |(it, _)| it.row.site_id))
            .await?;
        Ok(connected(page, total(viewer.clone(), filter), |(it, found)| DisagreedEnrolment {
            enrolment: Enrolment(it),
            disagreement: found.into(),
        }))
    }
}

/// The enrolments at a site; none of them for whoever may see none anywhere.
pub async fn of_site(
    ctx: &Context<'_>,
    site: OrganisationId,
    request: PageRequest,
) -> Result<Option<Connected<Enrolment>>> {
    let site = Some(OrganisationBy::Id(site));
    within(ctx, list::EnrolmentFilter { site, ..Default::default() }, request).await
}

/// The enrolments of something; none of them for whoever may see none anywhere.
pub async fn within(
    ctx: &Context<'_>,
    filter: list::EnrolmentFilter,
    request: PageRequest,
) -> Result<Option<Connected<Enrolment>>> {
    if viewer(ctx).permit(Action::ReadEnrolments).is_err() {
        return Ok(None);
    }
    page(ctx, filter, request).await.map(Some)
}

async fn page(
    ctx: &Context<'_>,
    filter: list::EnrolmentFilter,
    request: PageRequest,
) -> Result<Connected<Enrolment>> {
    let viewer = viewer(ctx);
    let page = list::list(viewer, &filter, &request)?;
    readings::places(ctx, Action::ReadEnrolments, sites(&page, |it| it.row.site_id)).await?;
    Ok(connected(page, total(viewer.clone(), filter), Enrolment))
}

fn sites<T>(page: &Page<T>, site: impl Fn(&T) -> OrganisationId) -> Vec<OrganisationId> {
    page.items.iter().map(|(_, item)| site(item)).collect()
}

fn total(viewer: Viewer, filter: list::EnrolmentFilter) -> Total {
    Total::new(move || {
        let count = list::count(&viewer, &filter);
        async move { Ok(i32::try_from(count).unwrap_or(i32::MAX)) }
    })
}
