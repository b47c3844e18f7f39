//! Sums worked out once more, from the rows of observations and placements alone, by code
//! that shares nothing with the program's.

use std::collections::BTreeMap;

use entity::{metric_version, observation, organisation::Kind, placement};
use sea_orm::EntityTrait;

use super::{
    figures::{METRICS, counted, last_day, month},
    register::Register,
};
use crate::harness::{World, now};

/// What a number of observations come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub reported: i32,
    pub not_applicable: i32,
    pub value: i64,
}

/// A place's sum of what is within it, and what it said of itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    within: Sum,
    own: Sum,
}

impl Sum {
    pub(super) fn add(&mut self, other: Self) {
        self.reported += other.reported;
        self.not_applicable += other.not_applicable;
        self.value += other.value;
    }
}

impl Sums {
    pub(super) fn of(within: Sum) -> Self {
        Self { within, own: Sum::default() }
    }

    pub(super) fn within(self) -> Sum {
        self.within
    }

    /// What the place itself said stands where nothing was said within it.
    pub(super) fn shown(self) -> Option<i64> {
        let nothing = self.within.reported == 0 && self.within.not_applicable == 0;
        let sum = if nothing { self.own } else { self.within };
        (sum.reported > 0).then_some(sum.value)
    }
}

pub(super) struct Model {
    register: Register,
    /// By metric: what holds of each organisation and month.
    said: BTreeMap<&'static str, BTreeMap<(i64, u32), observation::Model>>,
}

impl Model {
    pub(super) async fn read(world: &World) -> Self {
        let register = Register::read(&world.raw).await;
        let versions = metric_version::Entity::find().all(&world.raw).await.unwrap();
        let rows = observation::Entity::find().all(&world.raw).await.unwrap();
        let mut said: BTreeMap<_, BTreeMap<(i64, u32), observation::Model>> = BTreeMap::new();
        for metric in METRICS {
            let series = versions.iter().find(|row| row.code == metric).unwrap().series_id;
            let of = said.entry(metric).or_default();
            for number in 0..18 {
                let stored = month(number).parse::<api::ids::Month>().unwrap().stored();
                for row in rows.iter().filter(|row| (row.series_id, row.month) == (series, stored))
                {
                    let key = (row.organisation_id, number);
                    if of.get(&key).is_none_or(|known| known.revision < row.revision) {
                        of.insert(key, row.clone());
                    }
                }
            }
        }
        Self { register, said }
    }

    fn level(metric: &str) -> Kind {
        if metric.starts_with("gpa.") { Kind::Pcn } else { Kind::Site }
    }

    /// Where an organisation sat: at the end of a month, or today.
    pub(super) fn place(&self, id: i64, number: u32, at_period: bool) -> Option<&placement::Model> {
        let day = if at_period { last_day(number) } else { now().date_naive() };
        let mut all: Vec<_> =
            self.register.placements.iter().filter(|row| row.organisation_id == id).collect();
        all.sort_by_key(|row| row.valid_from);
        let begun = all.iter().rfind(|row| row.valid_from <= day);
        begun.or(all.first()).copied()
    }

    pub(super) fn sums(&self, metric: &str, at_period: bool) -> BTreeMap<(i64, u32), Sums> {
        let mut sums: BTreeMap<(i64, u32), Sums> = BTreeMap::new();
        for ((id, number), row) in &self.said[metric] {
            if self.register.kind(*id) != Self::level(metric) {
                sums.entry((*id, *number)).or_default().own.add(counted(row));
                continue;
            }
            let Some(at) = self.place(*id, *number, at_period) else { continue };
            let above = [at.pcn_id, at.sub_icb_id, at.icb_id, at.region_id, at.training_hub_id];
            for place in above.into_iter().flatten() {
                sums.entry((place, *number)).or_default().within.add(counted(row));
            }
        }
        sums
    }

    /// What those organisations of the metric's own level that are `meant` said of a month.
    pub(super) fn all(&self, metric: &str, number: u32, meant: impl Fn(i64) -> bool) -> Sum {
        let mut whole = Sum::default();
        for ((id, of), row) in &self.said[metric] {
            if *of == number && self.register.kind(*id) == Self::level(metric) && meant(*id) {
                whole.add(counted(row));
            }
        }
        whole
    }
}
