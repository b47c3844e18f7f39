//! More time for an enrolment: the hub or the site asks, somebody else of the hub decides.

use entity::{
    change::ChangeType,
    enrolment::State,
    extension::{self, Decision, ExtensionReason},
};
use sea_orm::{ActiveEnum, ActiveModelTrait, IntoActiveModel};

use super::open::{self, Tale};
use crate::{
    auth::policy::Permit,
    domain::{
        cohorts::months_after,
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        idempotency::IdempotencyKey,
        records::{Enrolment, enrolment::in_training},
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

/// As many months as one enrolment can have in all.
pub const MOST_MONTHS: i32 = 3;

/// Who asks for how much.
#[derive(Debug, Clone, Copy)]
pub struct RequestExtension {
    pub enrolment: i64,
    pub months: i32,
    pub reason: ExtensionReason,
}

/// Asks for more time; gives the extension's id.
pub async fn request(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RequestExtension,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let it = open::permitted(&turn, command.enrolment)?;
            let mut problems = Problems::default();
            check_state(&it, "input.enrolment", &mut problems);
            check_months(&it, command.months, &mut problems);
            problems.check()?;
            let (holder, on) = (turn.holder()?, turn.today());
            let row = extension::Model {
                id: turn.next_row_id(),
                enrolment_id: it.row.id,
                months: command.months,
                reason: command.reason,
                requested_on: on,
                requested_issuer: holder.issuer,
                requested_subject: holder.subject,
                decision: None,
                decided_on: None,
                decided_issuer: None,
                decided_subject: None,
                version: 1,
            };
            let id = row.id;
            insert::<extension::Entity>(turn.connection(), vec![row]).await?;
            let after = Some(format!("{} months", command.months));
            let change_type = ChangeType::ExtensionRequested;
            let tale = Tale { change_type, on, before: None, after };
            open::say(&mut turn, it.row.id, it.row.site_id, tale);
            turn.commit(Some(it.row.site_id), id).await?;
            Ok(id)
        })
        .await
}

fn check_state(it: &Enrolment, path: &'static str, problems: &mut Problems) {
    let state = it.row.state;
    if !in_training(state) || state == State::Verified {
        let sentence = format!("it is {}: only learning that goes on takes time", state.to_value());
        problems.add(path, ProblemCode::Contradiction, sentence);
    }
}

/// What was granted and what is asked for count, what was refused does not.
fn check_months(it: &Enrolment, months: i32, problems: &mut Problems) {
    let counts = |row: &&extension::Model| row.decision != Some(Decision::Refused);
    let had: i32 = it.extensions.iter().filter(counts).map(|row| row.months).sum();
    if !(1..=MOST_MONTHS).contains(&months) {
        let sentence = format!("ask for 1 to {MOST_MONTHS} months");
        problems.add("input.months", ProblemCode::OutOfRange, sentence);
    } else if had + months > MOST_MONTHS {
        let sentence =
            format!("{had} months are granted or asked for, and {MOST_MONTHS} are the most in all");
        problems.add("input.months", ProblemCode::OutOfRange, sentence);
    }
}

/// An extension, as it was read, and what is decided of it.
#[derive(Debug, Clone, Copy)]
pub struct DecideExtension {
    pub extension: i64,
    pub expected_version: i32,
    pub decision: Decision,
}

/// The enrolment and the extension of that id.
pub fn find(
    records: &crate::domain::records::Records,
    id: i64,
) -> Option<(&Enrolment, &extension::Model)> {
    records.enrolments().find_map(|enrolment| {
        let found = enrolment.extensions.iter().find(|row| row.id == id)?;
        Some((&**enrolment, found))
    })
}

/// Grants or refuses more time; whoever asked for it cannot. Gives the enrolment's id.
pub async fn decide(
    viewer: &Viewer,
    permit: Permit,
    command: DecideExtension,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let found = find(turn.records(), command.extension);
            let (it, row) = found.ok_or(Failure::NotFound)?;
            let (it, mut row) = (open::permitted(&turn, it.row.id)?, row.clone());
            let holder = turn.holder()?;
            if (&row.requested_issuer, &row.requested_subject) == (&holder.issuer, &holder.subject)
            {
                let sentence = "you asked for it: somebody else decides";
                return Err(Failure::Forbidden(sentence.to_owned()).into());
            }
            if row.version != command.expected_version {
                turn.see_before();
                return Err(Declined::VersionConflict(it.row.id));
            }
            if let Some(decision) = row.decision {
                let sentence = format!("it is {} already", decision.to_value());
                return invalid("input.id", ProblemCode::Contradiction, sentence);
            }
            let on = turn.today();
            row.decision = Some(command.decision);
            row.decided_on = Some(on);
            row.decided_issuer = Some(holder.issuer);
            row.decided_subject = Some(holder.subject);
            row.version += 1;
            let months = row.months;
            row.into_active_model().reset_all().update(turn.connection()).await?;
            if command.decision == Decision::Granted {
                extend(&turn, &it, months).await?;
            }
            let (id, site) = (it.row.id, it.row.site_id);
            let after = Some(format!("{months} months {}", command.decision.to_value()));
            let change_type = ChangeType::ExtensionDecided;
            open::say(&mut turn, id, site, Tale { change_type, on, before: None, after });
            turn.commit(Some(site), id).await?;
            Ok(id)
        })
        .await
}

/// It is due so many months later than it was.
async fn extend(turn: &Turn, it: &Enrolment, months: i32) -> Result<(), Declined> {
    let mut problems = Problems::default();
    check_state(it, "input.id", &mut problems);
    problems.check()?;
    let mut row = it.row.clone();
    let months = u32::try_from(months).unwrap_or(0);
    row.due_on = row.due_on.map(|day| months_after(day, months));
    row.version += 1;
    row.into_active_model().reset_all().update(turn.connection()).await?;
    Ok(())
}
