//! What machine clients are granted (for each scope, the organisations that it extends to)
//! and what each scope opens.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use entity::organisation::Kind;

use super::{
    action::Action,
    actor::{Client, Scope},
    policy::Reach,
};
use crate::ids::OrganisationId;

/// How far each scope of a client extends. Granting the programme itself grants everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(BTreeMap<Scope, Vec<Reach>>);

impl Grants {
    pub fn new(granted: impl IntoIterator<Item = (Scope, OrganisationId, Kind)>) -> Self {
        let mut grants = Self::default();
        for (scope, organisation, kind) in granted {
            grants.0.entry(scope).or_default().push(of(organisation, kind));
        }
        grants
    }

    /// The scopes that the client may ask for.
    pub fn scopes(&self) -> BTreeSet<Scope> {
        self.0.keys().copied().collect()
    }

    /// How far some scopes extend together.
    pub fn reach(&self, scopes: impl IntoIterator<Item = Scope>) -> Reach {
        let parts = scopes.into_iter().filter_map(|scope| self.0.get(&scope)).flatten();
        let mut distinct: Vec<Reach> = Vec::new();
        for part in parts {
            if *part == Reach::Everywhere {
                return Reach::Everywhere;
            }
            if !distinct.contains(part) {
                distinct.push(part.clone());
            }
        }
        match distinct.len() {
            0 => Reach::Nowhere,
            1 => distinct.remove(0),
            _ => Reach::Granted(Arc::from(distinct)),
        }
    }
}

fn of(organisation: OrganisationId, kind: Kind) -> Reach {
    match kind {
        Kind::Programme => Reach::Everywhere,
        Kind::Region => Reach::Region(organisation),
        Kind::Icb | Kind::SubIcb | Kind::Pcn => Reach::Area(organisation),
        Kind::TrainingHub => Reach::TrainingHub(organisation),
        Kind::Site => Reach::Site(organisation),
        Kind::Provider => Reach::Provider(organisation),
    }
}

/// What a machine may do: as far as the token's scopes are granted to the client, now.
pub(super) fn granted(client: &Client, scopes: &BTreeSet<Scope>, action: Action) -> Reach {
    match opened_by(action) {
        Opened::ByNone => Reach::Nowhere,
        Opened::OfItself => Reach::Itself,
        Opened::OfItselfBy(scope) => {
            let held = scopes.contains(&scope) && client.grants.0.contains_key(&scope);
            if held { Reach::Itself } else { Reach::Nowhere }
        }
        Opened::By(any) => {
            client.grants.reach(any.iter().copied().filter(|scope| scopes.contains(scope)))
        }
    }
}

/// What opens an action to a machine.
enum Opened {
    ByNone,
    /// Each of these scopes, as far as it is granted.
    By(&'static [Scope]),
    /// No scope is needed for a client's own registration, nor to try things out.
    OfItself,
    /// What is a client's own, with this scope.
    OfItselfBy(Scope),
}

/// Whoever may write something may read it. Who a learner is, exact figures about people
/// and decisions that people answer for are opened by nothing.
#[expect(clippy::too_many_lines, reason = "one match that no new action can miss")]
fn opened_by(action: Action) -> Opened {
    match action {
        Action::ReadParticipation => Opened::By(&[Scope::SitesRead, Scope::ProgressRead]),
        Action::ReadPosts => Opened::By(&[Scope::ProgressRead]),
        Action::ReadCohorts | Action::ReadEnrolments => {
            Opened::By(&[Scope::ProgressRead, Scope::EnrolmentsWrite])
        }
        Action::ApplyForEnrolment | Action::RecordAssessments => {
            Opened::By(&[Scope::EnrolmentsWrite])
        }
        Action::ReadReturns | Action::SaveReturnDraft | Action::RecordObservations => {
            Opened::By(&[Scope::ReturnsWrite])
        }
        Action::ReadApiClients | Action::RegisterOperations | Action::ControlSandbox => {
            Opened::OfItself
        }
        Action::ReadChanges => Opened::By(&[Scope::ChangesRead]),
        Action::ReadWebhooks
        | Action::RegisterWebhook
        | Action::RotateWebhookSecret
        | Action::RunWebhook
        | Action::RemoveWebhook => Opened::OfItselfBy(Scope::ChangesRead),
        // Everybody may do these, and so nobody is asked what opens them.
        Action::ReadService
        | Action::ReadDirectory
        | Action::ReadMetrics
        | Action::ReadFigures
        | Action::ReadProgrammeContent
        | Action::ReadAudit
        | Action::PassDay
        | Action::RegisterSite
        | Action::RenameSite
        | Action::CloseSite
        | Action::RegisterTrainingHub
        | Action::RegisterProvider
        | Action::SetCoverage
        | Action::AppointLeadTrainingHub
        | Action::RecordMembershipChange
        | Action::CorrectMembership
        | Action::RecordSuccession
        | Action::LoadEdition
        | Action::ReadExactFigures
        | Action::DefineMetric
        | Action::PublishMetricVersion
        | Action::SetTargets
        | Action::SetBaseline
        | Action::RebaseSeries
        | Action::ScheduleReturns
        | Action::SetValidationRule
        | Action::SubmitReturn
        | Action::DecideReturn
        | Action::LockReturn
        | Action::RestateReturn
        | Action::ReadImports
        | Action::ImportFigures
        | Action::ReadDataQuality
        | Action::AcceptDataQualityIssue
        | Action::RecordStage
        | Action::PreviewSuccession
        | Action::OpenCohort
        | Action::ReadLearnerDetails
        | Action::RecordLearnerDetails
        | Action::MergeLearners
        | Action::AdvanceEnrolment
        | Action::VerifyEnrolment
        | Action::TransferEnrolment
        | Action::RequestExtension
        | Action::DecideExtension
        | Action::AssignMentor
        | Action::ReportEmployment
        | Action::RecordAward
        | Action::RecordPosts
        | Action::ReadWorklist
        | Action::DraftProgrammeContent
        | Action::PublishProgrammeContent
        | Action::RetireProgrammeContent
        | Action::RegisterApiClient
        | Action::RevokeApiClient
        | Action::RotateApiClientSecret
        | Action::ReadUsage => Opened::ByNone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_extend_as_far_as_what_they_were_granted_for() {
        use Scope::{EnrolmentsWrite, ProgressRead, SitesRead};
        let grants = Grants::new([
            (ProgressRead, 1, Kind::TrainingHub),
            (EnrolmentsWrite, 1, Kind::TrainingHub),
            (EnrolmentsWrite, 2, Kind::Region),
        ]);
        assert_eq!(grants.scopes(), [ProgressRead, EnrolmentsWrite].into());
        assert_eq!(grants.reach([ProgressRead]), Reach::TrainingHub(1));
        let both = Reach::Granted([Reach::TrainingHub(1), Reach::Region(2)].into());
        assert_eq!(grants.reach([EnrolmentsWrite, ProgressRead]), both);
        assert_eq!(grants.reach([SitesRead]), Reach::Nowhere);
        assert_eq!(grants.reach([]), Reach::Nowhere);
        let all = Grants::new([(ProgressRead, 1, Kind::Site), (ProgressRead, 2, Kind::Programme)]);
        assert_eq!(all.reach([ProgressRead]), Reach::Everywhere);
    }
}
