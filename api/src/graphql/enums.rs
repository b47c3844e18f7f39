//! The closed sets of the schema: machine states, each with its meaning.

use async_graphql::Enum;
use entity::{change, membership, organisation, organisation_fact, succession};

use crate::{
    auth::actor,
    domain::{directory::search, error, organisations, page},
};

/// What kind of organisation something is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "organisation::Kind")]
pub enum OrganisationKind {
    /// The national GPA programme's own body.
    Programme,
    /// One of the seven NHS England regions.
    Region,
    /// An integrated care board.
    Icb,
    /// A sub-location of an ICB; before July 2022, a clinical commissioning group.
    SubIcb,
    /// A primary care network.
    Pcn,
    /// A Primary Care Training Hub.
    TrainingHub,
    /// A GP practice, its branch, or another prescribing organisation of the NHS register.
    Site,
    /// A university or body that verifies and awards.
    Provider,
}

/// Where a row comes from, and so who may change it.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "organisation::Source")]
pub enum Source {
    /// Facts shipped with the service, with their publisher.
    Reference,
    /// The register of the NHS Organisation Data Service.
    Ods,
    /// Recorded by a person through this API.
    Manual,
    /// Invented, to show what the service does.
    Demonstration,
}

/// Whether an organisation is at work.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "organisation_fact::Status")]
pub enum OrganisationStatus {
    /// Going to open.
    Proposed,
    /// Open and at work.
    Active,
    /// Open, with no patients for now.
    Dormant,
    /// Closed for good.
    Closed,
}

/// How far a training hub's work reaches.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "organisation_fact::Tier")]
pub enum TrainingHubTier {
    /// Leads in its region.
    Lead,
    /// Works across an ICB.
    System,
    /// Works in a part of an ICB.
    Locality,
}

/// In which respect one organisation belongs to another.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "membership::Scheme")]
pub enum Scheme {
    /// Who commissions: site to PCN and sub-ICB, sub-ICB to ICB, ICB to region.
    Commissioning,
    /// Who trains: ICB or site to training hub, training hub to region.
    Training,
}

/// How one organisation was followed by another.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "succession::SuccessionKind")]
pub enum SuccessionKind {
    /// Several became one.
    Merger,
    /// One became several.
    Split,
    /// The same, under another code.
    Recode,
}

/// How sure a succession is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "succession::Confidence")]
pub enum Confidence {
    /// Somebody who knows said so.
    Confirmed,
    /// Worked out from published files.
    Inferred,
    /// Somebody who knows said otherwise.
    Disputed,
}

