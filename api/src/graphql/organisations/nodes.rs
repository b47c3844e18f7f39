//! What bears an id, whatever it is: for those who may see it, as by the fields of its own.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID};

use super::{
    interfaces::{Node, Organisation, type_name},
    parts::{Membership, Succession},
    seen::{Seen, day, viewer},
};
use crate::{
    auth::action::Action,
    domain::{
        cohorts, enrolments, imports,
        learners::{self, list::LearnerLookup},
        memberships, metrics, observations, participation, posts, programme, returns, successions,
        webhooks,
    },
    graphql::{
        cohorts::object::Cohort,
        enrolments::object::Enrolment,
        error::Result,
        ids,
        imports::object::Import,
        learners::{object::Learner, readings},
        metrics::{definition::MetricDefinition, observation::Observation},
        participation::object::Participation,
        posts::object::Post,
        programme::{
            evidence::{Evidence, ProofOfConcept},
            framework::{Competency, CompetencyDomain, CompetencyFramework},
            job_description::{Duty, JobDescription},
        },
        returns::object::Return,
        webhooks::object::Webhook,
    },
    ids::ReturnId,
};

const OBSERVATION: &str = "Observation";
const IMPORT: &str = "Import";
const WEBHOOK: &str = "Webhook";

/// What somebody asks for by an id.
pub enum Asked {
    Row(String, i64),
    Return(ReturnId),
}

impl Asked {
    pub fn read(id: &ID) -> Result<Self> {
        if let Some(id) = ReturnId::decode(id) {
            return Ok(Self::Return(id));
        }
        let (name, row) = ids::read(id)?;
        Ok(Self::Row(name, row))
    }
}

/// What is read from the database: each kind in one statement for all ids.
#[derive(Default)]
struct Stored {
    observations: HashMap<i64, Arc<entity::observation::Model>>,
    imports: HashMap<i64, entity::import_run::Model>,
    returns: HashMap<ReturnId, returns::Return>,
    webhooks: HashMap<i64, entity::webhook::Model>,
}

impl Stored {
    async fn load(ctx: &Context<'_>, asked: &[Asked]) -> Result<Self> {
        let viewer = viewer(ctx);
        let mut stored = Self::default();
        let rows = |wanted: &str| -> Vec<i64> {
            let row = |each: &Asked| match each {
                Asked::Row(name, row) if name == wanted => Some(*row),
                Asked::Row(..) | Asked::Return(_) => None,
            };
            asked.iter().filter_map(row).collect()
        };
        let observed = rows(OBSERVATION);
        if !observed.is_empty() {
            let found = observations::list::find(viewer, &observed).await?;
            stored.observations.extend(found.into_iter().map(|row| (row.id, Arc::new(row))));
        }
        let imported = rows(IMPORT);
        if !imported.is_empty() && viewer.permit(Action::ReadImports).is_ok() {
            let found = imports::read::find_all(viewer, &imported).await?;
            stored.imports.extend(found.into_iter().map(|run| (run.id, run)));
        }
        let registered = rows(WEBHOOK);
        if !registered.is_empty() {
            let found = webhooks::list::find_all(viewer, &registered).await?;
            stored.webhooks.extend(found.into_iter().map(|row| (row.id, row)));
        }
        let owed = |each: &Asked| match each {
            Asked::Return(id) => Some(*id),
            Asked::Row(..) => None,
        };
        let owed: Vec<ReturnId> = asked.iter().filter_map(owed).collect();
        if !owed.is_empty() && viewer.permit(Action::ReadReturns).is_ok() {
            let found = returns::find::find_all(viewer, &owed).await?;
            stored.returns.extend(found.into_iter().map(|it| (it.id(), it)));
        }
        Ok(stored)
    }

    fn node(&self, ctx: &Context<'_>, asked: &Asked) -> Option<Node> {
        match asked {
            Asked::Return(id) => Some(Return(self.returns.get(id)?.clone()).into()),
            Asked::Row(name, row) => match name.as_str() {
                OBSERVATION => Some(Observation(self.observations.get(row)?.clone()).into()),
                IMPORT => Some(Import::from(self.imports.get(row)?.clone()).into()),
                WEBHOOK => Some(Webhook::from(self.webhooks.get(row)?.clone()).into()),
                name => node(ctx, name, *row),
            },
        }
    }
}

/// Whatever bears the ids, in their order, for the viewer alone; reading it is audited.
pub async fn nodes(ctx: &Context<'_>, asked: Vec<Asked>) -> Result<Vec<Option<Node>>> {
    let stored = Stored::load(ctx, &asked).await?;
    let found: Vec<Option<Node>> = asked.iter().map(|each| stored.node(ctx, each)).collect();
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
