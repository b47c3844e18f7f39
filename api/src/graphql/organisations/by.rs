//! How clients name organisations, and narrow and order lists of them.

use std::collections::BTreeSet;

use async_graphql::{ID, InputObject, OneofObject};
use entity::{Iterable, organisation::Kind, organisation_fact};

use super::interfaces::type_name;
use crate::{
    domain::{organisations as domain, page::Direction, records::stages::Stage},
    graphql::{
        enums::{
            OrderDirection, OrganisationKind, OrganisationOrderField, OrganisationStatus,
            TrainingHubTier,
        },
        error::Result,
        ids,
        participation::enums::AdoptionStage,
        refusal::Refusal,
        scalars::{OdsCode, OnsCode, Slug},
    },
};

/// One way to name an organisation: send exactly one of these.
#[derive(OneofObject, Debug)]
pub enum OrganisationBy {
    /// Its id.
    Id(ID),
    /// Its ODS code.
    OdsCode(OdsCode),
    /// Its ONS code.
    OnsCode(OnsCode),
    /// Its slug: training hubs and providers.
    Slug(Slug),
}

/// One way to name a region: send exactly one of these.
#[derive(OneofObject, Debug)]
pub enum RegionBy {
    /// Its id.
    Id(ID),
    /// Its ODS code, such as `Y62`.
    OdsCode(OdsCode),
    /// Its ONS code, such as `E40000010`.
    OnsCode(OnsCode),
}

/// One way to name a training hub: send exactly one of these.
#[derive(OneofObject, Debug)]
pub enum TrainingHubBy {
    /// Its id.
    Id(ID),
    /// Its slug, such as `west-yorkshire`.
    Slug(Slug),
}

/// One way to name a provider: send exactly one of these.
#[derive(OneofObject, Debug)]
pub enum ProviderBy {
    /// Its id.
    Id(ID),
    /// Its slug, such as `dales-college`.
    Slug(Slug),
}

/// One way to name a site: send exactly one of these.
#[derive(OneofObject, Debug)]
pub enum SiteBy {
    /// Its id.
    Id(ID),
    /// Its ODS code, such as `A81001`.
    OdsCode(OdsCode),
}

impl OrganisationBy {
    pub fn read(self) -> Result<domain::OrganisationBy> {
        Ok(match self {
            Self::Id(id) => domain::OrganisationBy::Id(organisation_id(&id)?),
            Self::OdsCode(code) => domain::OrganisationBy::OdsCode(code.0),
            Self::OnsCode(code) => domain::OrganisationBy::OnsCode(code.0),
            Self::Slug(slug) => domain::OrganisationBy::Slug(slug.0),
        })
    }
}

impl RegionBy {
    pub fn read(self) -> Result<domain::OrganisationBy> {
        Ok(match self {
            Self::Id(id) => domain::OrganisationBy::Id(ids::read_as(&id, "Region")?),
            Self::OdsCode(code) => domain::OrganisationBy::OdsCode(code.0),
            Self::OnsCode(code) => domain::OrganisationBy::OnsCode(code.0),
        })
    }
}

impl TrainingHubBy {
    pub fn read(self) -> Result<domain::OrganisationBy> {
        Ok(match self {
            Self::Id(id) => domain::OrganisationBy::Id(ids::read_as(&id, "TrainingHub")?),
            Self::Slug(slug) => domain::OrganisationBy::Slug(slug.0),
        })
    }
}

impl ProviderBy {
    pub fn read(self) -> Result<domain::OrganisationBy> {
        Ok(match self {
            Self::Id(id) => domain::OrganisationBy::Id(ids::read_as(&id, "Provider")?),
            Self::Slug(slug) => domain::OrganisationBy::Slug(slug.0),
        })
    }
}

impl SiteBy {
    pub fn read(self) -> Result<domain::OrganisationBy> {
        Ok(match self {
            Self::Id(id) => domain::OrganisationBy::Id(ids::read_as(&id, "Site")?),
            Self::OdsCode(code) => domain::OrganisationBy::OdsCode(code.0),
        })
    }
}

/// The row of an id that must be an organisation's, of whatever kind.
pub fn organisation_id(id: &ID) -> Result<i64> {
    let (name, row) = ids::read(id)?;
    if Kind::iter().any(|kind| type_name(kind) == name) {
        Ok(row)
    } else {
        Err(Refusal::bad_request(format!("that is the id of a {name}; send an organisation's")))
    }
}

/// What a list is ordered by, and which way.
#[derive(InputObject, Clone, Copy)]
pub struct OrganisationOrder {
    /// The field.
    pub field: OrganisationOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Ascending")]
    pub direction: OrderDirection,
}

