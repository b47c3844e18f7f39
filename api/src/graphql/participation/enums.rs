//! The words of participation.

use async_graphql::Enum;
use entity::{participation, stage_record};

use crate::domain::records::stages;

/// How far a site is with adopting the role, and the two ways out.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "stages::Stage")]
pub enum AdoptionStage {
    /// Nothing is known of it.
    NotEngaged,
    /// It has shown interest.
    Interested,
    /// It has chosen a role model, named a GP mentor and agreed protected time.
    Preparing,
    /// A learner has started there.
    Training,
    /// Somebody is in post.
    InPost,
    /// Somebody completed, and a post has lasted 3 months.
    Embedded,
    /// A post has been held for 12 months, gaps of up to 60 days included.
    Sustained,
    /// It declined before anybody started.
    Declined,
    /// It has neither a learner in training nor a post any more.
    Lapsed,
}

/// The stages that a hub records; the others follow from learners and posts.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "stage_record::RecordedStage")]
pub enum RecordedStage {
    /// It has shown interest.
    Interested,
    /// It has chosen a role model, named a GP mentor and agreed protected time.
    Preparing,
    /// It declined before anybody started.
    Declined,
}

/// In which phase of the programme a site came in.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "participation::Phase")]
pub enum Phase {
    /// The proof of concept, 2017 to 2018.
    ProofOfConcept,
    /// The national programme, from April 2019 on.
    National,
}

/// What brought a site to a stage.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum StageCause {
    /// Its hub recorded it.
    Recorded,
    /// A learner's training began, ended or was completed.
    Enrolment,
    /// A post began or ended.
    Post,
    /// Time passed.
    Time,
}

impl From<stages::Cause> for StageCause {
    fn from(cause: stages::Cause) -> Self {
        match cause {
            stages::Cause::Recorded(_) => Self::Recorded,
            stages::Cause::Enrolment(_) => Self::Enrolment,
            stages::Cause::Post(_) => Self::Post,
            stages::Cause::Time => Self::Time,
        }
    }
}
