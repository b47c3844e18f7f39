//! A reach, as the condition of a query: the same rule as [`Directory::covers`],
//! which decides about one organisation in memory; a test holds them together.
//!
//! [`Directory::covers`]: super::directory::Directory::covers

use chrono::NaiveDate;
use entity::{
    observation,
    organisation::{self, Kind},
    placement,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, IntoColumnRef, SelectStatement},
};

use crate::{auth::policy::Reach, ids::OrganisationId};

/// Rows whose `column` names an organisation within the reach on that day.
pub(super) fn within(reach: Reach, column: impl IntoColumnRef + Copy, day: NaiveDate) -> Condition {
    let itself = |id: OrganisationId| Condition::any().add(Expr::col(column).eq(id));
    let placed = |place: placement::Column, id: OrganisationId| {
        itself(id).add(Expr::col(column).in_subquery(placed_in(place, id, day)))
    };
    match reach {
        // An empty condition would let everything through: nowhere is said outright.
        Reach::Nowhere | Reach::Provider(_) | Reach::Assigned | Reach::Itself => {
            Condition::all().add(Expr::cust("1 = 0"))
        }
        Reach::Everywhere => Condition::all().add(Expr::cust("1 = 1")),
        Reach::Site(site) => itself(site),
        Reach::TrainingHub(hub) => {
            itself(hub).add(Expr::col(column).in_subquery(only_sites(placed_in(
                placement::Column::TrainingHubId,
                hub,
                day,
            ))))
        }
        Reach::Area(area) => [placement::Column::SubIcbId, placement::Column::PcnId]
            .into_iter()
            .fold(placed(placement::Column::IcbId, area), |any, place| {
                any.add(Expr::col(column).in_subquery(placed_in(place, area, day)))
            }),
        Reach::Region(region) => placed(placement::Column::RegionId, region),
        Reach::Granted(parts) => {
            let nothing = Condition::any().add(Expr::cust("1 = 0"));
            parts.iter().fold(nothing, |any, part| any.add(within(part.clone(), column, day)))
        }
    }
}

/// Rows of observations whose organisation sat within a place on that day, or is it.
pub(super) fn placed_within(place: OrganisationId, kind: Kind, day: NaiveDate) -> Condition {
    let column = observation::Column::OrganisationId;
    let within = |level| column.in_subquery(placed_in(level, place, day));
    let itself = Condition::any().add(column.eq(place));
    match kind {
        Kind::Programme => Condition::all().add(Expr::cust("1 = 1")),
        Kind::Region => itself.add(within(placement::Column::RegionId)),
        Kind::Icb => itself.add(within(placement::Column::IcbId)),
        Kind::SubIcb => itself.add(within(placement::Column::SubIcbId)),
        Kind::Pcn => itself.add(within(placement::Column::PcnId)),
        Kind::TrainingHub => itself.add(within(placement::Column::TrainingHubId)),
        Kind::Site | Kind::Provider => itself,
    }
}

fn placed_in(place: placement::Column, id: OrganisationId, day: NaiveDate) -> SelectStatement {
    placement::Entity::find()
        .select_only()
        .column(placement::Column::OrganisationId)
        .filter(place.eq(id))
        .filter(placement::Column::ValidFrom.lte(day))
        .filter(
            Condition::any()
                .add(placement::Column::ValidTo.is_null())
                .add(placement::Column::ValidTo.gt(day)),
        )
        .into_query()
}

fn only_sites(placed: SelectStatement) -> SelectStatement {
    organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .filter(organisation::Column::Kind.eq(Kind::Site))
        .filter(organisation::Column::Id.in_subquery(placed))
        .into_query()
}
