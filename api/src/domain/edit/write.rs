//! Writing an edit's difference: audit row, facts, change rows, in few statements.

use chrono::NaiveDate;
use std::collections::BTreeSet;

use entity::{
    baseline, data_quality_acceptance, edition, lead_appointment, list_size, membership,
    monthly_return, observation, organisation, organisation_code, organisation_fact, placement,
    rebase, succession, target,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr,
    EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::{
    Edit,
    difference::{Difference, Rows},
};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        observations::take_back::take_back,
        records::remove::remove,
        turn::{VALUES, insert},
    },
    ids::OrganisationId,
};

impl Edit {
    /// Whether a file with that very content was loaded before.
    pub(in crate::domain) async fn loaded_before(
        &self,
        format: &str,
        sha256: &str,
    ) -> Result<bool, DbErr> {
        let same = edition::Entity::find()
            .filter(edition::Column::Format.eq(format))
            .filter(edition::Column::Sha256.eq(sha256));
        Ok(same.one(self.connection()).await?.is_some())
    }

    /// Says that this edit loads an edition of a published file; the row is written
    /// with the audit row's id.
    pub(in crate::domain) fn loaded(
        &mut self,
        format: &'static str,
        edition_on: NaiveDate,
        sha256: String,
        rows: i64,
    ) {
        self.editions.push(edition::ActiveModel {
            format: Set(format.to_owned()),
            edition_on: Set(edition_on),
            sha256: Set(sha256),
            rows: Set(rows),
            ..Default::default()
        });
    }

    /// Writes everything but the change rows and the commit.
    pub(super) async fn write(&mut self, about: Option<OrganisationId>) -> Result<(), DbErr> {
        let mut difference = self.difference();
        let audit_id = self.turn.audit(about).await?;
        for mut edition in std::mem::take(&mut self.editions) {
            edition.audit_id = Set(audit_id);
            edition.insert(self.connection()).await?;
        }
        if !self.invented.is_empty() {
            remove(&mut self.turn, &self.invented).await?;
            take_back(&mut self.turn, &self.invented).await?;
        }
        write_rows(self.connection(), &difference).await?;
        for said in std::mem::take(&mut difference.said) {
            self.turn.say(said);
        }
        Ok(())
    }

    fn difference(&mut self) -> Difference {
        let before = self.before().clone();
        let action = self.permit().action();
        let mut difference = Difference::default();
        for id in &self.removed {
            if let Some(gone) = before.find(*id) {
                difference.remove(gone);
            }
        }
        let names: Vec<_> = self.changed.keys().copied().collect();
        let labels = labels(&before, self.changed.values());
        let label = |id: OrganisationId| labels.get(&id).cloned().unwrap_or_default();
        for id in names.into_iter().collect::<std::collections::BTreeSet<_>>() {
            let before = before.find(id).map(|known| &**known);
            if let Some(after) = self.changed.get_mut(&id) {
                after.sort_codes();
                difference.add(before, after, action, &label);
            }
        }
        difference
    }
}

/// What the feed calls an organisation: its code, or its name.
fn labels<'a>(
    before: &Directory,
    changed: impl Iterator<Item = &'a Organisation> + Clone,
) -> std::collections::HashMap<OrganisationId, String> {
    let label = |organisation: &Organisation| {
        let code = organisation.codes.iter().max_by_key(|code| {
            (code.scheme == entity::organisation_code::CodeScheme::Ods, code.valid_from)
        });
        code.map(|code| code.code.clone())
            .or_else(|| organisation.name.latest().map(|name| name.to_string()))
            .unwrap_or_default()
    };
    let parents = changed.clone().flat_map(|each| {
        let leads = each.leads.iter().map(|lead| lead.training_hub_id);
        let memberships = each.memberships.iter().map(|membership| membership.parent_id);
        let related = each.successors.iter().flat_map(|row| [row.predecessor_id, row.successor_id]);
        leads.chain(memberships).chain(related)
    });
    let mut labels: std::collections::HashMap<_, _> =
        parents.filter_map(|id| before.find(id).map(|found| (id, label(found)))).collect();
    labels.extend(changed.map(|each| (each.id(), label(each))));
    labels
}

/// Rows go before rows come, so that no constraint meets a state that never was.
async fn write_rows(connection: &impl ConnectionTrait, all: &Difference) -> Result<(), DbErr> {
    delete_ids::<membership::Entity>(connection, membership::Column::Id, &all.memberships, |m| {
        m.id
    })
    .await?;
    delete_ids::<placement::Entity>(
        connection,
        placement::Column::OrganisationId,
        &all.placements,
        |placement| placement.organisation_id,
    )
    .await?;
    delete_ids::<lead_appointment::Entity>(
        connection,
        lead_appointment::Column::Id,
        &all.leads,
        |lead| lead.id,
    )
    .await?;
    delete_ids::<succession::Entity>(connection, succession::Column::Id, &all.successions, |s| {
        s.id
    })
    .await?;
    delete_keyed(connection, all).await?;
    delete_removed(connection, &all.removed).await?;
    write_organisations(connection, &all.organisations).await?;
    insert::<organisation_fact::Entity>(connection, all.facts.new.clone()).await?;
    insert::<organisation_code::Entity>(connection, all.codes.new.clone()).await?;
    insert::<membership::Entity>(connection, all.memberships.new.clone()).await?;
    insert::<placement::Entity>(connection, all.placements.new.clone()).await?;
    insert::<lead_appointment::Entity>(connection, all.leads.new.clone()).await?;
    insert::<succession::Entity>(connection, all.successions.new.clone()).await?;
    insert::<list_size::Entity>(connection, all.list_sizes.new.clone()).await
}

