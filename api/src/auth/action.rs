//! Everything that the policy can be asked about.

/// Makes the actions, each with the spelling that audit rows and the schema's `@access`
/// have.
macro_rules! actions {
    ($($name:ident $spelling:literal,)*) => {
        /// One thing that somebody may do, or not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($name,)*
        }

        impl Action {
            pub const ALL: [Self; [$($spelling),*].len()] = [$(Self::$name,)*];

            /// The spelling in audit rows and in the schema's `@access`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $spelling,)*
                }
            }
        }
    };
}

actions! {
    ReadService "READ_SERVICE",
    ReadDirectory "READ_DIRECTORY",
    ReadAudit "READ_AUDIT",
    ReadChanges "READ_CHANGES",
    PassDay "PASS_DAY",
    RegisterSite "REGISTER_SITE",
    RenameSite "RENAME_SITE",
    CloseSite "CLOSE_SITE",
    RegisterTrainingHub "REGISTER_TRAINING_HUB",
    RegisterProvider "REGISTER_PROVIDER",
    SetCoverage "SET_COVERAGE",
    AppointLeadTrainingHub "APPOINT_LEAD_TRAINING_HUB",
    RecordMembershipChange "RECORD_MEMBERSHIP_CHANGE",
    CorrectMembership "CORRECT_MEMBERSHIP",
    RecordSuccession "RECORD_SUCCESSION",
    LoadEdition "LOAD_EDITION",
    ReadMetrics "READ_METRICS",
    ReadFigures "READ_FIGURES",
    ReadExactFigures "READ_EXACT_FIGURES",
    DefineMetric "DEFINE_METRIC",
    PublishMetricVersion "PUBLISH_METRIC_VERSION",
    RecordObservations "RECORD_OBSERVATIONS",
    SetTargets "SET_TARGETS",
    SetBaseline "SET_BASELINE",
    RebaseSeries "REBASE_SERIES",
    ReadReturns "READ_RETURNS",
    ScheduleReturns "SCHEDULE_RETURNS",
    SetValidationRule "SET_VALIDATION_RULE",
    SaveReturnDraft "SAVE_RETURN_DRAFT",
    SubmitReturn "SUBMIT_RETURN",
    DecideReturn "DECIDE_RETURN",
    LockReturn "LOCK_RETURN",
    RestateReturn "RESTATE_RETURN",
    ReadImports "READ_IMPORTS",
    ImportFigures "IMPORT_FIGURES",
    ReadDataQuality "READ_DATA_QUALITY",
    AcceptDataQualityIssue "ACCEPT_DATA_QUALITY_ISSUE",
    ReadParticipation "READ_PARTICIPATION",
    RecordStage "RECORD_STAGE",
    PreviewSuccession "PREVIEW_SUCCESSION",
    ReadCohorts "READ_COHORTS",
    OpenCohort "OPEN_COHORT",
    ReadEnrolments "READ_ENROLMENTS",
    ReadLearnerDetails "READ_LEARNER_DETAILS",
    RecordLearnerDetails "RECORD_LEARNER_DETAILS",
    MergeLearners "MERGE_LEARNERS",
    ApplyForEnrolment "APPLY_FOR_ENROLMENT",
    AdvanceEnrolment "ADVANCE_ENROLMENT",
    VerifyEnrolment "VERIFY_ENROLMENT",
    TransferEnrolment "TRANSFER_ENROLMENT",
    RequestExtension "REQUEST_EXTENSION",
    DecideExtension "DECIDE_EXTENSION",
    AssignMentor "ASSIGN_MENTOR",
    ReportEmployment "REPORT_EMPLOYMENT",
    RecordAssessments "RECORD_ASSESSMENTS",
    RecordAward "RECORD_AWARD",
    ReadPosts "READ_POSTS",
    RecordPosts "RECORD_POSTS",
    ReadWorklist "READ_WORKLIST",
    ReadProgrammeContent "READ_PROGRAMME_CONTENT",
    DraftProgrammeContent "DRAFT_PROGRAMME_CONTENT",
    PublishProgrammeContent "PUBLISH_PROGRAMME_CONTENT",
    RetireProgrammeContent "RETIRE_PROGRAMME_CONTENT",
    ReadApiClients "READ_API_CLIENTS",
    RegisterApiClient "REGISTER_API_CLIENT",
    RotateApiClientSecret "ROTATE_API_CLIENT_SECRET",
    RevokeApiClient "REVOKE_API_CLIENT",
    RegisterOperations "REGISTER_OPERATIONS",
    ReadUsage "READ_USAGE",
    ControlSandbox "CONTROL_SANDBOX",
    ReadWebhooks "READ_WEBHOOKS",
    RegisterWebhook "REGISTER_WEBHOOK",
    RotateWebhookSecret "ROTATE_WEBHOOK_SECRET",
    RunWebhook "RUN_WEBHOOK",
    RemoveWebhook "REMOVE_WEBHOOK",
}
