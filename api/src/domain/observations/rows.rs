//! Rows of observations and sums, read by the place of each column. Looking every column
//! up by its name, as models are read, costs more than the rest of a long read together.

use entity::{observation, rollup};
use sea_orm::{DbErr, FromQueryResult, QueryResult};

/// An observation whose columns were selected in the order of the entity.
pub(in crate::domain) struct ObservationRow(pub observation::Model);

/// A sum whose columns were selected in the order of the entity.
pub(in crate::domain) struct SumRow(pub rollup::Model);

impl FromQueryResult for ObservationRow {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        Ok(Self(observation::Model {
            id: row.try_get_by_index(0)?,
            series_id: row.try_get_by_index(1)?,
            version_id: row.try_get_by_index(2)?,
            organisation_id: row.try_get_by_index(3)?,
            month: row.try_get_by_index(4)?,
            revision: row.try_get_by_index(5)?,
            state: row.try_get_by_index(6)?,
            value: row.try_get_by_index(7)?,
            numerator: row.try_get_by_index(8)?,
            denominator: row.try_get_by_index(9)?,
            status: row.try_get_by_index(10)?,
            source: row.try_get_by_index(11)?,
            recorded_at: row.try_get_by_index(12)?,
            audit_id: row.try_get_by_index(13)?,
            return_id: row.try_get_by_index(14)?,
            import_id: row.try_get_by_index(15)?,
            note: row.try_get_by_index(16)?,
        }))
    }
}

impl FromQueryResult for SumRow {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        Ok(Self(rollup::Model {
            series_id: row.try_get_by_index(0)?,
            place_id: row.try_get_by_index(1)?,
            month: row.try_get_by_index(2)?,
            status: row.try_get_by_index(3)?,
            basis: row.try_get_by_index(4)?,
            reported: row.try_get_by_index(5)?,
            nil: row.try_get_by_index(6)?,
            not_applicable: row.try_get_by_index(7)?,
            value: row.try_get_by_index(8)?,
            numerator: row.try_get_by_index(9)?,
            denominator: row.try_get_by_index(10)?,
            recorded_at: row.try_get_by_index(11)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn columns_stand_where_they_are_read() {
        let names = |columns: Vec<String>| columns.join(" ");
        let observation =
            observation::Column::iter().map(|c| sea_orm::IdenStatic::as_str(&c).to_owned());
        let sum = rollup::Column::iter().map(|c| sea_orm::IdenStatic::as_str(&c).to_owned());
        assert_eq!(
            names(observation.collect()),
            "id series_id version_id organisation_id month revision state value numerator \
             denominator status source recorded_at audit_id return_id import_id note"
        );
        assert_eq!(
            names(sum.collect()),
            "series_id place_id month status basis reported nil not_applicable value numerator \
             denominator recorded_at"
        );
    }
}