/// Facts, codes and list sizes go one by one: only a correction takes one out.
async fn delete_keyed(connection: &impl ConnectionTrait, all: &Difference) -> Result<(), DbErr> {
    for gone in &all.facts.gone {
        let key = (gone.organisation_id, gone.fact, gone.valid_from);
        organisation_fact::Entity::delete_by_id(key).exec(connection).await?;
    }
    for gone in &all.codes.gone {
        let key = (gone.scheme, gone.code.clone(), gone.valid_from);
        organisation_code::Entity::delete_by_id(key).exec(connection).await?;
    }
    for gone in &all.list_sizes.gone {
        let key = (gone.organisation_id, gone.counted_on);
        list_size::Entity::delete_by_id(key).exec(connection).await?;
    }
    Ok(())
}

/// What is left of the organisations that are removed, and they themselves.
async fn delete_removed(
    connection: &impl ConnectionTrait,
    removed: &[OrganisationId],
) -> Result<(), DbErr> {
    async fn of<E: EntityTrait>(
        connection: &impl ConnectionTrait,
        owner: E::Column,
        ids: &[OrganisationId],
    ) -> Result<(), DbErr> {
        let ids = ids.iter().copied();
        E::delete_many().filter(owner.is_in(ids)).exec(connection).await.map(|_| ())
    }
    for ids in removed.chunks(VALUES) {
        let fact = organisation_fact::Column::OrganisationId;
        of::<organisation_fact::Entity>(connection, fact, ids).await?;
        let code = organisation_code::Column::OrganisationId;
        of::<organisation_code::Entity>(connection, code, ids).await?;
        of::<list_size::Entity>(connection, list_size::Column::OrganisationId, ids).await?;
        of::<organisation::Entity>(connection, organisation::Column::Id, ids).await?;
    }
    Ok(())
}

/// An organisation that stays is updated; the version it had guards the update.
async fn write_organisations(
    connection: &impl ConnectionTrait,
    rows: &Rows<organisation::Model>,
) -> Result<(), DbErr> {
    let staying: std::collections::HashMap<_, _> =
        rows.gone.iter().map(|row| (row.id, row)).collect();
    let (updated, new): (Vec<_>, Vec<_>) =
        rows.new.iter().cloned().partition(|row| staying.contains_key(&row.id));
    let (bumped, edited): (Vec<_>, Vec<_>) = updated.into_iter().partition(|row| {
        let before = staying[&row.id];
        *row == organisation::Model { version: before.version + 1, ..before.clone() }
    });
    for ids in bumped.chunks(VALUES) {
        let raised = sea_orm::sea_query::ExprTrait::add(
            sea_orm::sea_query::Expr::col(organisation::Column::Version),
            1,
        );
        organisation::Entity::update_many()
            .col_expr(organisation::Column::Version, raised)
            .filter(organisation::Column::Id.is_in(ids.iter().map(|row| row.id)))
            .exec(connection)
            .await
            .and_then(|done| all_written(done.rows_affected, ids.len()))?;
    }
    for row in edited {
        let guard = Condition::all()
            .add(organisation::Column::Id.eq(row.id))
            .add(organisation::Column::Version.eq(staying[&row.id].version));
        organisation::Entity::update_many()
            .set(row.into_active_model().reset_all())
            .filter(guard)
            .exec(connection)
            .await
            .and_then(|done| all_written(done.rows_affected, 1))?;
    }
    insert::<organisation::Entity>(connection, new).await
}

/// The edit holds the lock, so a row that is not there means that the directory was not
/// the database's state: nothing of the edit may stand.
fn all_written(written: u64, wanted: usize) -> Result<(), DbErr> {
    if written == wanted as u64 { Ok(()) } else { Err(DbErr::RecordNotUpdated) }
}

async fn delete_ids<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    column: E::Column,
    rows: &Rows<E::Model>,
    id: impl Fn(&E::Model) -> i64,
) -> Result<(), DbErr> {
    let mut ids: Vec<i64> = rows.gone.iter().map(id).collect();
    ids.dedup();
    for ids in ids.chunks(VALUES) {
        E::delete_many().filter(column.is_in(ids.iter().copied())).exec(connection).await?;
    }
    Ok(())
}

/// Those of the organisations that some figure, return or setting speaks of.
pub(super) async fn spoken_of(
    connection: &impl ConnectionTrait,
    ids: &[OrganisationId],
) -> Result<BTreeSet<OrganisationId>, DbErr> {
    async fn of<E: EntityTrait>(
        connection: &impl ConnectionTrait,
        owner: E::Column,
        ids: &[OrganisationId],
    ) -> Result<Vec<OrganisationId>, DbErr> {
        let rows = E::find().select_only().column(owner).distinct();
        rows.filter(owner.is_in(ids.iter().copied())).into_tuple().all(connection).await
    }
    let mut found = BTreeSet::new();
    for ids in ids.chunks(VALUES) {
        let observed = observation::Column::OrganisationId;
        found.extend(of::<observation::Entity>(connection, observed, ids).await?);
        let owed = monthly_return::Column::OrganisationId;
        found.extend(of::<monthly_return::Entity>(connection, owed, ids).await?);
        found.extend(of::<target::Entity>(connection, target::Column::OrganisationId, ids).await?);
        let compared = baseline::Column::OrganisationId;
        found.extend(of::<baseline::Entity>(connection, compared, ids).await?);
        found.extend(of::<rebase::Entity>(connection, rebase::Column::OrganisationId, ids).await?);
        let accepted = data_quality_acceptance::Column::OrganisationId;
        found.extend(of::<data_quality_acceptance::Entity>(connection, accepted, ids).await?);
    }
    Ok(found)
}
