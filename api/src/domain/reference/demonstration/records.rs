//! The stories of the demonstration's sites, written down: what hubs recorded, learners
//! with all that happened to them, posts, and what it came to. Every name says that it is
//! invented.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    assessment, award,
    change::{ChangeType, NodeType},
    cohort, enrolment, enrolment_event, extension, learner, learner_details, mentor_assignment,
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    participation::{self, Phase},
    post, post_place,
    role_model::RoleModel,
    stage_record,
};

use super::{
    PROVIDER,
    cohorts::Cohorts,
    impact,
    learners::{self, Seat},
    plan::{Plan, PostPlan, plan},
};
use crate::{
    auth::policy::Permit,
    domain::{
        directory::organisation::Organisation,
        error::{Declined, Failure},
        programme::content::Framework,
        turn::{Said, Turn, insert},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// Rows in the making.
pub(super) struct Writing {
    next: i64,
    pub audit_id: i64,
    pub at: DateTime<Utc>,
    pub today: NaiveDate,
    participations: Vec<participation::Model>,
    recorded: Vec<stage_record::Model>,
    pub learners: Vec<learner::Model>,
    pub details: Vec<learner_details::Model>,
    pub enrolments: Vec<enrolment::Model>,
    pub events: Vec<enrolment_event::Model>,
    pub extensions: Vec<extension::Model>,
    pub mentors: Vec<mentor_assignment::Model>,
    pub assessments: Vec<assessment::Model>,
    pub awards: Vec<award::Model>,
    posts: Vec<post::Model>,
    places: Vec<post_place::Model>,
}

impl Writing {
    /// An id that no row has had: the turn is told of all of them at the end.
    pub(super) fn next_id(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }
}

/// Tells the story of every site of the demonstration, unless any is told; gives how many
/// sites came to take part. With `figures`, the sites in post report what it came to, too.
pub async fn tell_stories(
    viewer: &Viewer,
    permit: Permit,
    seed: u64,
    figures: bool,
) -> Result<usize, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            turn.take_time().await?;
            let content = turn.catalogue().content().frameworks().current().cloned();
            let Some(framework) = content else { return Ok(0) };
            if turn.records().participants().next().is_some() {
                turn.see_before();
                return Ok(0);
            }
            let (mut writing, mut cohorts) = (writing(&mut turn).await?, Cohorts::default());
            let mut told: Vec<(OrganisationId, Plan)> = Vec::new();
            for site in sites(&turn) {
                let number = site.code.trim_start_matches("DEMO").parse().unwrap_or(0);
                let plan = plan(seed, number, writing.today);
                if !plan.recorded.is_empty() {
                    write_site(&mut writing, &mut cohorts, &site, &framework, &plan);
                    told.push((site.id, plan));
                }
            }
            turn.reserve_row_ids(writing.next);
            let count = told.len();
            say(&mut turn, &writing, &cohorts);
            write(&turn, writing, cohorts).await?;
            if figures {
                impact::report(&mut turn, &told).await?;
            }
            turn.commit(None, 0).await?;
            Ok(count)
        })
        .await
}

async fn writing(turn: &mut Turn) -> Result<Writing, Failure> {
    Ok(Writing {
        next: turn.next_row_id(),
        audit_id: turn.audit(None).await?,
        at: turn.at(),
        today: turn.today(),
        participations: Vec::new(),
        recorded: Vec::new(),
        learners: Vec::new(),
        details: Vec::new(),
        enrolments: Vec::new(),
        events: Vec::new(),
        extensions: Vec::new(),
        mentors: Vec::new(),
        assessments: Vec::new(),
        awards: Vec::new(),
        posts: Vec::new(),
        places: Vec::new(),
    })
}

/// A site that a story can be told of.
struct Setting {
    id: OrganisationId,
    code: String,
    hub: OrganisationId,
    hub_team: String,
    provider: Option<OrganisationId>,
}

/// The demonstration's sites that have been open and eligible all along, by their codes.
fn sites(turn: &Turn) -> Vec<Setting> {
    let (directory, today) = (turn.directory(), turn.today());
    let provider = directory.bearer(CodeScheme::Slug, PROVIDER, today).map(|found| found.id());
    let all = directory.of_kind(Kind::Site).iter();
    let invented = all.filter(|site| site.row.source == Source::Demonstration);
    let steady = |site: &&std::sync::Arc<Organisation>| {
        site.eligible_at(site.row.opened_on) && site.eligible_at(today)
    };
    let setting = |site: &std::sync::Arc<Organisation>| {
        // The hub of the first day: a cohort is opened by whoever trains the site then.
        let hub = site.placement_at(site.row.opened_on)?.training_hub_id?;
        let slug = directory.find(hub)?.code_at(CodeScheme::Slug, today).unwrap_or("hub");
        Some(Setting {
            id: site.id(),
            code: site.code_at(CodeScheme::Ods, today)?.to_owned(),
            hub,
            hub_team: format!("hub-team-{slug}"),
            provider,
        })
    };
    let mut sites: Vec<Setting> = invented.filter(steady).filter_map(setting).collect();
    sites.sort_unstable_by(|one, other| one.code.cmp(&other.code));
    sites
}

