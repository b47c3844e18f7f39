//! How clients of the API are granted things.

use async_graphql::{Enum, InputObject};
use entity::api_client;

use crate::{
    auth::actor,
    domain::api_clients::register,
    graphql::{error::Result, organisations::by::OrganisationBy},
};

/// What a machine client's token may be used for; each opens some of the API, for the
/// organisations that it is granted for.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "actor::Scope")]
pub enum ApiScope {
    /// `progress:read`: stages of sites, cohorts, enrolments, assessments and posts.
    ProgressRead,
    /// `sites:read`: stages of sites.
    SitesRead,
    /// `returns:write`: reading returns, filling them in, and recording observations.
    ReturnsWrite,
    /// `enrolments:write`: reading cohorts and enrolments, enrolling learners, and recording
    /// assessments.
    EnrolmentsWrite,
    /// `changes:read`: following what changes.
    ChangesRead,
}

/// Which documents a client may send.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "api_client::Documents")]
pub enum ClientDocuments {
    /// Any.
    Any,
    /// Any; those that are not registered are listed in `unregisteredDocuments`.
    Report,
    /// Registered ones alone, so that a stolen token can do no more than its client does.
    Registered,
}

/// Some scopes, for an organisation and what lies within it.
#[derive(InputObject)]
pub struct ApiGrantInput {
    /// A region, an ICB, a PCN, a training hub, a site, a provider; or the programme, which
    /// is everything.
    organisation: OrganisationBy,
    /// What for.
    scopes: Vec<ApiScope>,
}

pub fn read(grants: Vec<ApiGrantInput>) -> Result<Vec<register::Grant>> {
    let grant = |grant: ApiGrantInput| {
        let scopes = grant.scopes.into_iter().map(Into::into).collect();
        Ok(register::Grant { organisation: grant.organisation.read()?, scopes })
    };
    grants.into_iter().map(grant).collect()
}
