//! The root fields that find organisations.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::organisation::Kind;

use super::{
    by::{
        OrganisationBy, OrganisationFilter, OrganisationOrder, RegionBy, SiteBy, SiteFilter,
        TrainingHubBy, TrainingHubFilter, some_of,
    },
    interfaces::{Node, Organisation},
    kinds::{Region, Site, TrainingHub},
    lists,
    nodes::{Asked, nodes},
    seen::{Seen, day, viewer},
};
use crate::{
    auth::action::Action,
    domain::{organisations, page::PageRequest},
    graphql::{
        access::access,
        enums::{OrganisationKind, SearchMatch},
        error::Result,
        page::Connected,
        refusal::Refusal,
        scalars::Date,
    },
};

/// One answer to a search.
#[derive(SimpleObject)]
pub struct SearchHit {
    /// The organisation, as it is today.
    organisation: Organisation,
    /// How it answers.
    matched: SearchMatch,
}

#[derive(Default)]
pub struct OrganisationQueries;

#[Object]
impl OrganisationQueries {
    /// Whatever bears this id, as it is today; null if there is nothing of it for you.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An id that this service gave.")] id: ID,
    ) -> Result<Option<Node>> {
        Ok(nodes(ctx, vec![Asked::read(&id)?]).await?.pop().flatten())
    }

    /// Whatever bears these ids, in their order; null where there is nothing for you.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids that this service gave, 100 at most.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        const MOST: usize = 100;
        if ids.len() > MOST {
            return Err(Refusal::bad_request(format!(
                "send at most {MOST} ids, not {}",
                ids.len()
            )));
        }
        nodes(ctx, ids.iter().map(Asked::read).collect::<Result<_>>()?).await
    }

    /// The regions that there were on that day, by name.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn regions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
    ) -> Vec<Region> {
        let day = day(ctx, as_at);
        let found = organisations::all(viewer(ctx), Kind::Region, None, day);
        found.into_iter().map(|organisation| Region(Seen { organisation, day })).collect()
    }

    /// One region; null if there is none so named.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn region(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: RegionBy,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
    ) -> Result<Option<Region>> {
        Ok(one(ctx, &by.read()?, Kind::Region, as_at).map(Region))
    }

    /// Training hubs, by name unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn training_hubs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<TrainingHubFilter>,
        #[graphql(desc = "The order; default: by name.")] order_by: Option<OrganisationOrder>,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<TrainingHub>> {
        let filter = filter.unwrap_or_default().read()?;
        let order = OrganisationOrder::read(order_by);
        let request = PageRequest { first, after, last, before };
        lists::list(ctx, filter, order, day(ctx, as_at), &request, TrainingHub)
    }

    /// One training hub; null if there is none so named.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn training_hub(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: TrainingHubBy,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
    ) -> Result<Option<TrainingHub>> {
        Ok(one(ctx, &by.read()?, Kind::TrainingHub, as_at).map(TrainingHub))
    }

    /// Sites, by name unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn sites(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<SiteFilter>,
        #[graphql(desc = "The order; default: by name.")] order_by: Option<OrganisationOrder>,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Site>> {
        let filter = filter.unwrap_or_default().read()?;
        let request = PageRequest { first, after, last, before };
        lists::sites(ctx, filter, order_by, day(ctx, as_at), &request)
    }

    /// One site; null if there is none so named. The code of a closed site still finds it.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn site(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: SiteBy,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
    ) -> Result<Option<Site>> {
        Ok(one(ctx, &by.read()?, Kind::Site, as_at).map(Site))
    }

    /// Organisations of any kind, by name unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "The order; default: by name.")] order_by: Option<OrganisationOrder>,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Organisation>> {
        let filter = filter.unwrap_or_default().read()?;
        let order = OrganisationOrder::read(order_by);
        let request = PageRequest { first, after, last, before };
        lists::list(ctx, filter, order, day(ctx, as_at), &request, Organisation::from)
    }

    /// One organisation of any kind; null if there is none so named.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn organisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: OrganisationBy,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
    ) -> Result<Option<Organisation>> {
        let day = day(ctx, as_at);
        let found = organisations::find(viewer(ctx), &by.read()?, day);
        Ok(found.map(|organisation| Seen { organisation, day }.into()))
    }

    /// Organisations by a part of the name, a code or a postcode, for typing ahead:
    /// codes first, then beginnings of names, postcodes, words, and parts of names.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to look for, 2 to 100 characters, in any case.")] text: String,
        #[graphql(desc = "Only organisations of these kinds.")] kinds: Option<
            Vec<OrganisationKind>,
        >,
        #[graphql(desc = "At most so many, 1 to 50.", default = 10)] first: i32,
    ) -> Result<Vec<SearchHit>> {
        if !(2..=100).contains(&text.trim().chars().count()) {
            return Err(Refusal::bad_request("look for 2 to 100 characters"));
        }
        let limit = usize::try_from(first).ok().filter(|limit| (1..=50).contains(limit));
        let limit = limit.ok_or_else(|| Refusal::bad_request("first is 1 to 50 here"))?;
        let kinds: Vec<Kind> =
            some_of("kinds", kinds)?.unwrap_or_default().into_iter().map(Kind::from).collect();
        let day = day(ctx, None);
        let hit = |(matched, organisation): (_, _)| SearchHit {
            organisation: Seen { organisation, day }.into(),
            matched: SearchMatch::from(matched),
        };
        Ok(organisations::search(viewer(ctx), &text, &kinds, limit).into_iter().map(hit).collect())
    }
}

fn one(
    ctx: &Context<'_>,
    by: &organisations::OrganisationBy,
    kind: Kind,
    as_at: Option<Date>,
) -> Option<Seen> {
    let day = day(ctx, as_at);
    let organisation = organisations::find(viewer(ctx), by, day)?;
    (organisation.kind() == kind).then_some(Seen { organisation, day })
}
