//! The organisation directory: every organisation through all of its time, held in
//! memory as one immutable snapshot that a whole request reads.
//!
//! The directory is public and small (some tens of thousands of rows), so reading
//! it costs no query. Writes go to the database first and publish a new snapshot
//! after their commit; other instances notice by the change feed's position.

pub mod load;
pub mod organisation;
pub mod search;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use chrono::NaiveDate;
use entity::{
    membership,
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    succession,
};

use self::{organisation::Organisation, search::SearchIndex};
use crate::{
    auth::policy::{Facts, Permit, Reach},
    domain::{
        figures::census::{Census, Taken},
        timeline::within,
    },
    ids::OrganisationId,
};

/// Which organisation bore a code, and when.
type Bearer = (NaiveDate, Option<NaiveDate>, OrganisationId);

/// One state of the whole register.
#[derive(Default)]
pub struct Directory {
    /// The last change of the feed that this state contains.
    position: i64,
    organisations: HashMap<OrganisationId, Arc<Organisation>>,
    by_kind: HashMap<Kind, Vec<Arc<Organisation>>>,
    bearers: HashMap<(CodeScheme, Box<str>), Vec<Bearer>>,
    /// Those that were ever a direct member of the organisation.
    members: HashMap<OrganisationId, Vec<OrganisationId>>,
    /// Whose membership an id is.
    children: HashMap<i64, OrganisationId>,
    /// Those that were ever placed within the organisation, at any depth.
    placed: HashMap<OrganisationId, Vec<Arc<Organisation>>>,
    /// Made when it is first asked, so that no write waits for it.
    search: OnceLock<SearchIndex>,
    /// What places held at the end of months, as far as somebody has asked.
    censuses: Mutex<HashMap<Taken, Arc<Census>>>,
}

impl Directory {
    pub fn new(position: i64, organisations: HashMap<OrganisationId, Arc<Organisation>>) -> Self {
        let mut directory = Self { position, organisations, ..Self::default() };
        let mut sorted: Vec<_> = directory.organisations.values().cloned().collect();
        sorted.sort_unstable_by_key(|organisation| organisation.id());
        for organisation in &sorted {
            directory.index(organisation);
        }
        directory
    }

