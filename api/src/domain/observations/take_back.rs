//! Taking back the figures that a demonstration made up of its own organisations: each is
//! followed by a revision that withdraws it, and so stays in no sum.

use std::collections::{BTreeSet, HashSet};

use entity::{
    audit,
    observation::{Source, State},
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{
    Entry, Said,
    latest::{Latest, read},
    record::{Provenance, record},
};
use crate::{
    auth::action::Action,
    domain::turn::Turn,
    ids::{Month, OrganisationId},
};

/// How many organisations' figures are looked at at once.
const AT_ONCE: usize = 200;

const NOTE: &str = "the demonstration made way for the real register";

/// Withdraws what came to some organisations with the demonstration. Figures that anybody
/// else recorded of them stand: somebody vouches for these.
pub(in crate::domain) async fn take_back(
    turn: &mut Turn,
    of: &BTreeSet<OrganisationId>,
) -> Result<(), DbErr> {
    if !turn.has_figures() {
        return Ok(());
    }
    let loads: HashSet<i64> = audit::Entity::find()
        .select_only()
        .column(audit::Column::Id)
        .filter(audit::Column::Action.eq(Action::LoadEdition.name()))
        .into_tuple()
        .all(turn.connection())
        .await?
        .into_iter()
        .collect();
    let of: Vec<_> = of.iter().copied().collect();
    for ids in of.chunks(AT_ONCE) {
        let wanted = Latest { organisations: Some(ids), ..Latest::default() };
        let (mut entries, mut status) = (Vec::new(), None);
        for row in read(turn.connection(), &wanted).await? {
            if row.state == State::Withdrawn || !loads.contains(&row.audit_id) {
                continue;
            }
            let Some(definition) = turn.catalogue().of_series(row.series_id).cloned() else {
                continue;
            };
            let Some(organisation) = turn.directory().find(row.organisation_id).cloned() else {
                continue;
            };
            let Some(month) = Month::read(row.month) else { continue };
            let (said, persons) = (Said::Withdrawn, Vec::new());
            status = Some(row.status);
            entries.push(Entry { definition, organisation, month, said, persons });
        }
        // A demonstration records all of its figures alike.
        let Some(status) = status else { continue };
        let provenance =
            Provenance { status, source: Source::Recorded, return_id: None, import_id: None };
        let notes = vec![Some(NOTE.to_owned()); entries.len()];
        record(turn, &entries, &notes, provenance).await?;
    }
    Ok(())
}
