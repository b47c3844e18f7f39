//! The rows of the invented part of the directory, gathered and then written at once.

use chrono::{Days, NaiveDate};
use entity::{
    list_size,
    membership::{self, Scheme},
    organisation::{self, Kind, Source},
    organisation_code::{self, CodeScheme},
    organisation_fact::{self, Fact},
    placement, row_id,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseConnection, EntityTrait,
    IntoActiveModel, TransactionTrait,
};

use super::{KNOWN_FROM, day, names};

const RENAMED: NaiveDate = day(2024, 1, 15);
const MOVED: NaiveDate = day(2024, 6, 1);
const CLOSED: NaiveDate = day(2024, 10, 1);
const COUNTED: [NaiveDate; 4] =
    [day(2024, 1, 1), day(2024, 7, 1), day(2025, 1, 1), day(2025, 7, 1)];

/// Rows in one statement: fewer than 32,766 values, which is what SQLite takes.
const TOGETHER: usize = 3_000;

/// Whether the site of that number closes.
pub(super) fn closes(number: usize) -> bool {
    number % 25 == 2
}

#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    pub pcn: Option<i64>,
    pub sub_icb: Option<i64>,
    pub icb: Option<i64>,
    pub region: Option<i64>,
    pub training_hub: Option<i64>,
}

pub(super) struct Rows {
    next: i64,
    /// Which ICB was given which hub.
    pub covered: Vec<(i64, i64)>,
    organisations: Vec<organisation::Model>,
    codes: Vec<organisation_code::Model>,
    facts: Vec<organisation_fact::Model>,
    memberships: Vec<membership::Model>,
    placements: Vec<placement::Model>,
    list_sizes: Vec<list_size::Model>,
}

impl Rows {
    pub(super) fn new(next: i64) -> Self {
        Self {
            next,
            covered: Vec::new(),
            organisations: Vec::new(),
            codes: Vec::new(),
            facts: Vec::new(),
            memberships: Vec::new(),
            placements: Vec::new(),
            list_sizes: Vec::new(),
        }
    }

    fn id(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }

    pub(super) fn organisation(&mut self, kind: Kind, opened_on: NaiveDate) -> i64 {
        let id = self.id();
        let source = Source::Ods;
        let row = organisation::Model { id, kind, source, opened_on, closed_on: None, version: 1 };
        self.organisations.push(row);
        id
    }

    pub(super) fn code(&mut self, id: i64, scheme: CodeScheme, code: String, from: NaiveDate) {
        let (valid_from, valid_to) = (from, None);
        let row =
            organisation_code::Model { scheme, code, valid_from, valid_to, organisation_id: id };
        self.codes.push(row);
    }

    pub(super) fn fact(&mut self, id: i64, fact: Fact, from: NaiveDate, value: String) {
        let row = organisation_fact::Model { organisation_id: id, fact, valid_from: from, value };
        self.facts.push(row);
    }

    pub(super) fn belongs(
        &mut self,
        child_id: i64,
        parent_id: i64,
        (scheme, level): (Scheme, Kind),
        valid_from: NaiveDate,
        valid_to: Option<NaiveDate>,
    ) {
        let (id, source) = (self.id(), Source::Ods);
        self.memberships.push(membership::Model {
            id,
            child_id,
            parent_id,
            scheme,
            level,
            valid_from,
            valid_to,
            source,
        });
    }

    pub(super) fn placed(
        &mut self,
        id: i64,
        place: Place,
        valid_from: NaiveDate,
        valid_to: Option<NaiveDate>,
    ) {
        self.placements.push(placement::Model {
            organisation_id: id,
            valid_from,
            valid_to,
            pcn_id: place.pcn,
            sub_icb_id: place.sub_icb,
            icb_id: place.icb,
            region_id: place.region,
            training_hub_id: place.training_hub,
        });
    }

    /// A practice: a few move to another network, change their name, or close.
    pub(super) fn site(&mut self, number: usize, networks: &[Place], hubs: &[i64]) {
        let opened = day(1974, 4, 1) + Days::new(number as u64);
        let site = self.organisation(Kind::Site, opened);
        let letter = char::from(b'A' + (number % 14) as u8);
        self.code(site, CodeScheme::Ods, format!("{letter}{}", 80_000 + number), KNOWN_FROM);
        self.fact(site, Fact::Name, KNOWN_FROM, names::site(number));
        self.fact(site, Fact::Status, KNOWN_FROM, "ACTIVE".to_owned());
        self.fact(site, Fact::PrescribingSetting, KNOWN_FROM, "4".to_owned());
        self.fact(site, Fact::Postcode, KNOWN_FROM, names::postcode(number));
        if number % 15 == 1 {
            self.fact(site, Fact::Name, RENAMED, names::site(number + 6_500));
        }
        let closed = closes(number).then_some(CLOSED);
        if let (Some(closed), Some(row)) = (closed, self.organisations.last_mut()) {
            row.closed_on = Some(closed);
            self.fact(site, Fact::Status, closed, "CLOSED".to_owned());
        }
        let moved = (number % 20 == 3).then_some(MOVED);
        let chosen = hubs.get(number % 60).copied();
        self.sits(site, networks[number % networks.len()], chosen, KNOWN_FROM, moved.or(closed));
        if let Some(moved) = moved {
            let to = networks[(number + 1) % networks.len()];
            self.sits(site, to, chosen, moved, closed);
        }
        for (count, counted_on) in (0..).zip(COUNTED) {
            let patients = 1_500 + (number as i32 * 7_919 + count * 613) % 14_000;
            let row = list_size::Model { organisation_id: site, counted_on, patients };
            self.list_sizes.push(row);
        }
    }

    fn sits(
        &mut self,
        site: i64,
        network: Place,
        chosen: Option<i64>,
        from: NaiveDate,
        to: Option<NaiveDate>,
    ) {
        let parents = [
            (network.pcn, Scheme::Commissioning, Kind::Pcn),
            (network.sub_icb, Scheme::Commissioning, Kind::SubIcb),
            (chosen, Scheme::Training, Kind::TrainingHub),
        ];
        for (parent, scheme, level) in parents {
            if let Some(parent) = parent {
                self.belongs(site, parent, (scheme, level), from, to);
            }
        }
        let training_hub = chosen.or(network.training_hub);
        self.placed(site, Place { training_hub, ..network }, from, to);
    }

    pub(super) async fn write(&self, connection: &DatabaseConnection) -> anyhow::Result<()> {
        let transaction = connection.begin().await?;
        insert(&transaction, &self.organisations).await?;
        insert(&transaction, &self.codes).await?;
        insert(&transaction, &self.facts).await?;
        insert(&transaction, &self.memberships).await?;
        insert(&transaction, &self.placements).await?;
        insert(&transaction, &self.list_sizes).await?;
        let next = row_id::ActiveModel {
            name: Set("register".to_owned()),
            next: Set(self.next),
            ..Default::default()
        };
        next.update(&transaction).await?;
        Ok(transaction.commit().await?)
    }
}

async fn insert<M>(connection: &impl ConnectionTrait, rows: &[M]) -> anyhow::Result<()>
where
    M: Clone + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + sea_orm::ModelTrait,
    <M::Entity as EntityTrait>::ActiveModel: Send,
{
    for some in rows.chunks(TOGETHER) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        M::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    Ok(())
}
