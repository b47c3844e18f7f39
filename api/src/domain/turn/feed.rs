//! What a turn leaves in the database besides the facts themselves: the lines of the feed,
//! and how far ids and the feed have come.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{
    change::{self, ChangeType, Tells},
    organisation::Kind,
    row_id,
};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    Iterable, Statement,
};

use super::{Said, Turn};
use crate::{domain::records, ids::OrganisationId};

/// As many values as SQLite takes in one statement, less a few.
pub(in crate::domain) const VALUES: usize = 32_000;

/// How far ids and the feed have come.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(in crate::domain) struct Reached {
    pub next: i64,
    pub register_position: i64,
    pub catalogue_position: i64,
    pub figures_position: i64,
    pub records_position: i64,
    pub day: Option<NaiveDate>,
    pub position: i64,
    /// How often the sandbox was reset, and up to where the feed was forgotten with it; 0
    /// where this is none.
    pub resets: i64,
    pub forgotten: i64,
    /// By how many microseconds the sandbox's clock is ahead.
    pub ahead: i64,
}

impl Turn {
    /// Reads the records that changed as they now are, and says which sites are in another
    /// stage because of it.
    pub(super) async fn tell_of_records(&mut self) -> Result<(), DbErr> {
        let of_records = |said: &&Said| said.change_type.tells() == Tells::Records;
        let touched: BTreeSet<_> =
            self.said.iter().filter(of_records).filter_map(|said| said.node).collect();
        if touched.is_empty() {
            return Ok(());
        }
        let removed = self.said.iter().any(|said| said.change_type == ChangeType::RecordRemoved);
        let newer = if removed {
            records::load::load(&self.transaction).await?
        } else {
            // A register that changes in the same turn takes its tallies with it.
            let register = (!self.adopted).then_some(&*self.directory);
            records::load::renew(&self.records, &self.transaction, &touched, register).await?
        };
        let moved = self.records.moved(&newer, self.today());
        self.said.extend(moved);
        self.renewed = Some(newer);
        Ok(())
    }

    pub(super) async fn write_reached(&self) -> Result<(), DbErr> {
        let reached = &self.reached;
        row_id::Entity::update_many()
            .col_expr(row_id::Column::Next, reached.next.into())
            .col_expr(row_id::Column::RegisterPosition, reached.register_position.into())
            .col_expr(row_id::Column::CataloguePosition, reached.catalogue_position.into())
            .col_expr(row_id::Column::FiguresPosition, reached.figures_position.into())
            .col_expr(row_id::Column::RecordsPosition, reached.records_position.into())
            .col_expr(row_id::Column::Day, reached.day.into())
            .exec(&self.transaction)
            .await
            .map(|_| ())
    }

    /// How far the register will have come once everything said is written.
    pub(super) fn register_position(&self) -> i64 {
        let tells = |said: &Said| said.change_type.tells() == Tells::Register;
        match self.said.iter().rposition(tells) {
            Some(last) => self.reached.position + 1 + last as i64,
            None => self.reached.register_position,
        }
    }

    /// The position that the last thing said until now will have.
    pub(in crate::domain) fn last_position(&self) -> i64 {
        self.reached.position + self.said.len() as i64
    }

    fn kind_of_gone(&self, change_type: ChangeType, id: OrganisationId) -> Option<Kind> {
        let gone = self.began.find(id).filter(|_| change_type == ChangeType::Removed);
        gone.map(|organisation| organisation.kind())
    }

    /// Out of whose reach one of the things that were said took its record.
    fn left_reach_of(&self, said: usize) -> Result<Option<String>, DbErr> {
        let left = self.left.get(&said).filter(|left| !left.is_empty());
        let text = left.map(serde_json::to_string).transpose();
        text.map_err(|error| DbErr::Custom(error.to_string()))
    }

    pub(super) async fn write_changes(&mut self, audit_id: i64) -> Result<(), DbErr> {
        let mut rows = Vec::with_capacity(self.said.len());
        for (at, said) in std::mem::take(&mut self.said).into_iter().enumerate() {
            self.reached.position += 1;
            let position = self.reached.position;
            match said.change_type.tells() {
                Tells::Register => self.reached.register_position = position,
                Tells::Catalogue => self.reached.catalogue_position = position,
                Tells::Figures => self.reached.figures_position = position,
                Tells::Records => self.reached.records_position = position,
                Tells::Workflow => {}
            }
            rows.push(change::Model {
                position,
                at: self.at,
                audit_id,
                organisation_id: said.organisation_id,
                change_type: said.change_type,
                effective_on: said.effective_on,
                before: said.before,
                after: said.after,
                node_type: said.node.map(|(kind, _)| kind),
                node_id: said.node.map(|(_, id)| id),
                organisation_kind: self.kind_of_gone(said.change_type, said.organisation_id),
                left_reach_of: self.left_reach_of(at)?,
            });
        }
        insert::<change::Entity>(&self.transaction, rows).await
    }
}

/// Inserts rows in as few statements as SQLite allows.
pub(in crate::domain) async fn insert<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    rows: Vec<E::Model>,
) -> Result<(), DbErr>
where
    E::Model: IntoActiveModel<E::ActiveModel> + Clone,
    E::ActiveModel: Send,
{
    for rows in rows.chunks(VALUES / E::Column::iter().count()) {
        let rows = rows.iter().cloned().map(|row| row.into_active_model().reset_all());
        E::insert_many(rows).exec_without_returning(connection).await?;
    }
    Ok(())
}

pub(in crate::domain) async fn reached(
    connection: &impl ConnectionTrait,
) -> Result<Reached, DbErr> {
    let asked = Statement::from_string(
        connection.get_database_backend(),
        "SELECT next, register_position, catalogue_position, figures_position, records_position, \
         day, \
         COALESCE((SELECT MAX(position) FROM change), 0) AS position, \
         COALESCE((SELECT resets FROM sandbox), 0) AS resets, \
         COALESCE((SELECT forgotten FROM sandbox), 0) AS forgotten, \
         COALESCE((SELECT ahead FROM sandbox), 0) AS ahead \
         FROM row_id WHERE name = 'register'",
    );
    let found = Reached::find_by_statement(asked).one(connection).await?;
    found.ok_or_else(|| DbErr::RecordNotFound("row_id".to_owned()))
}
