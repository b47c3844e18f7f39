//! What holds, or held at an earlier moment: the highest revision of each figure.

use chrono::{DateTime, Utc};
use entity::observation::{self, Column};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Select,
    sea_query::{Alias, Expr, ExprTrait, Query},
};

use super::rows::ObservationRow;
use crate::ids::{Month, OrganisationId};

/// Which figures to look at; what is None does not narrow it.
#[derive(Debug, Clone, Default)]
pub(in crate::domain) struct Latest<'a> {
    pub series: Option<&'a [i64]>,
    pub organisations: Option<&'a [OrganisationId]>,
    pub months: Option<(Month, Month)>,
    /// As it was known then, instead of now.
    pub known_at: Option<DateTime<Utc>>,
}

/// The highest revision of each figure; those taken back are among them.
pub(in crate::domain) fn latest_of(wanted: &Latest<'_>) -> Select<observation::Entity> {
    let later = Alias::new("later");
    let column = |column: Column| Expr::col((later.clone(), column));
    let same = |each: Column| column(each).eq(Expr::col((observation::Entity, each)));
    let mut newer = Query::select()
        .expr(Expr::val(1))
        .from_as(observation::Entity, later.clone())
        .and_where(same(Column::OrganisationId))
        .and_where(same(Column::SeriesId))
        .and_where(same(Column::Month))
        .and_where(column(Column::Revision).gt(Expr::col((observation::Entity, Column::Revision))))
        .to_owned();
    let mut bounds = Condition::all()
        .add_option(wanted.series.map(|all| Column::SeriesId.is_in(all.iter().copied())))
        .add_option(
            wanted.organisations.map(|all| Column::OrganisationId.is_in(all.iter().copied())),
        )
        .add_option(
            wanted.months.map(|(first, last)| Column::Month.between(first.stored(), last.stored())),
        );
    if let Some(known_at) = wanted.known_at {
        newer.and_where(column(Column::RecordedAt).lte(known_at));
        bounds = bounds.add(Column::RecordedAt.lte(known_at));
    }
    observation::Entity::find().filter(bounds).filter(Expr::exists(newer).not())
}

/// As [`latest_of`], read at once.
pub(in crate::domain) async fn read(
    connection: &impl ConnectionTrait,
    wanted: &Latest<'_>,
) -> Result<Vec<observation::Model>, sea_orm::DbErr> {
    let rows = latest_of(wanted).into_model::<ObservationRow>().all(connection).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
