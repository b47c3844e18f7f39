//! Finding organisations: by id, by code, by a part of the name, or in lists.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use chrono::NaiveDate;
use entity::{
    organisation::Kind,
    organisation_code::CodeScheme,
    organisation_fact::{Status, Tier},
};

use super::{
    directory::{Directory, organisation::Organisation, search::Match},
    error::Failure,
    page::{self, By, Direction, Key, Page, PageRequest},
    records::{Records, stages::Stage},
    viewer::Viewer,
};
use crate::{
    auth::{action::Action, policy::Reach},
    ids::{OdsCode, OnsCode, OrganisationId, Slug},
};

/// One way to name an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganisationBy {
    Id(OrganisationId),
    OdsCode(OdsCode),
    OnsCode(OnsCode),
    Slug(Slug),
}

impl std::fmt::Display for OrganisationBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(_) => f.write_str("of that id"),
            Self::OdsCode(code) => write!(f, "{code}"),
            Self::OnsCode(code) => write!(f, "{code}"),
            Self::Slug(slug) => write!(f, "{slug}"),
        }
    }
}

/// What a person calls an organisation of that kind.
pub fn in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Programme => "the programme",
        Kind::Region => "a region",
        Kind::Icb => "an ICB",
        Kind::SubIcb => "a sub-ICB location",
        Kind::Pcn => "a PCN",
        Kind::TrainingHub => "a training hub",
        Kind::Site => "a site",
        Kind::Provider => "a provider",
    }
}

/// The name of the type that shows a kind: the first half of its ids.
pub fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Programme => "Programme",
        Kind::Region => "Region",
        Kind::Icb => "Icb",
        Kind::SubIcb => "SubIcb",
        Kind::Pcn => "Pcn",
        Kind::TrainingHub => "TrainingHub",
        Kind::Site => "Site",
        Kind::Provider => "Provider",
    }
}

/// Which organisations a list shows; what is None does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct OrganisationFilter {
    pub kinds: Option<BTreeSet<Kind>>,
    /// Organisations that it must lie within, each of them.
    pub within: Vec<OrganisationBy>,
    pub status: Option<Vec<Status>>,
    pub tier: Option<Vec<Tier>>,
    pub eligible: Option<bool>,
    /// Stages of adoption, of sites whose stage the viewer may know.
    pub stages: Option<Vec<Stage>>,
    pub list_size_from: Option<i32>,
    pub list_size_to: Option<i32>,
    /// A part of the name, in any case.
    pub name: Option<String>,
}

/// What a list of organisations is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationOrder {
    Name,
    OdsCode,
    OpenedOn,
    ListSize,
}

/// The organisation so named, if it is there and the viewer may see it. A code means
/// whoever bore it on that day or, if nobody did, whoever bore it last.
pub fn find(viewer: &Viewer, by: &OrganisationBy, day: NaiveDate) -> Option<Arc<Organisation>> {
    let directory = viewer.directory();
    let found = resolve(&directory, by, day)?;
    directory
        .covers(&viewer.reach(Action::ReadDirectory), found, viewer.today())
        .then(|| found.clone())
}

pub(super) fn resolve<'a>(
    directory: &'a Directory,
    by: &OrganisationBy,
    day: NaiveDate,
) -> Option<&'a Arc<Organisation>> {
    match by {
        OrganisationBy::Id(id) => directory.find(*id),
        OrganisationBy::OdsCode(code) => directory.last_bearer(CodeScheme::Ods, code.as_str(), day),
        OrganisationBy::OnsCode(code) => directory.last_bearer(CodeScheme::Ons, code.as_str(), day),
        OrganisationBy::Slug(slug) => directory.last_bearer(CodeScheme::Slug, slug.as_str(), day),
    }
}

/// One page of the organisations that pass the filter, as they were on that day.
pub fn list(
    viewer: &Viewer,
    filter: &OrganisationFilter,
    order: (OrganisationOrder, Direction),
    day: NaiveDate,
    request: &PageRequest,
) -> Result<Page<Arc<Organisation>>, Failure> {
    let window = request.window()?;
    let directory = viewer.directory();
    let Some(chosen) = Chosen::new(&directory, viewer, filter, day) else {
        return Ok(Page::empty());
    };
    let (by, direction) = order;
    let keyed = chosen.iter().map(|each| (key(each, by, day), each.clone()));
    Ok(page::page(keyed, direction, &window))
}

/// How many organisations pass the filter on that day.
pub fn count(viewer: &Viewer, filter: &OrganisationFilter, day: NaiveDate) -> usize {
    let directory = viewer.directory();
    Chosen::new(&directory, viewer, filter, day).map_or(0, |chosen| chosen.iter().count())
}

/// The best answers to a part of a name, a code or a postcode; 1 to 50 of them.
pub fn search(
    viewer: &Viewer,
    text: &str,
    kinds: &[Kind],
    first: usize,
) -> Vec<(Match, Arc<Organisation>)> {
    let directory = viewer.directory();
    let reach = viewer.reach(Action::ReadDirectory);
    let mut found = directory.search_index().search(text, kinds, first);
    found.retain(|(_, each)| directory.covers(&reach, each, viewer.today()));
    found
}

