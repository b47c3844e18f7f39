//! The whole policy: how far an actor's right to do something extends.
//!
//! Every read asks [`reach`] and every write spends a [`Permit`], which only this
//! module can make. There is deliberately no wildcard arm: a new role or action
//! does not compile until it has been decided here.

use std::sync::Arc;

use entity::organisation::Kind;

use crate::{
    auth::{
        action::Action,
        actor::{Actor, Client, Holder, Role, Scope, Terms},
        grants::{Grants, granted},
    },
    ids::OrganisationId,
};

/// How far a right extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Nowhere,
    /// One site, itself.
    Site(OrganisationId),
    /// A training hub and the sites that it trains.
    TrainingHub(OrganisationId),
    /// An ICB or a PCN and what lies within.
    Area(OrganisationId),
    /// A region and what lies within.
    Region(OrganisationId),
    /// The cohorts of a provider, and the enrolments in them.
    Provider(OrganisationId),
    /// The enrolments that a person is assigned to.
    Assigned,
    /// A machine client's own registration, and what it registered for itself.
    Itself,
    /// What a machine client is granted, where that is more than one thing.
    Granted(Arc<[Reach]>),
    Everywhere,
}

/// Which facts a right to write covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facts {
    /// Only what people recorded; the NHS register's own facts are left to its editions.
    Manual,
    All,
}

/// Leave to do one thing once, within a reach; spending it writes the audit row.
#[derive(Debug)]
pub struct Permit {
    action: Action,
    reach: Reach,
    facts: Facts,
}

impl Permit {
    pub fn action(&self) -> Action {
        self.action
    }

    pub fn reach(&self) -> Reach {
        self.reach.clone()
    }

    pub fn facts(&self) -> Facts {
        self.facts
    }
}

/// Why no permit was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Nobody signed in, and somebody must.
    Unauthenticated,
    /// The actor's role does not extend to this anywhere.
    Forbidden,
}

/// Gives leave to do `action` wherever the actor may do it at all.
pub fn permit(actor: &Actor, action: Action) -> Result<Permit, Refused> {
    match (reach(actor, action), actor) {
        (Reach::Nowhere, Actor::Public) => Err(Refused::Unauthenticated),
        (Reach::Nowhere, Actor::Holder(_)) => Err(Refused::Forbidden),
        (reach, _) => Ok(Permit { action, facts: facts(&reach, action), reach }),
    }
}

fn facts(reach: &Reach, action: Action) -> Facts {
    match action {
        Action::RegisterSite
        | Action::RenameSite
        | Action::CloseSite
        | Action::RecordMembershipChange
        | Action::CorrectMembership
            if *reach != Reach::Everywhere =>
        {
            Facts::Manual
        }
        _ => Facts::All,
    }
}

/// How far the actor's right to do `action` extends.
pub fn reach(actor: &Actor, action: Action) -> Reach {
    match (held_by(action), actor) {
        (None, _) => Reach::Everywhere,
        (Some(_), Actor::Public) => Reach::Nowhere,
        (Some(_), Actor::Holder(Holder { client: Some(client), scopes, .. })) => {
            granted(client, scopes, action)
        }
        (Some(reaches), Actor::Holder(holder)) => reach_of(holder, &reaches),
    }
}

/// The roles that hold an action alike, each with its own organisation's reach.
struct Reaches {
    programme_team: bool,
    programme_analyst: bool,
    region_team: bool,
    system_team: bool,
    hub_team: bool,
    site_team: bool,
    assessor: bool,
    provider_team: bool,
}

const NOBODY: Reaches = Reaches {
    programme_team: false,
    programme_analyst: false,
    region_team: false,
    system_team: false,
    hub_team: false,
    site_team: false,
    assessor: false,
    provider_team: false,
};
const PROGRAMME: Reaches = Reaches { programme_team: true, ..NOBODY };
const NATIONAL: Reaches = Reaches { programme_analyst: true, ..PROGRAMME };
const REGIONAL: Reaches = Reaches { region_team: true, ..PROGRAMME };
const OVERSEERS: Reaches = Reaches { hub_team: true, ..REGIONAL };
const LOCAL: Reaches = Reaches { hub_team: true, ..PROGRAMME };
const REPORTING: Reaches = Reaches { site_team: true, ..LOCAL };
const READING: Reaches = Reaches { programme_analyst: true, site_team: true, ..OVERSEERS };
const HUB: Reaches = Reaches { hub_team: true, ..NOBODY };
const HUB_AND_SITE: Reaches = Reaches { site_team: true, ..HUB };
/// Whoever may see what the records are about.
const FOLLOWING: Reaches = Reaches { system_team: true, ..READING };
/// Whoever works with learners, and those who oversee them.
const TRAINING: Reaches =
    Reaches { site_team: true, assessor: true, provider_team: true, ..OVERSEERS };

/// Whoever is signed in.
const ANYBODY: Reaches = Reaches { provider_team: true, assessor: true, ..FOLLOWING };

