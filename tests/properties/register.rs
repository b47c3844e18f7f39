//! The register as its rows tell it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{
    lead_appointment, membership,
    membership::Scheme,
    organisation,
    organisation::Kind,
    organisation_code,
    organisation_fact::{self, Fact},
    placement,
};
use sea_orm::{DatabaseConnection, EntityTrait};

pub(super) type Id = i64;

pub(super) struct Register {
    pub organisations: BTreeMap<Id, organisation::Model>,
    pub memberships: Vec<membership::Model>,
    pub placements: Vec<placement::Model>,
    pub codes: Vec<organisation_code::Model>,
    pub leads: Vec<lead_appointment::Model>,
    statuses: BTreeMap<Id, Vec<(NaiveDate, String)>>,
}

impl Register {
    pub(super) async fn read(database: &DatabaseConnection) -> Self {
        let organisations = organisation::Entity::find().all(database).await.unwrap();
        let facts = organisation_fact::Entity::find().all(database).await.unwrap();
        let mut statuses: BTreeMap<Id, Vec<_>> = BTreeMap::new();
        for fact in facts.into_iter().filter(|fact| fact.fact == Fact::Status) {
            statuses.entry(fact.organisation_id).or_default().push((fact.valid_from, fact.value));
        }
        statuses.values_mut().for_each(|all| all.sort());
        Self {
            organisations: organisations.into_iter().map(|each| (each.id, each)).collect(),
            memberships: membership::Entity::find().all(database).await.unwrap(),
            placements: placement::Entity::find().all(database).await.unwrap(),
            codes: organisation_code::Entity::find().all(database).await.unwrap(),
            leads: lead_appointment::Entity::find().all(database).await.unwrap(),
            statuses,
        }
    }

    pub(super) fn kind(&self, id: Id) -> Kind {
        self.organisations[&id].kind
    }

    /// From its first known day to the day from which it is closed.
    pub(super) fn lifetime(&self, id: Id) -> (NaiveDate, Option<NaiveDate>) {
        let all = &self.statuses[&id];
        let last = all.last().filter(|(_, status)| status == "CLOSED");
        (all[0].0, last.map(|(from, _)| *from))
    }

    pub(super) fn lives(&self, id: Id, day: NaiveDate) -> bool {
        let (opened, closed) = self.lifetime(id);
        opened <= day && closed.is_none_or(|closed| day < closed)
    }

    /// Its parent of a level on a day, by the rows of memberships alone.
    pub(super) fn parent(&self, id: Id, scheme: Scheme, level: Kind, day: NaiveDate) -> Option<Id> {
        let held = self.memberships.iter().find(|row| {
            (row.child_id, row.scheme, row.level) == (id, scheme, level)
                && row.valid_from <= day
                && row.valid_to.is_none_or(|to| day < to)
        });
        held.map(|row| row.parent_id)
    }
}
