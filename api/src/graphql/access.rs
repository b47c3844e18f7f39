//! `@access`: which action a root field asks the policy about, printed in the schema.

use async_graphql::{Enum, TypeDirective};

use crate::auth::action::Action as Asked;

/// Something that somebody may do, or not; `viewer { can }` answers for each.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Asked")]
pub enum Action {
    /// Read what the service says of itself.
    ReadService,
    /// Read the organisation directory.
    ReadDirectory,
    /// Read who did what.
    ReadAudit,
    /// Follow the change feed.
    ReadChanges,
    /// Tell in the feed what a new day brings; the service does it by itself.
    PassDay,
    /// Register a site that the NHS register does not have.
    RegisterSite,
    /// Rename a site.
    RenameSite,
    /// Close a site.
    CloseSite,
    /// Register a training hub.
    RegisterTrainingHub,
    /// Register a provider.
    RegisterProvider,
    /// Set which ICBs a training hub covers.
    SetCoverage,
    /// Appoint the training hub that leads a region.
    AppointLeadTrainingHub,
    /// Record that an organisation moved.
    RecordMembershipChange,
    /// Correct a membership that was recorded wrongly.
    CorrectMembership,
    /// Record that an organisation was followed by another.
    RecordSuccession,
    /// Load an edition of a published file, at the command line.
    LoadEdition,
    /// Read definitions of metrics, their targets and rebases.
    ReadMetrics,
    /// Read figures: those of class D2 under disclosure control.
    ReadFigures,
    /// Read figures of class D2 as they are.
    ReadExactFigures,
    /// Draft a definition of a metric.
    DefineMetric,
    /// Publish a definition of a metric.
    PublishMetricVersion,
    /// Record observations.
    RecordObservations,
    /// Set targets.
    SetTargets,
    /// Say with which months a series is compared.
    SetBaseline,
    /// Have the limits of a series worked out anew from a month on.
    RebaseSeries,
    /// Read returns.
    ReadReturns,
    /// Say which organisations owe which figures.
    ScheduleReturns,
    /// Set a rule that figures are validated by.
    SetValidationRule,
    /// Fill in a return.
    SaveReturnDraft,
    /// Submit a return.
    SubmitReturn,
    /// Approve a return, or send it back.
    DecideReturn,
    /// Lock an approved return.
    LockReturn,
    /// Restate the figures of a locked return.
    RestateReturn,
    /// Read imports of figures, and what came of their rows.
    ReadImports,
    /// Import figures from a file, and undo it.
    ImportFigures,
    /// Read what may be wrong with the data.
    ReadDataQuality,
    /// Accept something that may be wrong with the data, with a reason.
    AcceptDataQualityIssue,
    /// Read which stage a named site is in, and how it came there.
    ReadParticipation,
    /// Record a stage of a site, and its role model.
    RecordStage,
    /// See what a merger or a split would move.
    PreviewSuccession,
    /// Read cohorts.
    ReadCohorts,
    /// Open a cohort, change it, or close it.
    OpenCohort,
    /// Read enrolments and assessments, without the persons.
    ReadEnrolments,
    /// Read who a learner is, and how to reach them.
    ReadLearnerDetails,
    /// Record who a learner is, and what other systems call them.
    RecordLearnerDetails,
    /// Merge two records of one learner.
    MergeLearners,
    /// Apply for a place for a learner.
    ApplyForEnrolment,
    /// Offer a place, start, pause, submit or end an enrolment.
    AdvanceEnrolment,
    /// Verify what a learner submitted, send it back, or complete it.
    VerifyEnrolment,
    /// Move an enrolment to another site or cohort.
    TransferEnrolment,
    /// Ask for more time for an enrolment.
    RequestExtension,
    /// Grant or refuse more time.
    DecideExtension,
    /// Assign mentors and verifiers to an enrolment.
    AssignMentor,
    /// Say whether a learner is employed at a site.
    ReportEmployment,
    /// Record how far a learner is with competencies.
    RecordAssessments,
    /// Record an award.
    RecordAward,
    /// Read posts.
    ReadPosts,
    /// Start, move and end posts.
    RecordPosts,
    /// Read what waits for somebody to do something.
    ReadWorklist,
    /// Read the job description, the competency framework, and the evidence.
    ReadProgrammeContent,
    /// Draft a version of the job description or of the competency framework.
    DraftProgrammeContent,
    /// Publish a version of the job description or of the competency framework.
    PublishProgrammeContent,
    /// Take a version of the job description or of the competency framework out of use.
    RetireProgrammeContent,
    /// Read which machine clients there are, and what they are granted.
    ReadApiClients,
    /// Register a machine client, and change what it is granted.
    RegisterApiClient,
    /// Give a machine client a new secret.
    RotateApiClientSecret,
    /// Take a machine client's access away.
    RevokeApiClient,
    /// Register and retire operations.
    RegisterOperations,
    /// Read who uses which field of the schema.
    ReadUsage,
    /// Reset a sandbox, move its clock, and have faults for oneself.
    ControlSandbox,
    /// Read which webhooks there are, and what was delivered to them.
    ReadWebhooks,
    /// Have changes sent to an address.
    RegisterWebhook,
    /// Give a webhook a new secret to be signed with.
    RotateWebhookSecret,
    /// Pause a webhook, let it go on, send it something again, or try it.
    RunWebhook,
    /// Have nothing sent to an address any more.
    RemoveWebhook,
}

/// The action that the policy is asked about before this field does anything. Whose
/// reach extends how far is the policy's to say: see `viewer { can }`.
#[TypeDirective(location = "FieldDefinition")]
pub fn access(action: Action) {}
