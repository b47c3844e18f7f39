//! The changes of organisations: what became different, when, and for those who may
//! know it, by whose hand.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::{
    Context, ID, Object,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, Utc};
use entity::{audit, change};

use super::{
    audit::AuditEntry,
    enums::ChangeType,
    error::{Result, shared},
    ids::id_of,
    organisations::{
        interfaces::{Node, Organisation},
        nodes::{Asked, nodes},
        parts,
        seen::viewer,
    },
    page::{Connected, Total, connected},
    scalars::Date,
};
use crate::{
    domain::{
        audit as domain_audit, changes,
        error::Failure,
        page::{Page, PageRequest, Span},
        participation::recorders::{Recorded, Recorder, recorders},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// One thing that became different about an organisation.
pub struct Change(pub change::Model);

/// One thing that became different about an organisation.
#[Object]
impl Change {
    /// When it was recorded.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// What became different.
    #[graphql(name = "type")]
    async fn change_type(&self) -> ChangeType {
        self.0.change_type.into()
    }

    /// Whose change it is, as it is today; null once the organisation is gone, and of a
    /// record that left your reach.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        let told = self.0.change_type != change::ChangeType::LeftYourReach;
        told.then(|| parts::organisation(ctx, self.0.organisation_id, viewer(ctx).today()))?
    }

    /// The id of what is another: the record, or the organisation where the change is about
    /// none of its records. Null only of an organisation that you cannot see.
    async fn node_id(&self, ctx: &Context<'_>) -> Option<ID> {
        changes::named(viewer(ctx), &self.0).map(|(name, row)| id_of(name, row))
    }

    /// What it is now, for your copy of it; null means that there is nothing for you any
    /// more: it is gone, or has left your reach.
    async fn node(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        let Some((name, row)) = changes::named(viewer(ctx), &self.0) else { return Ok(None) };
        Ok(nodes(ctx, vec![Asked::Row(name.to_owned(), row)]).await?.pop().flatten())
    }

    /// The day from which it holds.
    async fn effective_on(&self) -> Option<Date> {
        self.0.effective_on.map(Date)
    }

    /// What it was, in words: a name, a code, a status.
    async fn before(&self) -> Option<&str> {
        self.0.before.as_deref()
    }

    /// What it is, in words.
    async fn after(&self) -> Option<&str> {
        self.0.after.as_deref()
    }

    /// Who did it; null outside of your right to read the audit.
    async fn audit(&self, ctx: &Context<'_>) -> Result<Option<AuditEntry>> {
        audit_of(ctx, self.0.audit_id).await
    }
}

/// An audit row, to those who may see it; those of a whole list come in one query.
pub async fn audit_of(ctx: &Context<'_>, id: i64) -> Result<Option<AuditEntry>> {
    let found = loader(ctx).load_one(AuditOf(id)).await.map_err(shared)?;
    Ok(found.map(AuditEntry))
}

/// Who recorded a stage; those of a whole list come in one query.
pub async fn recorder_of(ctx: &Context<'_>, of: Recorded) -> Result<Option<Recorder>> {
    loader(ctx).load_one(RecorderOf(of)).await.map_err(shared)
}

/// One page of an organisation's history; those of a whole list come in one query.
pub async fn of(
    ctx: &Context<'_>,
    organisation: OrganisationId,
    request: &PageRequest,
) -> Result<Connected<Change>> {
    let key = HistoryOf { organisation, span: request.window()?.span() };
    let page = loader(ctx).load_one(key).await.map_err(shared)?;
    let page = page.unwrap_or(Page { items: Vec::new(), has_next: false, has_previous: false });
    let viewer = viewer(ctx).clone();
    let total = Total::new(move || {
        let viewer = viewer.clone();
        async move {
            let count = changes::count(&viewer, organisation).await?;
            Ok(i32::try_from(count).unwrap_or(i32::MAX))
        }
    });
    Ok(connected(page, total, Change))
}

/// Loads for one viewer, and so never mixes what two may see.
pub struct Histories(Viewer);

pub fn loaders(viewer: &Viewer) -> DataLoader<Histories> {
    let histories = Histories(viewer.clone());
    // Long enough for the fields of a list to gather, short enough not to be felt.
    let gather = std::time::Duration::from_micros(100);
    DataLoader::new(
        histories,
        async_graphql::runtime::TokioSpawner::current(),
        async_graphql::runtime::TokioTimer::default(),
    )
    .delay(gather)
}

fn loader<'a>(ctx: &Context<'a>) -> &'a DataLoader<Histories> {
    ctx.data_unchecked::<DataLoader<Histories>>()
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct HistoryOf {
    organisation: OrganisationId,
    /// Histories with the same span are read together.
    span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct AuditOf(i64);

impl Loader<HistoryOf> for Histories {
    type Value = Page<change::Model>;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[HistoryOf],
    ) -> Result<HashMap<HistoryOf, Page<change::Model>>, Arc<Failure>> {
        let mut by_span: HashMap<&Span, Vec<OrganisationId>> = HashMap::new();
        for key in keys {
            by_span.entry(&key.span).or_default().push(key.organisation);
        }
        let mut found = HashMap::new();
        for (span, organisations) in by_span {
            let pages = changes::histories(&self.0, &organisations, span).await?;
            found.extend(pages.into_iter().map(|(organisation, page)| {
                (HistoryOf { organisation, span: span.clone() }, page)
            }));
        }
        Ok(found)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct RecorderOf(Recorded);

impl Loader<RecorderOf> for Histories {
    type Value = Recorder;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[RecorderOf],
    ) -> Result<HashMap<RecorderOf, Recorder>, Arc<Failure>> {
        let recorded: Vec<Recorded> = keys.iter().map(|key| key.0).collect();
        let found = recorders(&self.0, &recorded).await?;
        Ok(found.into_iter().map(|(key, recorder)| (RecorderOf(key), recorder)).collect())
    }
}

impl Loader<AuditOf> for Histories {
    type Value = audit::Model;
    type Error = Arc<Failure>;

    async fn load(&self, keys: &[AuditOf]) -> Result<HashMap<AuditOf, audit::Model>, Arc<Failure>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let rows = domain_audit::find(&self.0, &ids).await?;
        Ok(rows.into_iter().map(|row| (AuditOf(row.id), row)).collect())
    }
}