/// What a change made different.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "change::ChangeType")]
pub enum ChangeType {
    /// The organisation became known.
    Registered,
    /// It bears another name.
    Renamed,
    /// It opened, closed, went dormant or came back.
    StatusChanged,
    /// Its postcode, prescribing setting or tier is another.
    DetailsChanged,
    /// It bears another code.
    CodeChanged,
    /// It belongs to another organisation.
    Moved,
    /// A membership that was recorded wrongly was put right.
    MembershipCorrected,
    /// A training hub was appointed to lead it.
    LeadAppointed,
    /// It was followed by, or follows, another.
    Succeeded,
    /// Its registered patients were counted.
    ListSizeCounted,
    /// Something above it moved, and so its placement is another.
    Placed,
    /// It is gone: invented, and no longer needed.
    Removed,
    /// Figures were recorded, changed or taken back.
    FiguresRecorded,
    /// A definition of a metric was drafted.
    MetricDefined,
    /// A definition of a metric was published.
    MetricPublished,
    /// A target was set.
    TargetSet,
    /// The months that a series is compared with were set.
    BaselineSet,
    /// The limits of a series are worked out anew from a month on.
    SeriesRebased,
    /// It was said which organisations owe which figures.
    ReturnsScheduled,
    /// A rule that figures are validated by was set.
    ValidationRuleSet,
    /// A version of the job description or of the competency framework was drafted.
    ContentDrafted,
    /// A version of the job description or of the competency framework was published.
    ContentPublished,
    /// A version of the job description or of the competency framework was taken out of use.
    ContentRetired,
    /// A return was filled in.
    ReturnSaved,
    /// A return was submitted.
    ReturnSubmitted,
    /// A return was sent back.
    ReturnSentBack,
    /// A return was approved.
    ReturnApproved,
    /// A return was locked.
    ReturnLocked,
    /// The figures of a locked return were restated.
    ReturnRestated,
    /// An import of figures was committed.
    ImportCommitted,
    /// An import of figures was undone.
    ImportUndone,
    /// Something that may be wrong with the data was accepted.
    DataQualityIssueAccepted,
    /// A stage was recorded of a site.
    StageRecorded,
    /// A site chose a role model.
    RoleModelChosen,
    /// A site is in another stage: by what was recorded, or by its learners and posts.
    StageChanged,
    /// A cohort was opened.
    CohortOpened,
    /// A cohort was changed, or closed.
    CohortChanged,
    /// A learner became known.
    LearnerRegistered,
    /// A learner's identifiers or details are others.
    LearnerChanged,
    /// Two records of one learner became one.
    LearnersMerged,
    /// A place was applied for.
    EnrolmentApplied,
    /// An enrolment came into another state.
    EnrolmentAdvanced,
    /// An enrolment moved to another site or cohort.
    EnrolmentTransferred,
    /// More time was asked for.
    ExtensionRequested,
    /// More time was granted, or refused.
    ExtensionDecided,
    /// A mentor or verifier was assigned, or their time ended.
    MentorAssigned,
    /// Competencies were assessed.
    AssessmentsRecorded,
    /// A site said whether a learner is employed.
    EmploymentReported,
    /// An award was recorded.
    AwardRecorded,
    /// A post began.
    PostStarted,
    /// A post is held elsewhere, or with other hours.
    PostMoved,
    /// A post ended.
    PostEnded,
    /// A record is gone with the demonstration that it belonged to, which made way for the
    /// real register.
    RecordRemoved,
    /// More or fewer places of a cohort are taken, by what became of enrolments.
    PlacesTaken,
    /// Others may see the record than could, because of something around it: its site moved
    /// to another training hub, say. Of no record: a machine client is granted something else.
    ReachChanged,
    /// The day came from which something holds that was recorded of the organisation.
    TookEffect,
    /// The day came from which something holds that was recorded in the record: a cohort
    /// opened or closed, a post began or ended.
    RecordTookEffect,
    /// You could see the record and cannot any more. Nothing else is told of it.
    LeftYourReach,
}

/// A kind of record of an organisation.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "change::NodeType")]
pub enum RecordKind {
    /// A site's part in the programme.
    Participation,
    /// A cohort.
    Cohort,
    /// A learner.
    Learner,
    /// An enrolment.
    Enrolment,
    /// A post.
    Post,
}

/// The role that somebody holds for an organisation.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "actor::Role")]
pub enum Role {
    /// The national programme's team.
    ProgrammeTeam,
    /// An analyst of the national programme.
    ProgrammeAnalyst,
    /// The team of one region.
    RegionTeam,
    /// The team of an ICB or a PCN.
    SystemTeam,
    /// The team of a training hub.
    HubTeam,
    /// The team of a site.
    SiteTeam,
    /// Somebody who assesses learners at a site.
    Assessor,
    /// The team of a provider.
    ProviderTeam,
    /// A machine of a third party.
    Integrator,
}

/// What kind of thing is wrong with an input.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "error::ProblemCode")]
pub enum ProblemCode {
    /// Something must be said here.
    Required,
    /// It is not written as it must be.
    Malformed,
    /// It lies outside of what is possible.
    OutOfRange,
    /// It names something that is not there.
    NotFound,
    /// It names something of another kind.
    WrongKind,
    /// It is there already.
    AlreadyExists,
    /// It contradicts what is recorded.
    Contradiction,
    /// It would change nothing.
    Unchanged,
}

/// How an organisation answers a search, the best first.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "search::Match")]
pub enum SearchMatch {
    /// The text is one of its codes.
    Code,
    /// One of its codes begins with the text.
    CodePrefix,
    /// Its name begins with the text.
    NamePrefix,
    /// Its postcode begins with the text.
    PostcodePrefix,
    /// A word of its name begins with the text.
    WordPrefix,
    /// Its name holds the text.
    NamePart,
}

/// What a list of organisations is ordered by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "organisations::OrganisationOrder")]
pub enum OrganisationOrderField {
    /// The name, letter by letter.
    Name,
    /// The ODS code; those without come first.
    OdsCode,
    /// The day of the opening.
    OpenedOn,
    /// Registered patients; those never counted come first.
    ListSize,
}

/// Which way a list is ordered.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "page::Direction")]
pub enum OrderDirection {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}