impl OrganisationOrder {
    pub fn read(order: Option<Self>) -> (domain::OrganisationOrder, Direction) {
        order.map_or((domain::OrganisationOrder::Name, Direction::Ascending), |order| {
            (order.field.into(), order.direction.into())
        })
    }
}

/// A range of whole numbers, both ends included; a missing end is open.
#[derive(InputObject)]
pub struct IntRange {
    /// The smallest.
    pub from: Option<i32>,
    /// The largest.
    pub to: Option<i32>,
}

/// Which sites a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct SiteFilter {
    /// Within this region.
    pub region: Option<OrganisationBy>,
    /// Within this ICB.
    pub icb: Option<OrganisationBy>,
    /// Within this sub-location of an ICB.
    pub sub_icb: Option<OrganisationBy>,
    /// Within this primary care network.
    pub pcn: Option<OrganisationBy>,
    /// Trained by this training hub.
    pub training_hub: Option<OrganisationBy>,
    /// In one of these states.
    pub status: Option<Vec<OrganisationStatus>>,
    /// Whether it could take part: an active GP practice in England.
    pub eligible: Option<bool>,
    /// In one of these stages of adoption. Sites whose stage you may not know do not pass.
    pub stages: Option<Vec<AdoptionStage>>,
    /// With so many registered patients at the last count; sites never counted do not pass.
    pub list_size: Option<IntRange>,
    /// With this in the name, in any case.
    pub name: Option<String>,
}

impl SiteFilter {
    pub fn read(self) -> Result<domain::OrganisationFilter> {
        let places = [self.region, self.icb, self.sub_icb, self.pcn, self.training_hub];
        let within = places.into_iter().flatten().map(OrganisationBy::read);
        Ok(domain::OrganisationFilter {
            kinds: Some(BTreeSet::from([Kind::Site])),
            within: within.collect::<Result<_>>()?,
            status: some_of("status", self.status)?
                .map(|all| all.into_iter().map(organisation_fact::Status::from).collect()),
            eligible: self.eligible,
            stages: some_of("stages", self.stages)?
                .map(|all| all.into_iter().map(Stage::from).collect()),
            list_size_from: self.list_size.as_ref().and_then(|range| range.from),
            list_size_to: self.list_size.as_ref().and_then(|range| range.to),
            name: self.name,
            ..Default::default()
        })
    }
}

/// Which training hubs a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct TrainingHubFilter {
    /// Within this region.
    pub region: Option<OrganisationBy>,
    /// Of one of these tiers.
    pub tier: Option<Vec<TrainingHubTier>>,
    /// In one of these states.
    pub status: Option<Vec<OrganisationStatus>>,
    /// With this in the name, in any case.
    pub name: Option<String>,
}

impl TrainingHubFilter {
    pub fn read(self) -> Result<domain::OrganisationFilter> {
        Ok(domain::OrganisationFilter {
            kinds: Some(BTreeSet::from([Kind::TrainingHub])),
            within: self.region.into_iter().map(OrganisationBy::read).collect::<Result<_>>()?,
            tier: some_of("tier", self.tier)?
                .map(|all| all.into_iter().map(organisation_fact::Tier::from).collect()),
            status: some_of("status", self.status)?
                .map(|all| all.into_iter().map(organisation_fact::Status::from).collect()),
            name: self.name,
            ..Default::default()
        })
    }
}

/// Which organisations a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct OrganisationFilter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<OrganisationKind>>,
    /// Within each of these.
    pub within: Option<Vec<OrganisationBy>>,
    /// In one of these states.
    pub status: Option<Vec<OrganisationStatus>>,
    /// With this in the name, in any case.
    pub name: Option<String>,
}

impl OrganisationFilter {
    pub fn read(self) -> Result<domain::OrganisationFilter> {
        let within = some_of("within", self.within)?.unwrap_or_default();
        Ok(domain::OrganisationFilter {
            kinds: some_of("kinds", self.kinds)?
                .map(|kinds| kinds.into_iter().map(Kind::from).collect()),
            within: within.into_iter().map(OrganisationBy::read).collect::<Result<_>>()?,
            status: some_of("status", self.status)?
                .map(|all| all.into_iter().map(organisation_fact::Status::from).collect()),
            name: self.name,
            ..Default::default()
        })
    }
}

/// A list that narrows must name something; leave the field out for "any".
pub fn some_of<T>(field: &str, list: Option<Vec<T>>) -> Result<Option<Vec<T>>> {
    match list {
        Some(list) if list.is_empty() => Err(Refusal::bad_request(format!(
            "{field} is an empty list, which nothing passes: leave it out for any"
        ))),
        list => Ok(list),
    }
}
