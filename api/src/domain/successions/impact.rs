//! What a merger or a new code would move, before it is recorded: nothing is written, and
//! the day may lie in the future.

use std::{collections::BTreeSet, sync::Arc};

use chrono::NaiveDate;
use entity::organisation::Kind;

use super::carry::{self, Way};
use crate::{
    auth::action::Action,
    domain::{
        amount::Amount,
        directory::organisation::Organisation,
        error::Failure,
        organisations::{OrganisationBy, resolve},
        records::{
            Participant, Records,
            enrolment::{in_training, is_over},
            stages::Stage,
        },
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// As many sites as one merger joins.
const MOST: usize = 20;

/// Stands for a site that does not have its code yet.
const NOBODY: OrganisationId = -1;

/// Which sites would be followed by which one, and when.
#[derive(Debug, Clone)]
pub struct ImpactQuestion {
    pub predecessors: Vec<OrganisationBy>,
    /// None for a site that is not registered yet.
    pub successor: Option<OrganisationBy>,
    pub occurred_on: NaiveDate,
}

/// One site, before or after.
#[derive(Debug, Clone)]
pub struct Side {
    /// None for a site that is not registered yet.
    pub site: Option<Arc<Organisation>>,
    pub stage: Stage,
    pub first_in_post: Option<NaiveDate>,
    pub list_size: Option<i32>,
    /// Those that are not over.
    pub enrolments: usize,
    pub learners_in_training: usize,
    pub posts: usize,
    pub fte: Amount,
}

/// What would happen.
#[derive(Debug, Clone)]
pub struct Impact {
    pub occurred_on: NaiveDate,
    /// The predecessors, and the successor if it is registered.
    pub before: Vec<Side>,
    pub after: Side,
    /// The enrolments and posts that would move.
    pub enrolments: Vec<i64>,
    pub posts: Vec<i64>,
    /// Sites that ever came to TRAINING, each counted for itself, and with the successor
    /// standing for those that it followed.
    pub ever_in_training: (usize, usize),
    /// Eligible sites in post, of eligible sites: of the region, before and after.
    pub region: Option<(Arc<Organisation>, Share, Share)>,
    pub checks: Vec<Check>,
}

/// Sites in post of eligible ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub in_post: usize,
    pub eligible: usize,
}

/// Something of which there must be as much after as before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    pub of: &'static str,
    pub before: f64,
    pub after: f64,
}

impl Check {
    pub fn holds(&self) -> bool {
        (self.before - self.after).abs() < 1e-9
    }
}

/// Works out what a succession would do.
pub fn impact(viewer: &Viewer, question: &ImpactQuestion) -> Result<Impact, Failure> {
    viewer.permit(Action::PreviewSuccession)?;
    if question.predecessors.is_empty() || question.predecessors.len() > MOST {
        return Err(Failure::BadRequest(format!("name 1 to {MOST} predecessors")));
    }
    let named = |by: &OrganisationBy| site(viewer, by);
    let predecessors: Vec<_> = question.predecessors.iter().map(named).collect::<Result<_, _>>()?;
    let successor = question.successor.as_ref().map(named).transpose()?;
    let ids: BTreeSet<_> = predecessors.iter().map(|site| site.id()).collect();
    let follows = successor.as_ref().is_some_and(|site| ids.contains(&site.id()));
    if ids.len() < predecessors.len() || follows {
        let sentence = "name each site once, and none as its own successor";
        return Err(Failure::BadRequest(sentence.to_owned()));
    }
    let (records, on) = (viewer.records(), question.occurred_on);
    let to = successor.as_ref().map_or(NOBODY, |site| site.id());
    let ways = predecessors.iter().map(|site| Way { from: site.id(), to, on });
    let ways: Vec<Way> = ways.collect();
    let after = records.as_if(
        ways.iter().flat_map(|way| {
            carry::open_enrolments(&records, way.from).map(|it| carry::enrolment(it, *way))
        }),
        ways.iter()
            .flat_map(|way| carry::open_posts(&records, way.from).map(|it| carry::post(it, *way))),
    );
    let eve = on.pred_opt().unwrap_or(on);
    let sites = predecessors.iter().chain(&successor);
    let before: Vec<Side> = sites.map(|site| side(&records, Some(site), site.id(), eve)).collect();
    let lists = before.iter().filter_map(|side| side.list_size);
    let list_size = lists.clone().next().map(|_| lists.sum());
    let mut then = Side { list_size, ..side(&after, successor.as_ref(), to, on) };
    let carried = ways.iter().filter_map(|way| carry::stage(&records, *way)).map(Stage::from);
    if let Some(carried) = carried.max().filter(|stage| then.stage.rank() < stage.rank()) {
        then.stage = carried;
    }
    Ok(Impact {
        occurred_on: on,
        checks: checks(&before, &then),
        enrolments: of_each(&ways, |way| {
            carry::open_enrolments(&records, way.from).map(|it| it.row.id).collect()
        }),
        posts: of_each(&ways, |way| {
            carry::open_posts(&records, way.from).map(|it| it.row.id).collect()
        }),
        ever_in_training: ever_in_training(&after, &ids, to, on),
        region: region(viewer, &records, &predecessors, successor.as_ref(), &then, eve),
        before,
        after: then,
    })
}

