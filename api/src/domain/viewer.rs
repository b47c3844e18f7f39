//! Who looks, and at which state of the register: the key to every read.

use std::{
    future::Future,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{organisation::Kind, organisation_code::CodeScheme, organisation_fact::Status};

use super::{
    api_clients,
    directory::{Directory, organisation::Organisation},
    error::Failure,
    metrics::catalogue::Catalogue,
    organisations::in_words,
    records::Records,
    store::Store,
};
use crate::{
    auth::{
        action::Action,
        actor::{Actor, Holder, Role},
        policy::{self, Permit, Reach, Refused},
    },
    ids::{OrganisationCode, OrganisationId},
};

/// An actor at one moment. All of a request sees one snapshot of the directory,
/// except that its own writes move it to the snapshot that they made.
#[derive(Clone)]
pub struct Viewer(Arc<Inner>);

struct Inner {
    store: Arc<Store>,
    actor: Actor,
    request_id: String,
    now: DateTime<Utc>,
    today: NaiveDate,
    directory: RwLock<Arc<Directory>>,
    catalogue: RwLock<Arc<Catalogue>>,
    records: RwLock<Arc<Records>>,
    /// Up to which position of the feed all of these had come at first, or later.
    position: AtomicI64,
}

/// Whether somebody may do something to something, and if not, who could.
pub struct Verdict {
    pub allowed: bool,
    pub reason: String,
    pub who_can: Vec<Role>,
}

impl Viewer {
    pub fn new(store: Arc<Store>, actor: Actor, request_id: impl Into<String>) -> Self {
        // What has come before is in whatever is read after.
        let position = AtomicI64::new(store.position());
        let directory = RwLock::new(store.directory());
        let catalogue = RwLock::new(store.catalogue());
        let records = RwLock::new(store.records());
        let (now, today) = (store.clock().now(), store.clock().today());
        let request_id = request_id.into();
        Self(Arc::new(Inner {
            store,
            actor,
            request_id,
            now,
            today,
            directory,
            catalogue,
            records,
            position,
        }))
    }

    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }

    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.0.now
    }

    /// The time that tokens and secrets go by, whose clock no sandbox moves.
    pub fn time_outside(&self) -> DateTime<Utc> {
        self.0.store.clock().unmoved()
    }

    /// What takes long must not outlive what was granted: the error is that a machine client
    /// is not what it was when its request began.
    pub fn stands(&self) -> Result<(), Failure> {
        let Actor::Holder(Holder { client: Some(was), .. }) = self.actor() else { return Ok(()) };
        let clients = self.store().api_clients();
        let now = clients.by_id(was.id).filter(|now| now.is_active());
        match now.is_some_and(|now| now.grants == was.grants && now.terms() == was.terms) {
            true => Ok(()),
            false => Err(Failure::Unauthenticated),
        }
    }

    /// The day it is in England: what "now" means to every date.
    pub fn today(&self) -> NaiveDate {
        self.0.today
    }

    /// Up to which position of the feed all that the viewer sees has come.
    pub fn position(&self) -> i64 {
        self.0.position.load(Ordering::Acquire)
    }

    /// Lets the request see whatever any instance has written until now.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub(super) async fn catch_up(&self) -> Result<(), Failure> {
        let store = self.store().clone();
        let behind = store.clone();
        // It begins a transaction, which must not be cut off: see [`Store::uninterrupted`].
        Store::uninterrupted(async move { behind.catch_up().await }).await?;
        let position = store.position();
        self.see(store.directory());
        self.see_catalogue(store.catalogue());
        self.see_records(store.records());
        self.0.position.fetch_max(position, Ordering::AcqRel);
        Ok(())
    }

    pub(super) fn store(&self) -> &Arc<Store> {
        &self.0.store
    }

    pub(super) fn directory(&self) -> Arc<Directory> {
        self.0.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From here on the request sees what it has itself written.
    pub(super) fn see(&self, directory: Arc<Directory>) {
        *self.0.directory.write().unwrap_or_else(PoisonError::into_inner) = directory;
    }

    pub(super) fn catalogue(&self) -> Arc<Catalogue> {
        self.0.catalogue.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn see_catalogue(&self, catalogue: Arc<Catalogue>) {
        *self.0.catalogue.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
    }

    pub(super) fn records(&self) -> Arc<Records> {
        self.0.records.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn see_records(&self, records: Arc<Records>) {
        *self.0.records.write().unwrap_or_else(PoisonError::into_inner) = records;
    }

    pub fn reach(&self, action: Action) -> Reach {
        policy::reach(self.actor(), action)
    }

    /// Leave to do `action`, wherever the actor may do it at all.
    pub fn permit(&self, action: Action) -> Result<Permit, Failure> {
        policy::permit(self.actor(), action).map_err(|refused| match refused {
            Refused::Unauthenticated => Failure::Unauthenticated,
            Refused::Forbidden => Failure::Forbidden(format!(
                "your role may not {}; {} may",
                words(action),
                who(&policy::who_can(action)),
            )),
        })
    }

    /// The organisation, if it is there and the actor may see it.
    pub fn organisation(&self, id: OrganisationId) -> Option<Arc<Organisation>> {
        let directory = self.directory();
        let found = directory.find(id)?;
        let reach = self.reach(Action::ReadDirectory);
        directory.covers(&reach, found, self.today()).then(|| found.clone())
    }

    /// The organisation of a token, if it is open today and of a kind that can hold the
    /// role. Machines are clients, and not in the register: theirs is `Some(None)`.
    pub fn holding(
        &self,
        role: Role,
        organisation: &OrganisationCode,
    ) -> Option<Option<OrganisationId>> {
        let (scheme, code) = match organisation {
            OrganisationCode::Client(code) => {
                let active = api_clients::active(self, code.as_str()).is_some();
                return (role == Role::Integrator && active).then_some(None);
            }
            OrganisationCode::Ods(code) => (CodeScheme::Ods, code.as_str()),
            OrganisationCode::Hub(slug)
            | OrganisationCode::Provider(slug)
            | OrganisationCode::Programme(slug) => (CodeScheme::Slug, slug.as_str()),
        };
        let directory = self.directory();
        let found = directory.bearer(scheme, code, self.today())?;
        let open = found.status_at(self.today()).is_some_and(|status| status != Status::Closed);
        let suits = policy::holds(role, found.kind());
        (open && suits).then_some(Some(found.id()))
    }

    /// What the actor's role is called, for the log.
    pub fn role_name(&self) -> &'static str {
        match self.actor() {
            Actor::Public => "public",
            Actor::Holder(holder) => holder.role.name(),
        }
    }

    /// Whether the actor may do `action` to an organisation, asked before it is tried.
    pub fn can(&self, action: Action, id: OrganisationId) -> Result<Verdict, Failure> {
        let organisation = self.organisation(id).ok_or(Failure::NotFound)?;
        let who_can = policy::who_can(action);
        let verdict = |allowed, reason: String| Verdict { allowed, reason, who_can };
        let permit = match policy::permit(self.actor(), action) {
            Ok(permit) => permit,
            Err(Refused::Unauthenticated) => return Ok(verdict(false, "sign in first".to_owned())),
            Err(Refused::Forbidden) => {
                return Ok(verdict(false, format!("your role may not {}", words(action))));
            }
        };
        if let Some(kind) = subject(action).filter(|kind| *kind != organisation.kind()) {
            return Ok(verdict(false, format!("that is done to {}", in_words(kind))));
        }
        let directory = self.directory();
        let allowed = match action {
            // What is new lies where the organisation lies.
            Action::RegisterSite => directory.holds(&permit.reach(), &organisation, self.today()),
            _ => directory.allows(&permit, &organisation, self.today()),
        };
        Ok(match allowed {
            Ok(()) => verdict(true, "within your reach".to_owned()),
            Err(reason) => verdict(false, reason.to_owned()),
        })
    }

    /// Runs a command to its end, whether or not the caller waits for it.
    pub(super) async fn uninterrupted<T, F>(&self, work: impl FnOnce(Self) -> F) -> T
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        Store::uninterrupted(work(self.clone())).await
    }
}

