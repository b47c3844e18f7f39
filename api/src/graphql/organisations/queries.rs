//! The root fields that find organisations.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::organisation::Kind;

use super::{
    by::{
        OrganisationBy, OrganisationFilter, OrganisationOrder, RegionBy, SiteBy, SiteFilter,
        TrainingHubBy, TrainingHubFilter, some_of,
    },
    interfaces::{Node, Organisation, type_name},
    kinds::{Region, Site, TrainingHub},
    lists,
    parts::{Membership, Succession},
    seen::{Seen, day, viewer},
};
use crate::{
    auth::action::Action,
    domain::{
        cohorts, enrolments,
        learners::{self, list::LearnerLookup},
        memberships, metrics, observations, organisations,
        page::PageRequest,
        participation, posts, programme, successions,
    },
    graphql::{
        access::access,
        cohorts::object::Cohort,
        enrolments::object::Enrolment,
        enums::{OrganisationKind, SearchMatch},
        error::Result,
        ids,
        learners::{object::Learner, readings},
        metrics::{definition::MetricDefinition, observation::Observation},
        page::Connected,
        participation::object::Participation,
        posts::object::Post,
        programme::{
            evidence::{Evidence, ProofOfConcept},
            framework::{Competency, CompetencyDomain, CompetencyFramework},
            job_description::{Duty, JobDescription},
        },
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
        Ok(nodes(ctx, vec![ids::read(&id)?]).await?.pop().flatten())
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
        nodes(ctx, ids.iter().map(ids::read).collect::<Result<_>>()?).await
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

/// What bears the ids, in their order; observations in one statement for all of them.
/// Whatever is so named and numbered, for the viewer alone; reading it is audited.
pub async fn nodes(ctx: &Context<'_>, read: Vec<(String, i64)>) -> Result<Vec<Option<Node>>> {
    let observed: Vec<i64> =
        read.iter().filter(|(name, _)| name == OBSERVATION).map(|(_, row)| *row).collect();
    let mut observations = HashMap::new();
    if !observed.is_empty() {
        let found = observations::list::find(viewer(ctx), &observed).await?;
        observations.extend(found.into_iter().map(|row| (row.id, Arc::new(row))));
    }
    let node = |(name, row): (String, i64)| match name.as_str() {
        OBSERVATION => observations.get(&row).map(|row| Observation(row.clone()).into()),
        _ => node(ctx, &name, row),
    };
    let found: Vec<Option<Node>> = read.into_iter().map(node).collect();
    let learners = found.iter().flatten().flat_map(|node| match node {
        Node::Enrolment(it) => vec![it.0.row.site_id],
        Node::Learner(it) => learners::list::sites(viewer(ctx), it.0.row.id),
        _ => Vec::new(),
    });
    readings::places(ctx, Action::ReadEnrolments, learners).await?;
    let posts = found.iter().flatten().flat_map(|node| match node {
        Node::Post(it) => it.0.organisations().collect(),
        _ => Vec::new(),
    });
    readings::places(ctx, Action::ReadPosts, posts).await?;
    Ok(found)
}

const OBSERVATION: &str = "Observation";

fn node(ctx: &Context<'_>, name: &str, row: i64) -> Option<Node> {
    let (viewer, day) = (viewer(ctx), day(ctx, None));
    match name {
        "MetricDefinition" => {
            metrics::by_id(viewer, row).map(|definition| MetricDefinition(definition).into())
        }
        "JobDescription" => {
            programme::job_description_by_id(viewer, row).map(|it| JobDescription(it).into())
        }
        "Duty" => programme::duty(viewer, row).map(|it| Duty(it).into()),
        "CompetencyFramework" => {
            programme::framework_by_id(viewer, row).map(|it| CompetencyFramework(it).into())
        }
        "CompetencyDomain" => programme::domain(viewer, row).map(|it| CompetencyDomain(it).into()),
        "Competency" => programme::competency(viewer, row).map(|it| Competency(it).into()),
        "Evidence" => programme::evidence_by_id(viewer, row).map(|it| Evidence(it).into()),
        "ProofOfConcept" => {
            programme::proof_of_concept_by_id(viewer, row).map(|it| ProofOfConcept(it).into())
        }
        "Participation" => participation::of(viewer, row).map(|it| Participation(it).into()),
        "Post" => posts::list::find(viewer, row).map(|post| Post(post).into()),
        "Cohort" => cohorts::list::find(viewer, row).map(|row| Cohort(row).into()),
        "Learner" => {
            let by = LearnerLookup::Id(row);
            learners::list::find(viewer, &by).map(|found| Learner(found).into())
        }
        "Enrolment" => enrolments::list::find(viewer, row).map(|found| Enrolment(found).into()),
        "Membership" => memberships::find(viewer, row).map(|row| Membership { row, day }.into()),
        "Succession" => successions::find(viewer, row).map(|row| Succession { row, day }.into()),
        _ => viewer
            .organisation(row)
            .filter(|organisation| type_name(organisation.kind()) == name)
            .map(|organisation| Organisation::from(Seen { organisation, day }).into()),
    }
}
