//! Returns as figures: how many were owed and came, of whoever sits within a place and of
//! the place itself.

use std::{collections::HashMap, sync::Arc};

use sea_orm::DbErr;

use super::{boundaries::places_on, gather::Wanted};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        metrics::{derivation::Counting, england},
        observations::Sums,
        returns::counted::counted,
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// Returns of one place and month.
#[derive(Debug, Clone, Copy, Default)]
struct Returns {
    owed: i64,
    submitted: i64,
    on_time: i64,
}

/// Returns by place and month.
#[derive(Debug, Default)]
pub(super) struct Owed(HashMap<(OrganisationId, Month), Returns>);

impl Owed {
    pub(super) async fn read(
        viewer: &Viewer,
        directory: &Directory,
        wanted: &Wanted<'_>,
        organisations: &[Arc<Organisation>],
    ) -> Result<Self, DbErr> {
        let mut owed = Self::default();
        let england = england(directory);
        let asked = |id: &OrganisationId| organisations.iter().any(|each| each.id() == *id);
        for each in counted(viewer, wanted.months).await? {
            let above = places_on(directory, &each.organisation, each.month, wanted.fixed());
            let places = above.chain(england).chain([each.organisation.id()]);
            for place in places.filter(asked) {
                let returns = owed.0.entry((place, each.month)).or_default();
                returns.owed += i64::from(each.owed);
                returns.submitted += i64::from(each.submitted);
                returns.on_time += i64::from(each.on_time);
            }
        }
        Ok(owed)
    }

    /// What a share is made of, over some months; none where nothing was owed.
    pub(super) fn sums(
        &self,
        place: OrganisationId,
        months: impl Iterator<Item = Month>,
        counting: Counting,
    ) -> Option<Sums> {
        const ONE: i64 = 1_000_000;
        let mut sums = Sums::default();
        for month in months {
            let Some(returns) = self.0.get(&(place, month)) else { continue };
            let came = match counting {
                Counting::Completeness => returns.submitted,
                Counting::OnTime => returns.on_time,
            };
            sums.numerator += came * ONE;
            sums.denominator += returns.owed * ONE;
        }
        (sums.denominator > 0).then_some(sums)
    }
}
