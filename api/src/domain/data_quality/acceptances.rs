//! Which issues were accepted, by whom and why.

use std::collections::{HashMap, HashSet};

use entity::{
    audit,
    data_quality_acceptance::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Acceptance, Issue};
use crate::{domain::turn::VALUES, ids::OrganisationId};

/// Puts the acceptances that there are onto issues.
pub(super) async fn put(
    connection: &impl ConnectionTrait,
    issues: &mut [Issue],
) -> Result<(), DbErr> {
    let mut rows: HashMap<String, Model> = HashMap::new();
    for issues in issues.chunks(VALUES) {
        let keys = issues.iter().map(|issue| issue.key.as_str());
        let found = Entity::find().filter(Column::Issue.is_in(keys)).all(connection).await?;
        rows.extend(found.into_iter().map(|row| (row.issue.clone(), row)));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut audits: HashMap<i64, audit::Model> = HashMap::new();
    let ids: Vec<i64> = rows.values().map(|row| row.audit_id).collect();
    for ids in ids.chunks(VALUES) {
        let ids = audit::Column::Id.is_in(ids.iter().copied());
        let found = audit::Entity::find().filter(ids).all(connection).await?;
        audits.extend(found.into_iter().map(|row| (row.id, row)));
    }
    for issue in issues {
        let row = rows.get(&issue.key);
        issue.acceptance = row.and_then(|row| {
            let audit = audits.get(&row.audit_id)?;
            let (reason, role) = (row.reason.clone(), audit.role.clone());
            Some(Acceptance { reason, role, at: audit.at })
        });
    }
    Ok(())
}

/// The organisations of which anything was ever accepted.
pub(super) async fn organisations(
    connection: &impl ConnectionTrait,
) -> Result<HashSet<OrganisationId>, DbErr> {
    let query = Entity::find().select_only().column(Column::OrganisationId).distinct();
    let ids: Vec<OrganisationId> = query.into_tuple().all(connection).await?;
    Ok(ids.into_iter().collect())
}
