//! Moving a sandbox's clock forward, and telling what the days bring that it passes.
//!
//! It never goes back but by a reset: records and the feed would run backwards with it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::sandbox;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{ROW, within};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, ProblemCode, invalid},
        idempotency::IdempotencyKey,
        turn::Turn,
        viewer::Viewer,
    },
};

/// How far ahead of the world outside it can be: ten years.
const FURTHEST: TimeDelta = TimeDelta::days(3653);

/// Where to.
#[derive(Debug, Clone, Copy)]
pub enum Move {
    To(DateTime<Utc>),
    /// So many days of 24 hours on.
    Days(i32),
}

impl Move {
    fn path(self) -> &'static str {
        match self {
            Self::To(_) => "input.forward.to",
            Self::Days(_) => "input.forward.days",
        }
    }

    /// The moment that it comes to from another; the end of time, or its beginning, where
    /// that lies beyond.
    fn from(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::To(moment) => moment,
            Self::Days(days) => {
                let beyond =
                    if days < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
                now.checked_add_signed(TimeDelta::days(days.into())).unwrap_or(beyond)
            }
        }
    }
}

/// Moves the clock, and tells in the feed what has come since.
pub async fn forward(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    to: Move,
) -> Result<(), Declined> {
    within(viewer)?;
    viewer
        .uninterrupted(|viewer| async move {
            let store = viewer.store().clone();
            let mut turn = Turn::begin(&viewer, permit).await?;
            if turn.done_before(&key).await?.is_some() {
                return Ok(());
            }
            let (now, outside) = (store.clock().now(), store.clock().unmoved());
            let moment = to.from(now);
            if moment <= now {
                let sentence = format!(
                    "it is {} already, and the clock goes forward only: `resetSandbox` puts it \
                     back, with everything else",
                    now.to_rfc3339()
                );
                return invalid(to.path(), ProblemCode::Contradiction, sentence);
            }
            if moment > outside + FURTHEST {
                let sentence = "the clock can be ten years ahead at most";
                return invalid(to.path(), ProblemCode::OutOfRange, sentence);
            }
            let ahead = (moment - outside).num_microseconds().unwrap_or(i64::MAX);
            sandbox::Entity::update_many()
                .col_expr(sandbox::Column::Ahead, Expr::value(ahead))
                .filter(sandbox::Column::Name.eq(ROW))
                .exec(turn.connection())
                .await?;
            turn.moves_clock(ahead);
            turn.commit(None, 0).await?;
            store.pass_day().await?;
            Ok(viewer.catch_up().await?)
        })
        .await
}