/// A site that the viewer may see the records of.
fn site(viewer: &Viewer, by: &OrganisationBy) -> Result<Arc<Organisation>, Failure> {
    let directory = viewer.directory();
    let found = resolve(&directory, by, viewer.today());
    let reach = viewer.reach(Action::PreviewSuccession);
    let seen = found
        .filter(|site| site.kind() == Kind::Site && directory.covers(&reach, site, viewer.today()));
    seen.cloned().ok_or(Failure::NotFound)
}

fn of_each(ways: &[Way], of: impl Fn(&Way) -> Vec<i64>) -> Vec<i64> {
    ways.iter().flat_map(of).collect()
}

fn side(
    records: &Records,
    site: Option<&Arc<Organisation>>,
    id: OrganisationId,
    day: NaiveDate,
) -> Side {
    let it = records.participant(id);
    let here = |it: &Arc<Participant>| {
        let open =
            it.enrolments.iter().filter(|each| each.row.site_id == id && !is_over(each.row.state));
        let states: Vec<_> = open.map(|each| each.row.state).collect();
        let training = states.iter().filter(|state| in_training(**state)).count();
        (states.len(), training)
    };
    let (enrolments, learners_in_training) = it.map(here).unwrap_or_default();
    let held = it.into_iter().flat_map(|it| it.posts.iter().flat_map(|post| post.places_at(day)));
    let places: Vec<_> = held.filter(|place| place.organisation_id == id).collect();
    Side {
        site: site.cloned(),
        stage: it.map_or(Stage::NotEngaged, |it| it.stage_at(day)),
        first_in_post: it.and_then(|it| it.first_in_post()),
        list_size: site.and_then(|site| site.list_size_at(day)).map(|(_, patients)| patients),
        enrolments,
        learners_in_training,
        posts: places.len(),
        fte: Amount(places.iter().map(|place| place.fte).sum()),
    }
}

fn checks(before: &[Side], after: &Side) -> Vec<Check> {
    let sum = |of: &dyn Fn(&Side) -> f64| before.iter().map(of).sum::<f64>();
    let check =
        |name, of: &dyn Fn(&Side) -> f64| Check { of: name, before: sum(of), after: of(after) };
    vec![
        check("enrolments", &|side| side.enrolments as f64),
        check("learners in training", &|side| side.learners_in_training as f64),
        check("posts", &|side| side.posts as f64),
        check("full-time equivalents", &|side| side.fte.number()),
        check("registered patients", &|side| f64::from(side.list_size.unwrap_or(0))),
    ]
}

fn ever_in_training(
    after: &Records,
    predecessors: &BTreeSet<OrganisationId>,
    successor: OrganisationId,
    on: NaiveDate,
) -> (usize, usize) {
    let training = Stage::Training.rank();
    let reached =
        |id: &OrganisationId| after.participant(*id).is_some_and(|it| it.furthest(on) >= training);
    let own = predecessors.iter().chain([&successor]).filter(|id| reached(id)).count();
    (own, usize::from(own > 0))
}

/// What becomes of the share of sites in post in the region of the first predecessor.
fn region(
    viewer: &Viewer,
    records: &Records,
    predecessors: &[Arc<Organisation>],
    successor: Option<&Arc<Organisation>>,
    then: &Side,
    eve: NaiveDate,
) -> Option<(Arc<Organisation>, Share, Share)> {
    let (directory, day) = (viewer.directory(), eve.min(viewer.today()));
    let region = predecessors.first()?.placement_at(day)?.region_id?;
    let region = directory.find(region)?.clone();
    let eligible = |site: &&Arc<Organisation>| {
        site.kind() == Kind::Site && site.eligible_at(day) && site.placed_within(region.id(), day)
    };
    let in_post = |site: &Arc<Organisation>| {
        records.participant(site.id()).is_some_and(|it| it.holds_post(day))
    };
    let share = |sites: &[&Arc<Organisation>]| Share {
        eligible: sites.len(),
        in_post: sites.iter().filter(|site| in_post(site)).count(),
    };
    let all: Vec<_> = directory.placed(region.id()).iter().filter(eligible).collect();
    let gone = |site: &Arc<Organisation>| {
        let id = site.id();
        predecessors.iter().any(|each| each.id() == id) || successor.map(|it| it.id()) == Some(id)
    };
    let stays: Vec<_> = all.iter().copied().filter(|site| !gone(site)).collect();
    let rest = share(&stays);
    let after =
        Share { eligible: rest.eligible + 1, in_post: rest.in_post + usize::from(then.posts > 0) };
    Some((region, share(&all), after))
}
