//! The closed sets of words that programme content is told in.

use async_graphql::Enum;
use entity::{duty, evidence, job_description, role_model};

use crate::domain::programme::differences;

/// The life of a version of programme content.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "job_description::State")]
pub enum ContentState {
    /// Being written; seen by those who may draft.
    Draft,
    /// In use; it never changes again.
    Published,
    /// Out of use for whoever begins now; it stays as it is for those who began on it.
    Retired,
}

/// What kind of duty something is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "duty::Kind")]
pub enum DutyKind {
    /// Administration and the flow of work.
    Administrative,
    /// Basic clinical work with patients.
    Clinical,
}

/// How a place shares out the work of a General Practice Assistant.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "role_model::RoleModel")]
pub enum RoleModel {
    /// Administration and the flow of work, with no clinical duties.
    Administrative,
    /// Basic clinical duties alone.
    Clinical,
    /// Administrative and clinical duties in one role.
    Combined,
    /// Nobody has said yet.
    Undecided,
}

/// How sure it is that the role brings about what is claimed, in the four steps of the
/// GRADE working group. The grade is this service's own judgement of what is published.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "evidence::Grade")]
pub enum EvidenceGrade {
    /// Said without a study or a figure that could be looked at: the true effect may be
    /// anything.
    VeryLow,
    /// Seen at few places or told by those who ran the role, without a comparison: the true
    /// effect may be quite another.
    Low,
    /// Compared with places without the role, with gaps: the true effect is likely near.
    Moderate,
    /// Compared fairly, at many places, more than once: the true effect lies near.
    High,
}

/// How something differs from one version to another.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "differences::Kind")]
pub enum ContentDifferenceKind {
    /// The later version has it, the earlier one not.
    Added,
    /// The earlier version has it, the later one not.
    Removed,
    /// It says something else; `fields` names what.
    Changed,
    /// It stands in another domain; `fields` names both.
    Moved,
}