fn key(organisation: &Organisation, by: OrganisationOrder, day: NaiveDate) -> Key<'_> {
    let by = match by {
        OrganisationOrder::Name => By::Text(Cow::Borrowed(organisation.name_at(day))),
        OrganisationOrder::OdsCode => organisation
            .last_code_at(CodeScheme::Ods, day)
            .map_or(By::Nothing, |code| By::Text(Cow::Borrowed(code))),
        OrganisationOrder::OpenedOn => {
            By::Number(i64::from(chrono::Datelike::num_days_from_ce(&organisation.row.opened_on)))
        }
        OrganisationOrder::ListSize => organisation
            .list_size_at(day)
            .map_or(By::Nothing, |(_, patients)| By::Number(i64::from(patients))),
    };
    Key { by, id: organisation.id() }
}

/// The organisations that a filter lets through, before they are put in order.
struct Chosen<'a> {
    directory: &'a Directory,
    filter: &'a OrganisationFilter,
    reach: Reach,
    within: Vec<OrganisationId>,
    name: Option<String>,
    records: Arc<Records>,
    /// How far the stage of a named site may be known.
    stages: Reach,
    day: NaiveDate,
    today: NaiveDate,
}

impl<'a> Chosen<'a> {
    /// None if the filter names an organisation that is not there: nothing lies within it.
    fn new(
        directory: &'a Directory,
        viewer: &Viewer,
        filter: &'a OrganisationFilter,
        day: NaiveDate,
    ) -> Option<Self> {
        let ids = filter.within.iter().map(|by| resolve(directory, by, day).map(|each| each.id()));
        let reach = viewer.reach(Action::ReadDirectory);
        let name = filter.name.as_ref().map(|name| name.to_uppercase());
        let within = ids.collect::<Option<_>>()?;
        let (records, stages) = (viewer.records(), viewer.reach(Action::ReadParticipation));
        let today = viewer.today();
        Some(Self { directory, filter, reach, within, name, records, stages, day, today })
    }

    /// Starts from the smallest set that the directory's indexes offer.
    fn iter(&self) -> Box<dyn Iterator<Item = &'a Arc<Organisation>> + '_> {
        let smallest = self.within.iter().map(|id| self.directory.placed(*id));
        if let Some(placed) = smallest.min_by_key(|placed| placed.len()) {
            return Box::new(placed.iter().filter(|each| self.passes(each)));
        }
        match &self.filter.kinds {
            Some(kinds) => {
                let all = kinds.iter().flat_map(|kind| self.directory.of_kind(*kind));
                Box::new(all.filter(|each| self.passes(each)))
            }
            None => Box::new(self.directory.all().filter(|each| self.passes(each))),
        }
    }

    fn passes(&self, organisation: &Organisation) -> bool {
        let (filter, day) = (self.filter, self.day);
        let among = |kinds: &BTreeSet<Kind>| kinds.contains(&organisation.kind());
        filter.kinds.as_ref().is_none_or(among)
            && self.within.iter().all(|id| organisation.placed_within(*id, day))
            && filter.status.as_ref().is_none_or(|statuses| {
                organisation.status_at(day).is_some_and(|status| statuses.contains(&status))
            })
            && filter.tier.as_ref().is_none_or(|tiers| {
                organisation.tier.at(day).is_some_and(|tier| tiers.contains(tier))
            })
            && filter.eligible.is_none_or(|wanted| organisation.eligible_at(day) == wanted)
            && self.listed(organisation)
            && self.staged(organisation)
            && self
                .name
                .as_ref()
                .is_none_or(|part| organisation.name_at(day).to_uppercase().contains(part.as_str()))
            && organisation.lifetime().0 <= day
            && self.directory.covers(&self.reach, organisation, self.today)
    }

    fn staged(&self, organisation: &Organisation) -> bool {
        let Some(stages) = &self.filter.stages else { return true };
        let participant = self.records.participant(organisation.id());
        let stage = participant.map_or(Stage::NotEngaged, |it| it.stage_at(self.day));
        stages.contains(&stage) && self.directory.covers(&self.stages, organisation, self.today)
    }

    fn listed(&self, organisation: &Organisation) -> bool {
        let (from, to) = (self.filter.list_size_from, self.filter.list_size_to);
        if from.is_none() && to.is_none() {
            return true;
        }
        organisation.list_size_at(self.day).is_some_and(|(_, patients)| {
            from.is_none_or(|from| patients >= from) && to.is_none_or(|to| patients <= to)
        })
    }
}

/// All organisations of one kind that were there and not closed on that day, by name;
/// for kinds of which there are few.
pub fn all(
    viewer: &Viewer,
    kind: Kind,
    within: Option<OrganisationBy>,
    day: NaiveDate,
) -> Vec<Arc<Organisation>> {
    let filter = OrganisationFilter {
        kinds: Some(BTreeSet::from([kind])),
        within: within.into_iter().collect(),
        status: Some(vec![Status::Proposed, Status::Active, Status::Dormant]),
        ..OrganisationFilter::default()
    };
    let directory = viewer.directory();
    let Some(chosen) = Chosen::new(&directory, viewer, &filter, day) else { return Vec::new() };
    let mut found: Vec<_> = chosen.iter().cloned().collect();
    found.sort_by(|one, other| (one.name_at(day), one.id()).cmp(&(other.name_at(day), other.id())));
    found
}

/// The ODS code of some active site, for a token that shows what a site team sees.
pub fn an_active_site(viewer: &Viewer) -> Option<OdsCode> {
    let directory = viewer.directory();
    let sites = directory.of_kind(Kind::Site).iter();
    let mut active = sites.filter(|site| site.eligible_at(viewer.today()));
    active.find_map(|site| site.code_at(CodeScheme::Ods, viewer.today())?.parse().ok())
}
