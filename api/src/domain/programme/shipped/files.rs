//! Reading the content that is shipped with the program, each file with its sources.

use std::collections::BTreeMap;

use entity::{duty::Kind, evidence::Grade, metric_version::Unit, role_model::RoleModel};
use sea_orm::{ActiveEnum, DbErr};
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error};

use super::super::{
    check::Head,
    framework::{self, Competency, Domain},
    job_description::{self, Duty},
};
use crate::domain::reference::spelling;

const JOB_DESCRIPTIONS: &str = include_str!("../../reference/content/job_descriptions.csv");
const DUTIES: &str = include_str!("../../reference/content/duties.csv");
const FRAMEWORKS: &str = include_str!("../../reference/content/competency_frameworks.csv");
const DOMAINS: &str = include_str!("../../reference/content/competency_domains.csv");
const COMPETENCIES: &str = include_str!("../../reference/content/competencies.csv");
const EVIDENCE: &str = include_str!("../../reference/content/evidence.csv");
const PROOFS_OF_CONCEPT: &str = include_str!("../../reference/content/proofs_of_concept.csv");

#[derive(Debug, Deserialize)]
struct HeadRow {
    version: String,
    /// Of a framework alone.
    #[serde(default)]
    job_description: String,
    title: String,
    description: String,
    source: String,
}

#[derive(Debug, Deserialize)]
struct DutyRow {
    version: String,
    code: String,
    title: String,
    description: String,
    #[serde(deserialize_with = "spelling")]
    kind: Kind,
}

#[derive(Debug, Deserialize)]
struct DomainRow {
    version: String,
    code: String,
    title: String,
}

#[derive(Debug, Deserialize)]
struct CompetencyRow {
    version: String,
    domain: String,
    code: String,
    title: String,
    description: String,
    core: bool,
    clinical: bool,
    duties: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Claim {
    pub code: String,
    pub metrics: String,
    pub claim: String,
    /// In whole units.
    pub change: Option<i64>,
    #[serde(deserialize_with = "spelling_if_any")]
    pub unit: Option<Unit>,
    pub source: String,
    pub year: Option<i32>,
    pub design: String,
    pub sites: Option<String>,
    #[serde(deserialize_with = "spelling")]
    pub grade: Grade,
}

#[derive(Debug, Deserialize)]
pub(super) struct Place {
    pub code: String,
    pub place: String,
    #[serde(deserialize_with = "spelling")]
    pub role_model: RoleModel,
    pub duties: String,
    pub first_year: i32,
    pub last_year: i32,
    pub source: String,
    pub regions: String,
}

/// Everything that is shipped, versions by their numbers.
#[derive(Debug)]
pub(super) struct Shipped {
    pub job_descriptions: BTreeMap<Numbers, job_description::Text>,
    pub frameworks: BTreeMap<Numbers, framework::Text>,
    pub evidence: Vec<Claim>,
    pub proofs_of_concept: Vec<Place>,
}

/// major, minor, patch.
type Numbers = (i32, i32, i32);

impl Shipped {
    /// A row that cannot be read is a fault of ours, said with its file and line.
    pub(super) fn read() -> Result<Self, DbErr> {
        Ok(Self {
            job_descriptions: job_descriptions()?,
            frameworks: frameworks()?,
            evidence: rows("evidence.csv", EVIDENCE)?,
            proofs_of_concept: rows("proofs_of_concept.csv", PROOFS_OF_CONCEPT)?,
        })
    }
}

fn job_descriptions() -> Result<BTreeMap<Numbers, job_description::Text>, DbErr> {
    let mut versions = BTreeMap::new();
    for row in rows::<HeadRow>("job_descriptions.csv", JOB_DESCRIPTIONS)? {
        let text = job_description::Text { head: row.head(), duties: Vec::new() };
        versions.insert(numbers(&row.version)?, text);
    }
    for row in rows::<DutyRow>("duties.csv", DUTIES)? {
        let version = versions.get_mut(&numbers(&row.version)?).ok_or_else(|| stray(&row.code))?;
        let DutyRow { code, title, description, kind, .. } = row;
        version.duties.push(Duty { code, title, description, kind });
    }
    Ok(versions)
}

fn frameworks() -> Result<BTreeMap<Numbers, framework::Text>, DbErr> {
    let mut versions = BTreeMap::new();
    for row in rows::<HeadRow>("competency_frameworks.csv", FRAMEWORKS)? {
        let (head, job_description) = (row.head(), row.job_description);
        let text = framework::Text { head, job_description, domains: Vec::new() };
        versions.insert(numbers(&row.version)?, text);
    }
    for row in rows::<DomainRow>("competency_domains.csv", DOMAINS)? {
        let version = versions.get_mut(&numbers(&row.version)?).ok_or_else(|| stray(&row.code))?;
        let DomainRow { code, title, .. } = row;
        version.domains.push(Domain { code, title, competencies: Vec::new() });
    }
    for row in rows::<CompetencyRow>("competencies.csv", COMPETENCIES)? {
        let version = versions.get_mut(&numbers(&row.version)?);
        let mut domains = version.into_iter().flat_map(|version| &mut version.domains);
        let domain = domains.find(|domain| domain.code == row.domain);
        let domain = domain.ok_or_else(|| stray(&row.code))?;
        let CompetencyRow { code, title, description, core, clinical, duties, .. } = row;
        let duties = duties.split_whitespace().map(str::to_owned).collect();
        domain.competencies.push(Competency { code, title, description, core, clinical, duties });
    }
    Ok(versions)
}

impl HeadRow {
    fn head(&self) -> Head {
        Head {
            title: self.title.clone(),
            description: self.description.clone(),
            source: self.source.clone(),
        }
    }
}

fn numbers(version: &str) -> Result<Numbers, DbErr> {
    let numbers: Vec<i32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    let [major, minor, patch] = numbers[..] else {
        return Err(DbErr::Custom(format!("{version} is no version")));
    };
    Ok((major, minor, patch))
}

fn stray(code: &str) -> DbErr {
    DbErr::Custom(format!("{code} stands in a version or domain that is not shipped"))
}

fn rows<T: DeserializeOwned>(file: &str, content: &str) -> Result<Vec<T>, DbErr> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(content.as_bytes());
    let rows: Result<Vec<T>, csv::Error> = reader.deserialize().collect();
    rows.map_err(|error| DbErr::Custom(format!("{file}: {error}")))
}

fn spelling_if_any<'de, D: Deserializer<'de>, T: ActiveEnum<Value = String>>(
    text: D,
) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(text)?;
    if text.is_empty() {
        return Ok(None);
    }
    T::try_from_value(&text).map(Some).map_err(D::Error::custom)
}
