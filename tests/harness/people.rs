//! Who asks: one person for each role, all but two of them of Yorkshire, so that what
//! lies in Yorkshire is inside their reach and what lies in Cheshire outside it.

use api::auth::actor::{Role, Scope};

/// Somebody with a role, or nobody in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Who {
    pub role: Option<Role>,
    pub organisation: &'static str,
    pub subject: &'static str,
    pub scopes: &'static [Scope],
}

const fn who(role: Role, organisation: &'static str, subject: &'static str) -> Who {
    Who { role: Some(role), organisation, subject, scopes: &[] }
}

pub(crate) const PUBLIC: Who = Who { role: None, organisation: "", subject: "", scopes: &[] };
pub(crate) const NATIONAL: Who = who(Role::ProgrammeTeam, "programme:national", "nadia");
pub(crate) const ANALYST: Who = who(Role::ProgrammeAnalyst, "programme:national", "anwar");
pub(crate) const NORTH_EAST: Who = who(Role::RegionTeam, "ods:Y63", "rita");
pub(crate) const BOARD: Who = who(Role::SystemTeam, "ods:QWO", "sunil");
pub(crate) const YORKSHIRE: Who = who(Role::HubTeam, "hub:west-yorkshire", "hana");
pub(crate) const PRACTICE: Who = who(Role::SiteTeam, "ods:Y90001", "sam");
pub(crate) const ASSESSOR: Who = who(Role::Assessor, "ods:Y90001", "asha");
pub(crate) const PROVIDER: Who = who(Role::ProviderTeam, "provider:dales-college", "petra");
/// A machine that is granted all of these for the hub of West Yorkshire.
pub(crate) const PORTAL: Who = Who {
    role: Some(Role::Integrator),
    organisation: "client:portal",
    subject: "portal",
    scopes: &[
        Scope::ProgressRead,
        Scope::SitesRead,
        Scope::ReturnsWrite,
        Scope::EnrolmentsWrite,
        Scope::ChangesRead,
    ],
};

/// The team of the other hub, whose doings Yorkshire must not see.
pub(crate) const CHESHIRE: Who =
    who(Role::HubTeam, "hub:cheshire-and-merseyside", "cheshires-secret-person");
/// The other region's.
pub(crate) const NORTH_WEST: Who = who(Role::RegionTeam, "ods:Y62", "norths-secret-person");

/// The columns of the permission matrix.
pub(crate) const EVERYBODY: [Who; 10] =
    [PUBLIC, NATIONAL, ANALYST, NORTH_EAST, BOARD, YORKSHIRE, PRACTICE, ASSESSOR, PROVIDER, PORTAL];

impl Who {
    pub(crate) fn role_name(self) -> &'static str {
        self.role.map_or("public", Role::name)
    }
}
