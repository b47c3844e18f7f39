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
    /// Register a site that the NHS register does not have.
    RegisterSite,
    /// Rename a site.
    RenameSite,
    /// Close a site.
    CloseSite,
    /// Register a training hub.
    RegisterTrainingHub,
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
}

/// The action that the policy is asked about before this field does anything. Whose
/// reach extends how far is the policy's to say: see `viewer { can }`.
#[TypeDirective(location = "FieldDefinition")]
pub fn access(action: Action) {}