fn write_site(
    writing: &mut Writing,
    cohorts: &mut Cohorts,
    site: &Setting,
    framework: &Framework,
    plan: &Plan,
) {
    let role_model = plan.role_model.unwrap_or(RoleModel::Undecided);
    writing.participations.push(participation::Model {
        site_id: site.id,
        role_model,
        phase: Phase::National,
        version: i32::try_from(plan.recorded.len()).unwrap_or(1),
    });
    for (on, stage, reason) in &plan.recorded {
        let row = stage_record::Model {
            id: writing.next_id(),
            site_id: site.id,
            stage: *stage,
            occurred_on: *on,
            reason: reason.map(str::to_owned),
            audit_id: writing.audit_id,
            at: writing.at,
        };
        writing.recorded.push(row);
    }
    let mut learners = Vec::new();
    for learner in &plan.learners {
        let (framework_id, provider) = (framework.row.id, site.provider);
        let cohort =
            cohorts.join(site.hub, learner.started, framework_id, provider, || writing.next_id());
        let (code, hub_team) = (&*site.code, &*site.hub_team);
        let seat = Seat { site: site.id, code, hub_team, cohort, framework };
        learners.push(learners::write(writing, &seat, learner));
    }
    for post in &plan.posts {
        write_post(writing, site.id, role_model, post, &learners);
    }
}

fn write_post(
    writing: &mut Writing,
    site: OrganisationId,
    role_model: RoleModel,
    plan: &PostPlan,
    learners: &[i64],
) {
    let id = writing.next_id();
    writing.posts.push(post::Model {
        id,
        person: format!("P-DEMO{id}"),
        learner_id: plan.learner.and_then(|number| learners.get(number)).copied(),
        employer_id: site,
        band: Some(plan.band),
        funding: plan.funding,
        role_model,
        started_on: plan.from,
        ended_on: plan.to.map(|(on, _)| on),
        end_reason: plan.to.map(|(_, reason)| reason),
        version: if plan.to.is_some() { 2 } else { 1 },
    });
    let place = post_place::Model {
        id: writing.next_id(),
        post_id: id,
        organisation_id: site,
        fte: plan.tenths * 100_000,
        valid_from: plan.from,
        valid_to: plan.to.map(|(on, _)| on),
    };
    writing.places.push(place);
}

/// A line of the feed for every record that there now is.
fn say(turn: &mut Turn, writing: &Writing, cohorts: &Cohorts) {
    let mut say = |organisation_id, change_type, node| {
        turn.say(Said {
            organisation_id,
            change_type,
            effective_on: None,
            before: None,
            after: None,
            node: Some(node),
        });
    };
    for row in cohorts.made() {
        say(row.training_hub_id, ChangeType::CohortOpened, (NodeType::Cohort, row.id));
    }
    for row in &writing.participations {
        let node = (NodeType::Participation, row.site_id);
        say(row.site_id, ChangeType::StageRecorded, node);
    }
    for row in &writing.enrolments {
        say(row.site_id, ChangeType::LearnerRegistered, (NodeType::Learner, row.learner_id));
        say(row.site_id, ChangeType::EnrolmentApplied, (NodeType::Enrolment, row.id));
    }
    for row in &writing.posts {
        say(row.employer_id, ChangeType::PostStarted, (NodeType::Post, row.id));
    }
}

async fn write(turn: &Turn, writing: Writing, cohorts: Cohorts) -> Result<(), Failure> {
    let to = turn.connection();
    insert::<cohort::Entity>(to, cohorts.rows(writing.today)).await?;
    insert::<participation::Entity>(to, writing.participations).await?;
    insert::<stage_record::Entity>(to, writing.recorded).await?;
    insert::<learner::Entity>(to, writing.learners).await?;
    insert::<learner_details::Entity>(to, writing.details).await?;
    insert::<enrolment::Entity>(to, writing.enrolments).await?;
    insert::<enrolment_event::Entity>(to, writing.events).await?;
    insert::<extension::Entity>(to, writing.extensions).await?;
    insert::<mentor_assignment::Entity>(to, writing.mentors).await?;
    insert::<assessment::Entity>(to, writing.assessments).await?;
    insert::<award::Entity>(to, writing.awards).await?;
    insert::<post::Entity>(to, writing.posts).await?;
    insert::<post_place::Entity>(to, writing.places).await?;
    Ok(())
}
