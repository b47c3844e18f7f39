//! The adoption funnel: how many sites ever came how far, where they are now, how long
//! they stayed, and how many went on.
//!
//! A site that came to a stage is counted at every stage before it, recorded or not, so
//! that counts do not rise along the way. What a site took over from those that it followed
//! is theirs, and it is counted from the stage after that on; where successors are
//! followed it stands for all of them. Of a site that split, its parts are counted from
//! the stage on that each came to by itself, and at the stages before as one of them did.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use entity::organisation::Kind;

use crate::{
    analytics::peers::Peers,
    auth::action::Action,
    domain::{
        directory::{Directory, organisation::Organisation},
        error::Failure,
        figures::{
            boundaries::{Boundaries, Follow, heir, places_on},
            selector::{Selector, select},
        },
        metrics::england,
        records::{
            Participant,
            stages::{Stage, StageChange},
        },
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// What somebody wants to see.
#[derive(Debug, Clone)]
pub struct FunnelQuestion {
    pub of: Selector,
    /// The last day that counts; today, unless it says otherwise.
    pub as_at: Option<NaiveDate>,
    /// Stages reached from this day on are told apart.
    pub since: Option<NaiveDate>,
    pub boundaries: Boundaries,
    pub follow: Follow,
}

/// The funnel of one organisation.
#[derive(Debug, Clone)]
pub struct Funnel {
    pub organisation: Arc<Organisation>,
    pub as_at: NaiveDate,
    pub steps: Vec<FunnelStep>,
    /// Sites that are off the way: never engaged, declined, lapsed.
    pub not_engaged: u32,
    pub declined: u32,
    pub lapsed: u32,
}

/// One stage of a funnel.
#[derive(Debug, Clone)]
pub struct FunnelStep {
    pub stage: Stage,
    pub ever_reached: u32,
    /// Of these, those that first came so far from the first day asked about on.
    pub reached_since: u32,
    pub now_at: u32,
    /// Days from coming to the stage to leaving it, of those that left it.
    pub median_days: Option<f64>,
    /// Of those that ever reached the stage before; none at the first.
    pub conversion: Option<f64>,
}

#[derive(Default)]
struct Counts {
    ever: [u32; Stage::WAY.len()],
    since: [u32; Stage::WAY.len()],
    now: [u32; Stage::WAY.len()],
    days: [Vec<f64>; Stage::WAY.len()],
    eligible: u32,
    declined: u32,
    lapsed: u32,
}

/// The funnel of each organisation asked about, in their order.
pub fn funnels(viewer: &Viewer, question: &FunnelQuestion) -> Result<Vec<Funnel>, Failure> {
    let as_at = question.as_at.unwrap_or_else(|| viewer.today());
    if as_at > viewer.today() {
        let sentence = "the funnel of a day to come is not known: ask as at today or earlier";
        return Err(Failure::BadRequest(sentence.to_owned()));
    }
    if question.since.is_some_and(|since| since > as_at) {
        return Err(Failure::BadRequest("since lies after asAt".to_owned()));
    }
    let directory = viewer.directory();
    let day = match question.boundaries {
        Boundaries::AtPeriod => as_at,
        Boundaries::Current => viewer.today(),
        Boundaries::AsAt(day) => day,
    };
    let organisations = select(viewer, &question.of, day)?;
    let stages = viewer.reach(Action::ReadParticipation);
    let mut shown = organisations.iter();
    let hidden = |each: &&Arc<Organisation>| {
        each.kind() == Kind::Site && !directory.covers(&stages, each, viewer.today())
    };
    if shown.any(|each| hidden(&each)) {
        // A funnel of one site is its stage.
        return Err(Failure::NotFound);
    }
    let wanted: BTreeSet<OrganisationId> = organisations.iter().map(|each| each.id()).collect();
    let mut counts = count(viewer, question, as_at, day, &wanted);
    let made = organisations.into_iter().map(|organisation| {
        let counts = counts.remove(&organisation.id()).unwrap_or_default();
        funnel(organisation, as_at, counts)
    });
    Ok(made.collect())
}

fn count(
    viewer: &Viewer,
    question: &FunnelQuestion,
    as_at: NaiveDate,
    day: NaiveDate,
    wanted: &BTreeSet<OrganisationId>,
) -> HashMap<OrganisationId, Counts> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let england = england(&directory);
    let places = |site: &Organisation| {
        let fixed = Some((day, question.follow));
        let above = places_on(&directory, site, Month::of(day), fixed);
        let all: BTreeSet<_> = above.chain(england).chain([site.id()]).collect();
        all.into_iter().filter(|place| wanted.contains(place)).collect::<Vec<_>>()
    };
    let mut counts: HashMap<OrganisationId, Counts> = HashMap::new();
    for site in directory.of_kind(Kind::Site).iter().filter(|site| site.eligible_at(as_at)) {
        for place in places(site) {
            counts.entry(place).or_default().eligible += 1;
        }
    }
    for (site, journeys) in journeys(&directory, &records, question.follow, as_at) {
        let Some(site) = directory.find(site) else { continue };
        for place in places(site) {
            counts.entry(place).or_default().add(site, &journeys, question, as_at);
        }
    }
    counts
}

/// The ways that count for each site: its own or, where successors are followed, those of
/// whoever it followed too.
fn journeys(
    directory: &Directory,
    records: &crate::domain::records::Records,
    follow: Follow,
    as_at: NaiveDate,
) -> HashMap<OrganisationId, Vec<Arc<Participant>>> {
    let mut journeys: HashMap<OrganisationId, Vec<Arc<Participant>>> = HashMap::new();
    for participant in records.participants() {
        let Some(site) = directory.find(participant.organisation) else { continue };
        if site.kind() != Kind::Site {
            continue;
        }
        let whose = heir(directory, site, as_at, follow).id();
        journeys.entry(whose).or_default().push(participant.clone());
    }
    journeys
}

impl Counts {
    fn add(
        &mut self,
        site: &Organisation,
        journeys: &[Arc<Participant>],
        question: &FunnelQuestion,
        as_at: NaiveDate,
    ) {
        let so_far = |change: &&StageChange| change.on <= as_at;
        let changes = || journeys.iter().flat_map(|it| it.stages.iter().filter(so_far));
        let follows = question.follow == Follow::Successor;
        let carried = changes().filter(|change| change.carried && !follows);
        let taken_over = carried.filter_map(|change| change.stage.rank()).max();
        for (rank, _) in Stage::WAY.iter().enumerate() {
            let reached = |change: &&StageChange| change.stage.rank() >= Some(rank);
            let Some(first) = changes().filter(reached).map(|change| change.on).min() else {
                break;
            };
            if taken_over >= Some(rank) {
                continue;
            }
            self.ever[rank] += 1;
            self.since[rank] += u32::from(question.since.is_some_and(|since| first >= since));
        }
        let closed = site.lifetime().1.is_some_and(|closed| closed <= as_at);
        let here = journeys.iter().find(|it| it.organisation == site.id());
        if let Some(stage) = here.filter(|_| !closed).map(|it| it.stage_at(as_at)) {
            match (stage.rank(), stage) {
                (Some(rank), _) => self.now[rank] += 1,
                (None, Stage::Declined) => self.declined += 1,
                (None, Stage::Lapsed) => self.lapsed += 1,
                (None, _) => {}
            }
        }
        for journey in journeys {
            self.add_days(&journey.stages, as_at);
        }
    }

    fn add_days(&mut self, stages: &[StageChange], as_at: NaiveDate) {
        for step in stages.windows(2) {
            if let Some(rank) = step[0].stage.rank()
                && step[1].on <= as_at
            {
                self.days[rank].push((step[1].on - step[0].on).num_days() as f64);
            }
        }
    }
}

fn funnel(organisation: Arc<Organisation>, as_at: NaiveDate, counts: Counts) -> Funnel {
    let Counts { mut ever, since, now, days, eligible, declined, lapsed } = counts;
    for rank in (1..ever.len()).rev() {
        ever[rank - 1] = ever[rank - 1].max(ever[rank]);
    }
    let engaged: u32 = now.iter().sum::<u32>() + declined + lapsed;
    let steps = Stage::WAY.into_iter().zip(days).enumerate().map(|(rank, (stage, days))| {
        let before = rank.checked_sub(1).map(|before| ever[before]).filter(|count| *count > 0);
        FunnelStep {
            stage,
            ever_reached: ever[rank],
            reached_since: since[rank],
            now_at: now[rank],
            median_days: Peers::new(days).map(|days| days.quantile(0.5)),
            conversion: before.map(|before| f64::from(ever[rank]) / f64::from(before)),
        }
    });
    Funnel {
        organisation,
        as_at,
        steps: steps.collect(),
        not_engaged: eligible.saturating_sub(engaged),
        declined,
        lapsed,
    }
}