/// The roles that hold an action; none where everybody does, signed in or not.
#[expect(clippy::too_many_lines, reason = "one match that no new action can miss")]
fn held_by(action: Action) -> Option<Reaches> {
    Some(match action {
        Action::ReadService
        | Action::ReadDirectory
        | Action::ReadMetrics
        | Action::ReadFigures
        | Action::ReadProgrammeContent => return None,
        Action::ReadAudit => OVERSEERS,
        Action::ReadChanges | Action::ReadCohorts | Action::ControlSandbox => ANYBODY,
        Action::PassDay => PROGRAMME,
        Action::RegisterSite
        | Action::RenameSite
        | Action::CloseSite
        | Action::RecordMembershipChange
        | Action::CorrectMembership
        | Action::ReadApiClients
        | Action::RotateApiClientSecret
        | Action::RevokeApiClient
        | Action::ReadWebhooks
        | Action::RegisterWebhook
        | Action::RotateWebhookSecret
        | Action::RunWebhook
        | Action::RemoveWebhook => LOCAL,
        Action::RegisterTrainingHub
        | Action::RegisterProvider
        | Action::SetCoverage
        | Action::AppointLeadTrainingHub
        | Action::RecordSuccession
        | Action::LoadEdition
        | Action::PublishMetricVersion
        | Action::ScheduleReturns
        | Action::SetValidationRule
        | Action::PublishProgrammeContent
        | Action::RetireProgrammeContent
        | Action::RegisterApiClient
        | Action::RegisterOperations
        | Action::ReadUsage => PROGRAMME,
        Action::DefineMetric | Action::DraftProgrammeContent => NATIONAL,
        Action::SetTargets | Action::LockReturn => REGIONAL,
        Action::RebaseSeries => Reaches { programme_analyst: true, ..OVERSEERS },
        Action::SetBaseline => LOCAL,
        Action::RecordObservations
        | Action::SaveReturnDraft
        | Action::SubmitReturn
        | Action::ReadImports
        | Action::ImportFigures => REPORTING,
        Action::DecideReturn | Action::RestateReturn | Action::AcceptDataQualityIssue => OVERSEERS,
        Action::ReadExactFigures | Action::ReadReturns | Action::ReadDataQuality => READING,
        Action::ReadParticipation => FOLLOWING,
        Action::PreviewSuccession => Reaches { programme_analyst: true, ..OVERSEERS },
        Action::OpenCohort => OVERSEERS,
        Action::ReadEnrolments => TRAINING,
        Action::ReadLearnerDetails => Reaches { assessor: true, ..HUB_AND_SITE },
        Action::ApplyForEnrolment
        | Action::RequestExtension
        | Action::ReportEmployment
        | Action::RecordLearnerDetails
        | Action::RecordPosts => HUB_AND_SITE,
        Action::AdvanceEnrolment
        | Action::TransferEnrolment
        | Action::DecideExtension
        | Action::AssignMentor
        | Action::MergeLearners
        | Action::RecordStage => HUB,
        Action::VerifyEnrolment | Action::RecordAward => Reaches { provider_team: true, ..HUB },
        Action::RecordAssessments => Reaches { assessor: true, ..HUB },
        Action::ReadPosts => Reaches { site_team: true, ..OVERSEERS },
        Action::ReadWorklist => Reaches { assessor: true, provider_team: true, ..HUB_AND_SITE },
    })
}

fn reach_of(holder: &Holder, reaches: &Reaches) -> Reach {
    let (held, reach) = match holder.role {
        Role::ProgrammeTeam => (reaches.programme_team, Reach::Everywhere),
        Role::ProgrammeAnalyst => (reaches.programme_analyst, Reach::Everywhere),
        Role::RegionTeam => (reaches.region_team, own(holder, Reach::Region)),
        Role::HubTeam => (reaches.hub_team, own(holder, Reach::TrainingHub)),
        Role::SiteTeam => (reaches.site_team, own(holder, Reach::Site)),
        Role::SystemTeam => (reaches.system_team, own(holder, Reach::Area)),
        Role::Assessor => (reaches.assessor, Reach::Assigned),
        Role::ProviderTeam => (reaches.provider_team, own(holder, Reach::Provider)),
        // What a machine may do goes by its grants, and without any it may do nothing.
        Role::Integrator => (false, Reach::Nowhere),
    };
    if held { reach } else { Reach::Nowhere }
}

fn own(holder: &Holder, reach: fn(OrganisationId) -> Reach) -> Reach {
    holder.organisation.map_or(Reach::Nowhere, reach)
}

/// Whether an organisation of that kind can hold the role.
pub fn holds(role: Role, kind: Kind) -> bool {
    match role {
        Role::ProgrammeTeam | Role::ProgrammeAnalyst => kind == Kind::Programme,
        Role::RegionTeam => kind == Kind::Region,
        Role::SystemTeam => matches!(kind, Kind::Icb | Kind::Pcn),
        Role::HubTeam => kind == Kind::TrainingHub,
        Role::SiteTeam | Role::Assessor => kind == Kind::Site,
        Role::ProviderTeam => kind == Kind::Provider,
        // A machine's organisation is a client of ours, not one of the register.
        Role::Integrator => false,
    }
}

/// Whether an actor oversees learners and posts without working with them, and so is
/// audited when reading of them.
pub fn oversees(actor: &Actor) -> bool {
    let Actor::Holder(holder) = actor else { return false };
    match holder.role {
        Role::ProgrammeTeam | Role::RegionTeam => true,
        Role::ProgrammeAnalyst
        | Role::SystemTeam
        | Role::HubTeam
        | Role::SiteTeam
        | Role::Assessor
        | Role::ProviderTeam
        | Role::Integrator => false,
    }
}

/// The roles that may do `action` to something, for "ask one of these".
pub fn who_can(action: Action) -> Vec<Role> {
    let everything = || Client {
        id: 0,
        grants: Arc::new(Grants::new(Scope::ALL.map(|scope| (scope, 0, Kind::Programme)))),
        terms: Terms::default(),
    };
    let holds = |role| Holder {
        issuer: String::new(),
        subject: String::new(),
        role,
        organisation: Some(0),
        scopes: Scope::ALL.into(),
        client: (role == Role::Integrator).then(everything),
    };
    let may = |role: &Role| reach(&Actor::Holder(holds(*role)), action) != Reach::Nowhere;
    Role::ALL.into_iter().filter(may).collect()
}
