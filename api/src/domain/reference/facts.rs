//! Reading the facts that are shipped with the program, each file with its sources.

use chrono::NaiveDate;
use entity::{organisation::Kind, organisation_fact::Tier};
use sea_orm::{ActiveEnum, DbErr};
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error};
use sha2::{Digest, Sha256};

const AREAS: &str = include_str!("areas.csv");
const PROGRAMME: &str = include_str!("programme.csv");
const TRAINING_HUBS: &str = include_str!("training_hubs.csv");

/// A region, an ICB or a sub-ICB location.
#[derive(Debug, Deserialize)]
pub(super) struct Area {
    #[serde(deserialize_with = "spelling")]
    pub kind: Kind,
    pub ods: String,
    pub ons: String,
    pub name: String,
    pub opened_on: NaiveDate,
    /// The ODS code of the area that it lies in; none for a region.
    pub parent: Option<String>,
}

/// The programme body under one of its names.
#[derive(Debug, Deserialize)]
pub(super) struct Owner {
    pub slug: String,
    pub ods: Option<String>,
    pub name: String,
    pub from: NaiveDate,
}

/// A training hub whose part in the programme is publicly known.
#[derive(Debug, Deserialize)]
pub(super) struct Hub {
    pub slug: String,
    pub name: String,
    #[serde(deserialize_with = "spelling")]
    pub tier: Tier,
    pub region: String,
    pub opened_on: NaiveDate,
    /// The ODS codes of the ICBs that it serves, apart by spaces.
    pub covers: String,
    pub covers_from: Option<NaiveDate>,
    pub leads_from: Option<NaiveDate>,
}

pub(super) struct Facts {
    /// Parents stand before their members.
    pub areas: Vec<Area>,
    /// One row for each name, in the order of time.
    pub programme: Vec<Owner>,
    pub training_hubs: Vec<Hub>,
}

impl Facts {
    /// A row that cannot be read is a fault of ours, said with its file and line.
    pub(super) fn read() -> Result<Self, DbErr> {
        Ok(Self {
            areas: rows("areas.csv", AREAS)?,
            programme: rows("programme.csv", PROGRAMME)?,
            training_hubs: rows("training_hubs.csv", TRAINING_HUBS)?,
        })
    }

    pub(super) fn rows(&self) -> usize {
        self.areas.len() + self.programme.len() + self.training_hubs.len()
    }
}

/// What tells this edition of the facts from every other.
pub(super) fn sha256() -> String {
    let all = [AREAS, PROGRAMME, TRAINING_HUBS].concat();
    Sha256::digest(all).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn rows<T: DeserializeOwned>(file: &str, content: &str) -> Result<Vec<T>, DbErr> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(content.as_bytes());
    let rows: Result<Vec<T>, csv::Error> = reader.deserialize().collect();
    rows.map_err(|error| DbErr::Custom(format!("{file}: {error}")))
}

/// The value of that spelling, as the database spells it.
pub(in crate::domain) fn spelling<'de, D: Deserializer<'de>, T: ActiveEnum<Value = String>>(
    text: D,
) -> Result<T, D::Error> {
    T::try_from_value(&String::deserialize(text)?).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{OdsCode, OnsCode, Slug};

    #[test]
    fn every_code_is_spelt_as_codes_are() {
        let facts = Facts::read().unwrap();
        for area in &facts.areas {
            area.ods.parse::<OdsCode>().unwrap();
            area.ons.parse::<OnsCode>().unwrap();
        }
        for hub in &facts.training_hubs {
            hub.slug.parse::<Slug>().unwrap();
        }
        for owner in &facts.programme {
            owner.slug.parse::<Slug>().unwrap();
            assert_eq!(owner.slug, facts.programme[0].slug, "there is one programme");
        }
    }

    #[test]
    fn parents_stand_before_their_members() {
        let facts = Facts::read().unwrap();
        let mut known = std::collections::BTreeSet::new();
        for area in &facts.areas {
            assert_eq!(area.parent.is_none(), area.kind == Kind::Region, "{area:?}");
            assert!(area.parent.iter().all(|parent| known.contains(parent)), "{area:?}");
            assert!(known.insert(area.ods.clone()), "{area:?} stands twice");
        }
    }

    #[test]
    fn every_fact_beyond_the_areas_names_its_source() {
        for content in [PROGRAMME, TRAINING_HUBS] {
            #[derive(Deserialize)]
            struct Sourced {
                source: String,
            }
            for row in rows::<Sourced>("a file", content).unwrap() {
                assert!(row.source.len() > 20, "{:?} names no source", row.source);
            }
        }
    }
}
