//! Who is calling: a role, and the organisation that it is held for.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use entity::api_client::Documents;

use super::grants::Grants;
use crate::ids::{OrganisationCode, OrganisationId};

/// One role for each kind of organisation, and one for machines; a closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    ProgrammeTeam,
    ProgrammeAnalyst,
    RegionTeam,
    SystemTeam,
    HubTeam,
    SiteTeam,
    Assessor,
    ProviderTeam,
    Integrator,
}

impl Role {
    pub const ALL: [Self; 9] = [
        Self::ProgrammeTeam,
        Self::ProgrammeAnalyst,
        Self::RegionTeam,
        Self::SystemTeam,
        Self::HubTeam,
        Self::SiteTeam,
        Self::Assessor,
        Self::ProviderTeam,
        Self::Integrator,
    ];

    /// The claim's spelling, such as `hub_team`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProgrammeTeam => "programme_team",
            Self::ProgrammeAnalyst => "programme_analyst",
            Self::RegionTeam => "region_team",
            Self::SystemTeam => "system_team",
            Self::HubTeam => "hub_team",
            Self::SiteTeam => "site_team",
            Self::Assessor => "assessor",
            Self::ProviderTeam => "provider_team",
            Self::Integrator => "integrator",
        }
    }

    /// The role of that exact spelling; any other text is no role.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether an organisation of that kind of code can hold this role at all.
    /// Whether the very organisation may is for the directory to say.
    pub fn suits(self, organisation: &OrganisationCode) -> bool {
        use OrganisationCode::{Client, Hub, Ods, Programme, Provider};
        match self {
            Self::ProgrammeTeam | Self::ProgrammeAnalyst => {
                matches!(organisation, Programme(_) | Ods(_))
            }
            Self::RegionTeam | Self::SystemTeam | Self::SiteTeam | Self::Assessor => {
                matches!(organisation, Ods(_))
            }
            Self::HubTeam => matches!(organisation, Hub(_)),
            Self::ProviderTeam => matches!(organisation, Provider(_)),
            Self::Integrator => matches!(organisation, Client(_)),
        }
    }
}

/// What an integrator's token may ask for; a closed set. It narrows the client's
/// grants and gives nothing by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    ProgressRead,
    SitesRead,
    ReturnsWrite,
    EnrolmentsWrite,
    ChangesRead,
}

impl Scope {
    pub const ALL: [Self; 5] = [
        Self::ProgressRead,
        Self::SitesRead,
        Self::ReturnsWrite,
        Self::EnrolmentsWrite,
        Self::ChangesRead,
    ];

    /// The spelling in the claim `scope`, such as `progress:read`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProgressRead => "progress:read",
            Self::SitesRead => "sites:read",
            Self::ReturnsWrite => "returns:write",
            Self::EnrolmentsWrite => "enrolments:write",
            Self::ChangesRead => "changes:read",
        }
    }

    /// The scope of that exact spelling; any other text is no scope.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// What a verified token says. The organisation's code is of a kind that suits the
/// role; that it exists, and is such an organisation, is looked up when the
/// request's viewer is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub issuer: String,
    pub subject: String,
    pub role: Role,
    pub organisation: OrganisationCode,
    /// Empty for every role but `integrator`, and never empty for that one.
    pub scopes: BTreeSet<Scope>,
    pub expires_at: DateTime<Utc>,
}

/// Who is behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody in particular: no token was sent.
    Public,
    Holder(Holder),
}

/// Somebody who holds a role for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub issuer: String,
    pub subject: String,
    pub role: Role,
    /// None for machines, whose organisation is not in the register.
    pub organisation: Option<OrganisationId>,
    pub scopes: BTreeSet<Scope>,
    /// Which machine it is, and what that is granted; none for people.
    pub client: Option<Client>,
}

/// A registered machine client, as it is at the moment of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: i64,
    pub grants: Arc<Grants>,
    pub terms: Terms,
}

/// What a machine client is held to, whatever it may reach.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The cost that it may spend in a minute; none where that is as for everybody.
    pub cost_per_minute: Option<u32>,
    pub documents: Documents,
}

impl Actor {
    /// The person at the machine's own command line, who has the database anyway.
    pub fn operator() -> Self {
        Self::Holder(Holder {
            issuer: "command-line".to_owned(),
            subject: "operator".to_owned(),
            role: Role::ProgrammeTeam,
            organisation: None,
            scopes: BTreeSet::new(),
            client: None,
        })
    }

    /// The service itself, which tells what a new day brings.
    pub fn calendar() -> Self {
        Self::Holder(Holder {
            issuer: "service".to_owned(),
            subject: "calendar".to_owned(),
            role: Role::ProgrammeTeam,
            organisation: None,
            scopes: BTreeSet::new(),
            client: None,
        })
    }
}
