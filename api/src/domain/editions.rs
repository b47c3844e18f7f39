//! Which editions of which published files the register holds.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{audit, edition, organisation::Source};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{error::Failure, viewer::Viewer};

/// The editions loaded and when, the newest load first. They are public: what a file
/// brought is part of what a figure rests on; who loaded it is not said here.
pub async fn list(viewer: &Viewer) -> Result<Vec<(edition::Model, DateTime<Utc>)>, Failure> {
    let connection = &viewer.store().reader;
    let editions =
        edition::Entity::find().order_by_desc(edition::Column::Id).all(connection).await?;
    let audits = audit::Entity::find()
        .filter(audit::Column::Id.is_in(editions.iter().map(|edition| edition.audit_id)))
        .all(connection)
        .await?;
    let when: HashMap<i64, DateTime<Utc>> =
        audits.into_iter().map(|row| (row.id, row.at)).collect();
    let dated = |edition: edition::Model| {
        let at = when.get(&edition.audit_id).copied()?;
        Some((edition, at))
    };
    Ok(editions.into_iter().filter_map(dated).collect())
}

/// Whether the register holds anything invented for demonstration.
pub fn demonstration(viewer: &Viewer) -> bool {
    viewer.directory().all().any(|each| each.row.source == Source::Demonstration)
}
