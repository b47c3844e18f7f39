//! Who may see a record, told from the record's side: the same rule as
//! [`Within`](super::reach::Within), which decides from the viewer's. With both, the feed
//! can say whom a change took a record away from.

use std::{
    cell::OnceCell,
    collections::{BTreeSet, HashMap},
};

use chrono::NaiveDate;
use entity::{change::NodeType, organisation::Kind};
use serde::{Deserialize, Serialize};

use super::{Enrolment, Records, load::Node};
use crate::{
    auth::{actor::Actor, policy::Reach},
    domain::{directory::Directory, timeline::within},
    ids::OrganisationId,
};

/// Somebody whose reach can hold a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::domain) enum Party {
    /// Whoever acts for an organisation, with the reach of its kind.
    Organisation(OrganisationId),
    /// A person whom enrolments are assigned to.
    Person { issuer: String, subject: String },
}

pub(in crate::domain) type Parties = BTreeSet<Party>;

/// Whose a reach is; nobody's where it is everybody's or nobody's.
pub(in crate::domain) fn of_reach(reach: &Reach, actor: &Actor) -> Parties {
    match (reach, actor) {
        (
            Reach::Site(id)
            | Reach::TrainingHub(id)
            | Reach::Area(id)
            | Reach::Region(id)
            | Reach::Provider(id),
            _,
        ) => Parties::from([Party::Organisation(*id)]),
        (Reach::Assigned, Actor::Holder(holder)) => Parties::from([Party::Person {
            issuer: holder.issuer.clone(),
            subject: holder.subject.clone(),
        }]),
        (Reach::Granted(parts), _) => parts.iter().flat_map(|part| of_reach(part, actor)).collect(),
        (Reach::Assigned, Actor::Public)
        | (Reach::Nowhere | Reach::Everywhere | Reach::Itself, _) => Parties::new(),
    }
}

/// A register, records and a day on which both are looked at.
pub(in crate::domain) struct Sight<'a> {
    pub directory: &'a Directory,
    pub records: &'a Records,
    pub day: NaiveDate,
    /// The sites that each training hub trains on the day, once somebody asks.
    trained: OnceCell<HashMap<OrganisationId, Vec<OrganisationId>>>,
}

impl<'a> Sight<'a> {
    pub(in crate::domain) fn new(
        directory: &'a Directory,
        records: &'a Records,
        day: NaiveDate,
    ) -> Self {
        Self { directory, records, day, trained: OnceCell::new() }
    }

    fn trained_by(&self, hub: OrganisationId) -> &[OrganisationId] {
        let trained = self.trained.get_or_init(|| {
            let mut trained: HashMap<_, Vec<_>> = HashMap::new();
            for site in self.directory.of_kind(Kind::Site) {
                let place = site.placement_at(self.day);
                if let Some(hub) = place.and_then(|place| place.training_hub_id) {
                    trained.entry(hub).or_default().push(site.id());
                }
            }
            trained
        });
        trained.get(&hub).map_or(&[], Vec::as_slice)
    }

    /// Whoever may see a record on the day; nobody where there is none.
    pub(in crate::domain) fn of(&self, (kind, id): Node) -> Parties {
        let mut parties = Parties::new();
        match kind {
            NodeType::Participation => self.add_organisation(id, &mut parties),
            NodeType::Cohort => self.add_cohort(id, &mut parties),
            NodeType::Enrolment => {
                if let Some(enrolment) = self.records.enrolment(id) {
                    self.add_enrolment(enrolment, &mut parties);
                }
            }
            NodeType::Learner => {
                let holder = self.records.holder(id).map(|holder| holder.row.id);
                for enrolment in holder.into_iter().flat_map(|id| self.records.of_learner(id)) {
                    self.add_enrolment(enrolment, &mut parties);
                }
            }
            NodeType::Post => {
                let places = self.records.post(id).map(|post| post.organisations());
                for place in places.into_iter().flatten() {
                    self.add_organisation(place, &mut parties);
                }
            }
        }
        parties
    }

    /// In whose history a record is told of.
    pub(in crate::domain) fn organisation(&self, (kind, id): Node) -> Option<OrganisationId> {
        match kind {
            NodeType::Participation => Some(id),
            NodeType::Cohort => self.records.cohort(id).map(|row| row.training_hub_id),
            NodeType::Enrolment => self.records.enrolment(id).map(|it| it.row.site_id),
            NodeType::Learner => {
                let holder = self.records.holder(id)?;
                self.records.of_learner(holder.row.id).last().map(|it| it.row.site_id)
            }
            NodeType::Post => self.records.post(id).map(|post| post.row.employer_id),
        }
    }

    fn add_organisation(&self, id: OrganisationId, to: &mut Parties) {
        let mut add = |id| to.insert(Party::Organisation(id));
        add(id);
        let Some(organisation) = self.directory.find(id) else { return };
        let Some(place) = organisation.placement_at(self.day) else { return };
        let trains = place.training_hub_id.filter(|_| organisation.kind() == Kind::Site);
        let above = [place.region_id, place.icb_id, place.sub_icb_id, place.pcn_id, trains];
        for id in above.into_iter().flatten() {
            add(id);
        }
    }

    fn add_cohort(&self, id: i64, to: &mut Parties) {
        let Some(cohort) = self.records.cohort(id) else { return };
        self.add_organisation(cohort.training_hub_id, to);
        let trained = self.trained_by(cohort.training_hub_id).iter();
        to.extend(trained.chain(&cohort.provider_id).map(|id| Party::Organisation(*id)));
        for enrolment in self.records.of_cohort(id) {
            self.add_enrolment(enrolment, to);
        }
    }

    fn add_enrolment(&self, enrolment: &Enrolment, to: &mut Parties) {
        self.add_organisation(enrolment.row.site_id, to);
        if let Some(cohort) = self.records.cohort(enrolment.row.cohort_id) {
            let hub = cohort.training_hub_id;
            let region = self.directory.find(hub).and_then(|hub| hub.placement_at(self.day));
            let region = region.and_then(|place| place.region_id);
            let whose = [Some(hub), region, cohort.provider_id].into_iter().flatten();
            to.extend(whose.map(Party::Organisation));
        }
        let mentors = enrolment.mentors.iter();
        let now = mentors.filter(|row| within(self.day, row.valid_from, row.valid_to));
        to.extend(
            now.map(|row| Party::Person {
                issuer: row.issuer.clone(),
                subject: row.subject.clone(),
            }),
        );
    }
}
