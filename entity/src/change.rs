//! The change feed: what became different, in the order of commits, without gaps.

use sea_orm::entity::prelude::*;

use crate::organisation::Kind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// One more than the change before it; given out under a lock that is held
    /// until the commit, so that no reader can pass a change that is yet to come.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub at: DateTimeUtc,
    pub audit_id: i64,
    pub organisation_id: i64,
    pub change_type: ChangeType,
    /// The day from which the change holds.
    pub effective_on: Option<Date>,
    /// What it was and what it is, in words.
    pub before: Option<String>,
    pub after: Option<String>,
    /// Which record of the organisation it is about; none where it is the organisation.
    pub node_type: Option<NodeType>,
    pub node_id: Option<i64>,
    /// What an organisation was that is gone; none of those that are there to be asked.
    pub organisation_kind: Option<Kind>,
    /// Out of whose reach the change took it: a list in JSON, if of anybody's.
    pub left_reach_of: Option<String>,
}

/// The records that changes and audit rows tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NodeType {
    /// Of the site whose id it bears.
    Participation,
    Cohort,
    Learner,
    Enrolment,
    Post,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeType {
    Registered,
    Renamed,
    StatusChanged,
    DetailsChanged,
    CodeChanged,
    Moved,
    MembershipCorrected,
    LeadAppointed,
    Succeeded,
    ListSizeCounted,
    /// Something above it moved, and so its placement did.
    Placed,
    /// The row is gone: a demonstration that made way for the real register.
    Removed,
    FiguresRecorded,
    MetricDefined,
    MetricPublished,
    TargetSet,
    BaselineSet,
    SeriesRebased,
    ReturnsScheduled,
    ValidationRuleSet,
    ContentDrafted,
    ContentPublished,
    ContentRetired,
    ReturnSaved,
    ReturnSubmitted,
    ReturnSentBack,
    ReturnApproved,
    ReturnLocked,
    ReturnRestated,
    ImportCommitted,
    ImportUndone,
    DataQualityIssueAccepted,
    StageRecorded,
    RoleModelChosen,
    /// Its stage became another, by what was recorded or by the facts.
    StageChanged,
    CohortOpened,
    CohortChanged,
    LearnerRegistered,
    LearnerChanged,
    LearnersMerged,
    EnrolmentApplied,
    EnrolmentAdvanced,
    EnrolmentTransferred,
    ExtensionRequested,
    ExtensionDecided,
    MentorAssigned,
    AssessmentsRecorded,
    EmploymentReported,
    AwardRecorded,
    PostStarted,
    PostMoved,
    PostEnded,
    /// A record is gone with the demonstration that it belonged to.
    RecordRemoved,
    /// More or fewer places of a cohort are taken, by what became of enrolments.
    PlacesTaken,
    /// Who may see a record is another, because of something around it.
    ReachChanged,
    /// The day came from which something holds that was recorded of an organisation.
    TookEffect,
    /// The day came from which something holds that was recorded in a record.
    RecordTookEffect,
    /// Never stored: how the feed shows a change to those whom it took the record away from.
    LeftYourReach,
}

/// What a change tells of, and so what is read anew because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// The register, which everybody may know of.
    Register,
    /// Definitions of metrics and what is set for them, and the programme's content.
    Catalogue,
    Figures,
    /// Sites' parts in the programme, learners and posts: who is told goes by the record.
    Records,
    /// Work on returns and imports that changed no figure.
    Workflow,
}

impl ChangeType {
    pub fn tells(self) -> Tells {
        match self {
            Self::Registered
            | Self::Renamed
            | Self::StatusChanged
            | Self::DetailsChanged
            | Self::CodeChanged
            | Self::Moved
            | Self::MembershipCorrected
            | Self::LeadAppointed
            | Self::Succeeded
            | Self::ListSizeCounted
            | Self::Placed
            | Self::TookEffect
            | Self::Removed => Tells::Register,
            Self::MetricDefined
            | Self::MetricPublished
            | Self::TargetSet
            | Self::BaselineSet
            | Self::SeriesRebased
            | Self::ReturnsScheduled
            | Self::ValidationRuleSet
            | Self::ContentDrafted
            | Self::ContentPublished
            | Self::ContentRetired => Tells::Catalogue,
            Self::FiguresRecorded => Tells::Figures,
            Self::ReturnSaved
            | Self::ReturnSubmitted
            | Self::ReturnSentBack
            | Self::ReturnApproved
            | Self::ReturnLocked
            | Self::ReturnRestated
            | Self::ImportCommitted
            | Self::ImportUndone
            | Self::DataQualityIssueAccepted => Tells::Workflow,
            Self::StageRecorded
            | Self::RoleModelChosen
            | Self::StageChanged
            | Self::CohortOpened
            | Self::CohortChanged
            | Self::LearnerRegistered
            | Self::LearnerChanged
            | Self::LearnersMerged
            | Self::EnrolmentApplied
            | Self::EnrolmentAdvanced
            | Self::EnrolmentTransferred
            | Self::ExtensionRequested
            | Self::ExtensionDecided
            | Self::MentorAssigned
            | Self::AssessmentsRecorded
            | Self::EmploymentReported
            | Self::AwardRecorded
            | Self::PostStarted
            | Self::PostMoved
            | Self::PostEnded
            | Self::PlacesTaken
            | Self::ReachChanged
            | Self::RecordTookEffect
            | Self::LeftYourReach
            | Self::RecordRemoved => Tells::Records,
        }
    }

    /// The types that tell of one thing.
    pub fn telling(of: Tells) -> impl Iterator<Item = Self> {
        use sea_orm::Iterable;
        Self::iter().filter(move |each| each.tells() == of)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
