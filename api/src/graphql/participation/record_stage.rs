//! `recordStage`: a site came to a stage before training, or declined.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};

use super::{
    enums::{Phase, RecordedStage},
    object::Participation,
    outcomes::{ParticipationConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::participation::record_stage as domain,
    graphql::{
        access::access,
        error::Result,
        organisations::{by::SiteBy, seen::viewer},
        outcomes::InvalidInput,
        programme::enums::RoleModel,
        scalars::Date,
    },
};

/// Which site came to which stage.
#[derive(InputObject)]
pub struct RecordStageInput {
    /// The site: an active GP practice in England.
    site: SiteBy,
    /// The version of its participation that you read; 0 where nothing is recorded.
    expected_version: i32,
    /// INTERESTED after nothing, DECLINED or LAPSED; PREPARING after INTERESTED; DECLINED
    /// before training.
    stage: RecordedStage,
    /// The first day of the stage; default: today in England.
    on: Option<Date>,
    /// Why; DECLINED needs it. 500 characters at most.
    reason: Option<String>,
    /// How the work will be shared out; PREPARING needs one that is decided.
    role_model: Option<RoleModel>,
    /// In which phase of the programme it came in; default: as before, or NATIONAL.
    phase: Option<Phase>,
    /// That a GP mentor is named; PREPARING needs it.
    #[graphql(default)]
    gp_mentor_named: bool,
    /// That protected time is agreed; PREPARING needs it.
    #[graphql(default)]
    protected_time_agreed: bool,
}

/// What became of `recordStage`.
#[derive(Union)]
pub enum RecordStagePayload {
    StageRecorded(StageRecorded),
    InvalidInput(InvalidInput),
    ParticipationConflict(ParticipationConflict),
}

/// The stage is recorded.
#[derive(SimpleObject)]
pub struct StageRecorded {
    /// The site's part, as it now is.
    participation: Participation,
}

#[derive(Default)]
pub struct RecordStageMutation;

#[Object]
impl RecordStageMutation {
    /// Records that a site is interested, is preparing, or declined. The stages from
    /// TRAINING on follow from its learners and posts, and are never recorded.
    #[graphql(directive = access::apply(Action::RecordStage.into()))]
    async fn record_stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which site came to which stage.")] input: RecordStageInput,
    ) -> Result<Option<RecordStagePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordStage)?;
        let command = domain::RecordStage {
            site: input.site.read()?,
            expected_version: input.expected_version,
            stage: input.stage.into(),
            on: input.on.map(|date| date.0),
            reason: input.reason,
            role_model: input.role_model.map(Into::into),
            phase: input.phase.map(Into::into),
            gp_mentor_named: input.gp_mentor_named,
            protected_time_agreed: input.protected_time_agreed,
        };
        let done = domain::record(viewer, permit, command).await;
        changing(ctx, done, |participation| StageRecorded { participation }.into())
    }
}
