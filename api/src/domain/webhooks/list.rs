//! Finding webhooks: all for the programme team, one's own for everybody else who may have
//! any. What they are signed with is not among what is read.

use entity::webhook::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::Whose;
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        page::{Page, PageRequest, page_of},
        viewer::Viewer,
    },
};

fn visible(viewer: &Viewer) -> Select<Entity> {
    Entity::find().filter(Whose::within(viewer, Action::ReadWebhooks).condition())
}

/// The webhook of that id, if the viewer may see it.
pub async fn find(viewer: &Viewer, id: i64) -> Result<Option<Model>, Failure> {
    viewer.permit(Action::ReadWebhooks)?;
    Ok(find_all(viewer, &[id]).await?.pop())
}

/// The webhooks of those ids that the viewer may see.
pub async fn find_all(viewer: &Viewer, ids: &[i64]) -> Result<Vec<Model>, Failure> {
    let found = visible(viewer).filter(Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(&viewer.store().reader).await?)
}

/// One page of the webhooks that the viewer may see, the newest first.
pub async fn list(viewer: &Viewer, request: &PageRequest) -> Result<Page<Model>, Failure> {
    viewer.permit(Action::ReadWebhooks)?;
    let span = request.window()?.span();
    let mut query = visible(viewer);
    if let Some(id) = span.after {
        query = query.filter(Column::Id.lt(id));
    }
    if let Some(id) = span.before {
        query = query.filter(Column::Id.gt(id));
    }
    query = if span.backward {
        query.order_by_asc(Column::Id)
    } else {
        query.order_by_desc(Column::Id)
    };
    let rows = query.limit(span.size as u64 + 1).all(&viewer.store().reader).await?;
    Ok(page_of(rows, &span, |row: &Model| row.id))
}

/// How many the viewer may see.
pub async fn count(viewer: &Viewer) -> Result<u64, Failure> {
    Ok(visible(viewer).count(&viewer.store().reader).await?)
}