/// What kind of organisation an action is done to, if only to one kind.
#[expect(clippy::too_many_lines, reason = "one match that no new action can miss")]
fn subject(action: Action) -> Option<Kind> {
    match action {
        Action::RenameSite
        | Action::CloseSite
        | Action::ReadParticipation
        | Action::RecordStage => Some(Kind::Site),
        Action::SetCoverage | Action::OpenCohort => Some(Kind::TrainingHub),
        Action::AppointLeadTrainingHub => Some(Kind::Region),
        Action::ReadService
        | Action::ReadDirectory
        | Action::ReadAudit
        | Action::ReadChanges
        | Action::PassDay
        | Action::RegisterSite
        | Action::RegisterTrainingHub
        | Action::RegisterProvider
        | Action::RecordMembershipChange
        | Action::CorrectMembership
        | Action::RecordSuccession
        | Action::LoadEdition
        | Action::ReadMetrics
        | Action::ReadFigures
        | Action::ReadExactFigures
        | Action::DefineMetric
        | Action::PublishMetricVersion
        | Action::RecordObservations
        | Action::SetTargets
        | Action::SetBaseline
        | Action::RebaseSeries
        | Action::ReadReturns
        | Action::ScheduleReturns
        | Action::SetValidationRule
        | Action::SaveReturnDraft
        | Action::SubmitReturn
        | Action::DecideReturn
        | Action::LockReturn
        | Action::RestateReturn
        | Action::ReadImports
        | Action::ImportFigures
        | Action::ReadDataQuality
        | Action::AcceptDataQualityIssue
        | Action::PreviewSuccession
        | Action::ReadCohorts
        | Action::ReadEnrolments
        | Action::ReadLearnerDetails
        | Action::RecordLearnerDetails
        | Action::MergeLearners
        | Action::ApplyForEnrolment
        | Action::AdvanceEnrolment
        | Action::VerifyEnrolment
        | Action::TransferEnrolment
        | Action::RequestExtension
        | Action::DecideExtension
        | Action::AssignMentor
        | Action::ReportEmployment
        | Action::RecordAssessments
        | Action::RecordAward
        | Action::ReadPosts
        | Action::RecordPosts
        | Action::ReadWorklist
        | Action::ReadProgrammeContent
        | Action::DraftProgrammeContent
        | Action::PublishProgrammeContent
        | Action::RetireProgrammeContent
        | Action::ReadApiClients
        | Action::RegisterApiClient
        | Action::RotateApiClientSecret
        | Action::RevokeApiClient
        | Action::RegisterOperations
        | Action::ReadUsage
        | Action::ControlSandbox
        | Action::ReadWebhooks
        | Action::RegisterWebhook
        | Action::RotateWebhookSecret
        | Action::RunWebhook
        | Action::RemoveWebhook => None,
    }
}

/// `RENAME_SITE` as a person says it: "rename site".
fn words(action: Action) -> String {
    action.name().to_lowercase().replace('_', " ")
}

fn who(roles: &[Role]) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(" or ")
}
