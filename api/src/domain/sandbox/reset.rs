//! Putting a sandbox back to how it began: all of it in one transaction, or none.
//!
//! Positions of the feed go on from where they were, so that a cursor of before is known
//! for what it is and refused; ids that were given to others are not given again. The
//! audit and the machine clients stay.

use entity::sandbox;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    ROW,
    carry::{self, Shift},
    demonstration::Demonstration,
    grants, guards, within,
};
use crate::{
    auth::policy::Permit,
    domain::{
        error::Declined,
        idempotency::IdempotencyKey,
        turn::{Reached, Turn, reached},
        viewer::Viewer,
    },
};

/// Puts everything back, the clock included. One at a time does, because making the
/// demonstration takes a whole processor; whoever goes away while they wait asks no more.
pub async fn reset(viewer: &Viewer, permit: Permit, key: IdempotencyKey) -> Result<(), Declined> {
    within(viewer)?;
    if is_done(viewer, &key).await? {
        return Ok(());
    }
    let alone = viewer.store().resetting.clone().lock_owned().await;
    // Somebody may have sent the same at the same time.
    if is_done(viewer, &key).await? {
        return Ok(());
    }
    viewer
        .uninterrupted(|viewer| async move {
            let made = Demonstration::make(viewer.store().clock()).await?;
            let replaced = replace(&viewer, permit, &key, &made).await;
            made.discard().await;
            drop(alone);
            replaced
        })
        .await
}

async fn is_done(viewer: &Viewer, key: &IdempotencyKey) -> Result<bool, Declined> {
    Ok(key.find(viewer.actor(), &viewer.store().reader).await?.is_some())
}

async fn replace(
    viewer: &Viewer,
    permit: Permit,
    key: &IdempotencyKey,
    made: &Demonstration,
) -> Result<(), Declined> {
    let mut turn = Turn::begin(viewer, permit).await?;
    if turn.done_before(key).await?.is_some() {
        return Ok(());
    }
    turn.take_time().await?;
    turn.audit(None).await?;
    let (before, fresh) = (turn.reached().clone(), reached(&made.store.reader).await?);
    let grants = grants::take(&turn).await?;
    let audit = carry::last_audit(turn.connection()).await?;
    let guards = guards::lift(turn.connection()).await?;
    carry::empty(turn.connection()).await?;
    guards.set(turn.connection()).await?;
    let shift = Shift { audit, position: before.position };
    carry::fill(turn.connection(), &made.store.reader, shift).await?;
    grants::give(&turn, grants, &made.store.directory()).await?;
    let resets = before.resets + 1;
    say_so(&turn, viewer, resets, before.position).await?;
    Ok(turn.commit_anew(following(&before, &fresh, resets)).await?)
}

/// How far everything has come after a reset.
fn following(before: &Reached, fresh: &Reached, resets: i64) -> Reached {
    Reached {
        next: before.next.max(fresh.next),
        register_position: before.position + fresh.register_position,
        catalogue_position: before.position + fresh.catalogue_position,
        figures_position: before.position + fresh.figures_position,
        records_position: before.position + fresh.records_position,
        position: before.position + fresh.position,
        day: fresh.day,
        resets,
        forgotten: before.position,
        ahead: 0,
    }
}

async fn say_so(turn: &Turn, viewer: &Viewer, resets: i64, forgotten: i64) -> Result<(), DbErr> {
    sandbox::Entity::update_many()
        .col_expr(sandbox::Column::Ahead, Expr::value(0_i64))
        .col_expr(sandbox::Column::Resets, Expr::value(resets))
        .col_expr(sandbox::Column::Forgotten, Expr::value(forgotten))
        .col_expr(sandbox::Column::ResetAt, Expr::value(viewer.time_outside()))
        .filter(sandbox::Column::Name.eq(ROW))
        .exec(turn.connection())
        .await
        .map(|_| ())
}