    fn index(&mut self, organisation: &Arc<Organisation>) {
        let id = organisation.id();
        self.by_kind.entry(organisation.kind()).or_default().push(organisation.clone());
        for code in &organisation.codes {
            let key = (code.scheme, Box::from(code.code.as_str()));
            self.bearers.entry(key).or_default().push((code.valid_from, code.valid_to, id));
        }
        self.children.extend(organisation.memberships.iter().map(|row| (row.id, id)));
        let mut parents: Vec<_> = organisation.memberships.iter().map(|m| m.parent_id).collect();
        parents.sort_unstable();
        parents.dedup();
        for parent in parents {
            self.members.entry(parent).or_default().push(id);
        }
        let mut places: Vec<_> = organisation
            .placements
            .iter()
            .flat_map(|p| [p.pcn_id, p.sub_icb_id, p.icb_id, p.region_id, p.training_hub_id])
            .flatten()
            .collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            self.placed.entry(place).or_default().push(organisation.clone());
        }
    }

    /// This state with some organisations put in place of their earlier selves, or taken out.
    pub fn with(
        &self,
        position: i64,
        changed: impl IntoIterator<Item = Arc<Organisation>>,
        removed: &[OrganisationId],
    ) -> Self {
        let mut organisations = self.organisations.clone();
        for id in removed {
            organisations.remove(id);
        }
        organisations.extend(changed.into_iter().map(|each| (each.id(), each)));
        Self::new(position, organisations)
    }

    pub fn position(&self) -> i64 {
        self.position
    }

    pub fn find(&self, id: OrganisationId) -> Option<&Arc<Organisation>> {
        self.organisations.get(&id)
    }

    pub fn all(&self) -> impl Iterator<Item = &Arc<Organisation>> {
        self.organisations.values()
    }

    pub fn of_kind(&self, kind: Kind) -> &[Arc<Organisation>] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Whoever was ever a direct member of `parent`.
    pub fn members(&self, parent: OrganisationId) -> &[OrganisationId] {
        self.members.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// Whoever was ever placed within `place`.
    pub fn placed(&self, place: OrganisationId) -> &[Arc<Organisation>] {
        self.placed.get(&place).map_or(&[], Vec::as_slice)
    }

    /// The membership of that id.
    pub fn membership(&self, id: i64) -> Option<&membership::Model> {
        let child = self.find(*self.children.get(&id)?)?;
        child.memberships.iter().find(|membership| membership.id == id)
    }

    /// The succession of that id; there are few enough to look through.
    pub fn succession(&self, id: i64) -> Option<&succession::Model> {
        self.organisations.values().flat_map(|each| &each.successors).find(|row| row.id == id)
    }

    /// The one organisation that bore the code on that day.
    pub fn bearer(
        &self,
        scheme: CodeScheme,
        code: &str,
        day: NaiveDate,
    ) -> Option<&Arc<Organisation>> {
        let bearers = self.bearers.get(&(scheme, Box::from(code)))?;
        let (_, _, id) = bearers.iter().find(|(from, to, _)| within(day, *from, *to))?;
        self.find(*id)
    }

    /// The organisation that bore the code last, if none bears it on that day: so that
    /// the code of a closed site still finds it.
    pub fn last_bearer(
        &self,
        scheme: CodeScheme,
        code: &str,
        day: NaiveDate,
    ) -> Option<&Arc<Organisation>> {
        self.bearer(scheme, code, day).or_else(|| {
            let bearers = self.bearers.get(&(scheme, Box::from(code)))?;
            let (_, _, id) = bearers.iter().max_by_key(|(from, _, _)| *from)?;
            self.find(*id)
        })
    }

    /// Whether anybody bears the code on that day or a later one.
    pub fn bears_from(&self, scheme: CodeScheme, code: &str, day: NaiveDate) -> bool {
        let bearers = self.bearers.get(&(scheme, Box::from(code)));
        bearers.is_some_and(|all| all.iter().any(|(_, to, _)| to.is_none_or(|to| to > day)))
    }

    /// A census of this state: one that was taken before, or a new one.
    pub(in crate::domain) fn census(
        &self,
        taken: Taken,
        take: impl FnOnce() -> Census,
    ) -> Arc<Census> {
        const KEPT: usize = 400;
        let kept = || self.censuses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(census) = kept().get(&taken) {
            return census.clone();
        }
        let census = Arc::new(take());
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(taken, census.clone());
        census
    }

    pub fn search_index(&self) -> &SearchIndex {
        self.search.get_or_init(|| {
            let all: Vec<_> = self.organisations.values().cloned().collect();
            SearchIndex::new(&all)
        })
    }

    /// Whether the organisation lies within the reach on that day.
    pub fn covers(&self, reach: &Reach, organisation: &Organisation, day: NaiveDate) -> bool {
        let id = organisation.id();
        let place = || organisation.placement_at(day);
        match *reach {
            // These are about records, not organisations.
            Reach::Nowhere | Reach::Provider(_) | Reach::Assigned | Reach::Itself => false,
            Reach::Everywhere => true,
            Reach::Site(site) => id == site,
            Reach::TrainingHub(hub) => {
                id == hub
                    || organisation.kind() == Kind::Site
                        && place().is_some_and(|place| place.training_hub_id == Some(hub))
            }
            Reach::Area(area) => {
                id == area
                    || place().is_some_and(|place| {
                        [place.icb_id, place.sub_icb_id, place.pcn_id].contains(&Some(area))
                    })
            }
            Reach::Granted(ref parts) => {
                parts.iter().any(|part| self.covers(part, organisation, day))
            }
            Reach::Region(region) => {
                id == region || place().is_some_and(|place| place.region_id == Some(region))
            }
        }
    }

    /// Whether a site that lies where the organisation lies would be within the reach.
    pub fn holds(
        &self,
        reach: &Reach,
        organisation: &Organisation,
        day: NaiveDate,
    ) -> Result<(), &'static str> {
        let trained = |hub| organisation.id() == hub || organisation.placed_within(hub, day);
        let within = match reach {
            Reach::TrainingHub(hub) => trained(*hub),
            Reach::Granted(parts) => {
                parts.iter().any(|part| self.holds(part, organisation, day).is_ok())
            }
            Reach::Nowhere
            | Reach::Site(_)
            | Reach::Area(_)
            | Reach::Region(_)
            | Reach::Provider(_)
            | Reach::Assigned
            | Reach::Itself
            | Reach::Everywhere => self.covers(reach, organisation, day),
        };
        if within { Ok(()) } else { Err("it lies outside your organisation's reach") }
    }

    /// Whether a permit extends to the organisation; if not, the sentence that says why.
    pub fn allows(
        &self,
        permit: &Permit,
        organisation: &Organisation,
        day: NaiveDate,
    ) -> Result<(), &'static str> {
        if !self.covers(&permit.reach(), organisation, day) {
            return Err("it lies outside your organisation's reach");
        }
        if permit.facts() == Facts::Manual && organisation.kind() != Kind::Site {
            return Err("only sites are your organisation's to change");
        }
        match (permit.facts(), organisation.row.source) {
            (Facts::All, _) | (Facts::Manual, Source::Manual | Source::Demonstration) => Ok(()),
            (Facts::Manual, Source::Ods | Source::Reference) => Err(
                "its facts come from the NHS register: ask the programme team, or wait for the next edition",
            ),
        }
    }
}
