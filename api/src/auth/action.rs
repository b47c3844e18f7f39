//! Everything that the policy can be asked about.

/// One thing that somebody may do, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    ReadService,
    ReadDirectory,
    ReadAudit,
    RegisterSite,
    RenameSite,
    CloseSite,
    RegisterTrainingHub,
    SetCoverage,
    AppointLeadTrainingHub,
    RecordMembershipChange,
    CorrectMembership,
    RecordSuccession,
    LoadEdition,
}

impl Action {
    pub const ALL: [Self; 13] = [
        Self::ReadService,
        Self::ReadDirectory,
        Self::ReadAudit,
        Self::RegisterSite,
        Self::RenameSite,
        Self::CloseSite,
        Self::RegisterTrainingHub,
        Self::SetCoverage,
        Self::AppointLeadTrainingHub,
        Self::RecordMembershipChange,
        Self::CorrectMembership,
        Self::RecordSuccession,
        Self::LoadEdition,
    ];

    /// The spelling in audit rows and in the schema's `@access`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadService => "READ_SERVICE",
            Self::ReadDirectory => "READ_DIRECTORY",
            Self::ReadAudit => "READ_AUDIT",
            Self::RegisterSite => "REGISTER_SITE",
            Self::RenameSite => "RENAME_SITE",
            Self::CloseSite => "CLOSE_SITE",
            Self::RegisterTrainingHub => "REGISTER_TRAINING_HUB",
            Self::SetCoverage => "SET_COVERAGE",
            Self::AppointLeadTrainingHub => "APPOINT_LEAD_TRAINING_HUB",
            Self::RecordMembershipChange => "RECORD_MEMBERSHIP_CHANGE",
            Self::CorrectMembership => "CORRECT_MEMBERSHIP",
            Self::RecordSuccession => "RECORD_SUCCESSION",
            Self::LoadEdition => "LOAD_EDITION",
        }
    }
}
