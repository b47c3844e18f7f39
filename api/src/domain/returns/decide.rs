//! Deciding about a return: approving it, sending it back with a reason, and locking it.

use entity::{change::ChangeType, monthly_return::State, observation::Status};

use super::{
    Return, ReturnState, open,
    submit::{ReturnRead, settle},
};
use crate::{
    auth::{actor::Holder, policy::Permit},
    domain::{
        error::{Declined, Failure, Problems},
        text,
        turn::Turn,
        viewer::Viewer,
    },
};

/// Approves the return: its figures become approved by a new revision. Whoever submitted
/// it cannot, nor can anybody of the organisation that owes it.
pub async fn approve(
    viewer: &Viewer,
    permit: Permit,
    command: ReturnRead,
) -> Result<Return, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let holder = turn.holder()?;
            let mut it = read(&turn, command, &holder).await?;
            not_who_submitted(&holder, &it)?;
            open::in_state(&it, &[ReturnState::Submitted], "only a submitted one is approved")?;
            settle(&mut turn, &it, Status::Approved).await?;
            decided(&turn, &mut it, State::Approved, holder);
            Ok(open::close(turn, it, ChangeType::ReturnApproved, None).await?)
        })
        .await
}

/// Sends the return back to whoever owes it, with what to put right.
pub async fn send_back(
    viewer: &Viewer,
    permit: Permit,
    command: ReturnRead,
    reason: String,
) -> Result<Return, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let turn = Turn::begin(&viewer, permit).await?;
            let holder = turn.holder()?;
            let mut it = read(&turn, command, &holder).await?;
            let mut problems = Problems::default();
            let reason = text::sentence(&reason, "input.reason", &mut problems);
            problems.check()?;
            open::in_state(&it, &[ReturnState::Submitted], "only a submitted one is sent back")?;
            decided(&turn, &mut it, State::Returned, holder);
            if let Some(row) = &mut it.row {
                row.reason = Some(reason.clone());
            }
            let why = Some(reason.as_str());
            Ok(open::close(turn, it, ChangeType::ReturnSentBack, why).await?)
        })
        .await
}

/// Locks an approved return: from then on its figures change by restatements alone.
pub async fn lock(
    viewer: &Viewer,
    permit: Permit,
    command: ReturnRead,
) -> Result<Return, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let turn = Turn::begin(&viewer, permit).await?;
            let holder = turn.holder()?;
            let mut it = read(&turn, command, &holder).await?;
            open::in_state(&it, &[ReturnState::Approved], "only an approved one is locked")?;
            if let Some(row) = &mut it.row {
                row.state = State::Locked;
            }
            Ok(open::close(turn, it, ChangeType::ReturnLocked, None).await?)
        })
        .await
}

async fn read(turn: &Turn, command: ReturnRead, holder: &Holder) -> Result<Return, Declined> {
    let it = open::open(turn, command.id, command.expected_version).await?;
    open::not_their_own(holder, &it)?;
    Ok(it)
}

fn not_who_submitted(holder: &Holder, it: &Return) -> Result<(), Failure> {
    let Some(row) = &it.row else { return Err(Failure::NotFound) };
    let by = (row.submitted_issuer.as_deref(), row.submitted_subject.as_deref());
    if by != (Some(&holder.issuer), Some(&holder.subject)) {
        return Ok(());
    }
    let sentence = "you submitted this return: somebody else approves it";
    Err(Failure::Forbidden(sentence.to_owned()))
}

fn decided(turn: &Turn, it: &mut Return, state: State, holder: Holder) {
    if let Some(row) = &mut it.row {
        row.state = state;
        row.decided_at = Some(turn.at());
        row.decided_issuer = Some(holder.issuer);
        row.decided_subject = Some(holder.subject);
    }
}
