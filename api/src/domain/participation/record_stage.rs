//! Recording the stages before training: a hub's word, with its day and its reason. The
//! later stages follow from facts and are never recorded.

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    participation::Phase,
    role_model::RoleModel,
    stage_record::{self, RecordedStage},
};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{at_version, permitted, say, write};
use crate::{
    auth::policy::Permit,
    domain::{
        directory::organisation::Organisation,
        error::{Declined, ProblemCode, Problems},
        organisations::OrganisationBy,
        records::stages::Stage,
        turn::Turn,
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// A site came to a stage.
#[derive(Debug, Clone)]
pub struct RecordStage {
    pub site: OrganisationBy,
    /// The version that was read; 0 where nothing was recorded.
    pub expected_version: i32,
    pub stage: RecordedStage,
    /// Today, unless it says otherwise.
    pub on: Option<NaiveDate>,
    pub reason: Option<String>,
    pub role_model: Option<RoleModel>,
    pub phase: Option<Phase>,
    /// What a site has to have to be preparing.
    pub gp_mentor_named: bool,
    pub protected_time_agreed: bool,
}

/// Records the stage; gives the site.
pub async fn record(
    viewer: &Viewer,
    permit: Permit,
    command: RecordStage,
) -> Result<OrganisationId, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let site = permitted(&turn, &command.site)?;
            let id = site.id();
            at_version(&turn, id, command.expected_version)?;
            let on = command.on.unwrap_or_else(|| turn.today());
            let reason = command.reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
            check(&turn, &site, &command, on, reason)?;
            let role_model = command.role_model;
            write(&turn, id, role_model, command.phase).await?;
            let row = stage_record::Model {
                id: turn.next_row_id(),
                site_id: id,
                stage: command.stage,
                occurred_on: on,
                reason: reason.map(str::to_owned),
                audit_id: turn.audit(Some(id)).await?,
                at: turn.at(),
            };
            row.into_active_model().reset_all().insert(turn.connection()).await?;
            let before = stage_on(&turn, id, on).name().to_owned();
            let stage = Stage::from(command.stage).name().to_owned();
            say(&mut turn, id, ChangeType::StageRecorded, on, Some(before), stage);
            turn.commit(Some(id), id).await?;
            Ok(id)
        })
        .await
}

fn stage_on(turn: &Turn, site: OrganisationId, on: NaiveDate) -> Stage {
    let participant = turn.records().participant(site);
    participant.map_or(Stage::NotEngaged, |participant| participant.stage_at(on))
}

fn check(
    turn: &Turn,
    site: &Organisation,
    command: &RecordStage,
    on: NaiveDate,
    reason: Option<&str>,
) -> Result<(), Declined> {
    let mut problems = Problems::default();
    if on > turn.today() {
        let sentence = "a stage is recorded once it is reached: send today or an earlier day";
        problems.add("input.on", ProblemCode::OutOfRange, sentence);
    } else if !site.eligible_at(on) {
        let sentence = format!("it was no active GP practice in England on {on}");
        problems.add("input.site", ProblemCode::WrongKind, sentence);
    }
    if reason.is_some_and(|reason| reason.chars().count() > 500) {
        problems.add("input.reason", ProblemCode::OutOfRange, "send at most 500 characters");
    }
    let participant = turn.records().participant(site.id());
    let last = participant.and_then(|it| it.records.last()).map(|row| row.occurred_on);
    if let Some(last) = last.filter(|last| *last > on) {
        let sentence =
            format!("a later stage is recorded, on {last}: send that day or a later one");
        problems.add("input.on", ProblemCode::Contradiction, sentence);
    }
    follows(stage_on(turn, site.id(), on), command.stage, &mut problems);
    match command.stage {
        RecordedStage::Preparing => prepared(turn, site.id(), command, &mut problems),
        RecordedStage::Declined if reason.is_none() => {
            problems.add("input.reason", ProblemCode::Required, "say why the site declined");
        }
        RecordedStage::Declined | RecordedStage::Interested => {}
    }
    problems.check()
}

/// Which stages may be recorded after which.
fn follows(before: Stage, stage: RecordedStage, problems: &mut Problems) {
    let may_follow = match (before, stage) {
        (Stage::NotEngaged | Stage::Declined | Stage::Lapsed, RecordedStage::Interested)
        | (Stage::Interested, RecordedStage::Preparing)
        | (Stage::NotEngaged | Stage::Interested | Stage::Preparing, RecordedStage::Declined) => {
            true
        }
        (_, _) => false,
    };
    if may_follow {
        return;
    }
    let then = match before {
        Stage::NotEngaged => "record INTERESTED, or DECLINED",
        Stage::Interested => "record PREPARING, or DECLINED",
        Stage::Preparing => "a learner who starts brings it on; record DECLINED if it drops out",
        Stage::Declined | Stage::Lapsed => "record INTERESTED if it comes back",
        Stage::Training | Stage::InPost | Stage::Embedded | Stage::Sustained => {
            "what comes next follows from its learners and posts"
        }
    };
    let sentence = format!("the site was {} on that day: {then}", before.name());
    problems.add("input.stage", ProblemCode::Contradiction, sentence);
}

fn prepared(turn: &Turn, site: OrganisationId, command: &RecordStage, problems: &mut Problems) {
    let known = turn.records().participation(site).map(|row| row.role_model);
    let role_model = command.role_model.or(known).unwrap_or(RoleModel::Undecided);
    if role_model == RoleModel::Undecided {
        let sentence = "a site that is preparing has chosen its role model";
        problems.add("input.roleModel", ProblemCode::Required, sentence);
    }
    if !command.gp_mentor_named {
        let sentence = "a site that is preparing has named a GP mentor: say so with true";
        problems.add("input.gpMentorNamed", ProblemCode::Required, sentence);
    }
    if !command.protected_time_agreed {
        let sentence = "a site that is preparing has agreed protected time: say so with true";
        problems.add("input.protectedTimeAgreed", ProblemCode::Required, sentence);
    }
}
