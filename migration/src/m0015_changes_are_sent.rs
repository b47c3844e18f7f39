//! Webhooks: where changes are sent, what they are signed with, and what came of each try.

use entity::webhook::Status;
use sea_orm_migration::prelude::*;

use crate::{
    constraints::{id, one_of, refers, version},
    m0003_every_write_is_recorded::{at, audited, text},
    m0010_sites_take_part::index,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [webhooks(), secrets(), deliveries()] {
            manager.create_table(table).await?;
        }
        index(manager, "webhook_secret", "webhook_id").await?;
        index(manager, "webhook_delivery", "at").await?;
        let mut log = Index::create();
        log.name("webhook_delivery_by_webhook").table("webhook_delivery");
        manager.create_index(log.col("webhook_id").col("id").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["webhook_delivery", "webhook_secret", "webhook"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn moment(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().to_owned()
}

fn perhaps_a_moment(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().to_owned()
}

fn whole(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).integer().not_null().to_owned()
}

/// Organisations are named without a foreign key: those of the demonstration go.
fn webhooks() -> TableCreateStatement {
    let mut table = Table::create();
    let mut client = ForeignKey::create().from_col("client_id").to("api_client", "id").to_owned();
    table
        .table("webhook")
        .col(id())
        .col(text("role"))
        .col(ColumnDef::new("client_id").big_integer())
        .foreign_key(&mut client)
        .col(ColumnDef::new("organisation_id").big_integer())
        .col(text("registered_by"))
        .col(moment("registered_at"))
        .col(text("url"))
        .col(ColumnDef::new("types").text())
        .col(one_of::<Status>("status"))
        .col(perhaps_a_moment("paused_at"))
        .col(ColumnDef::new("paused_because").text())
        .col(ColumnDef::new("cursor").big_integer().not_null())
        .col(text("delivered"))
        .col(whole("placed"))
        .col(ColumnDef::new("wants_test").boolean().not_null())
        .col(whole("failures"))
        .col(moment("next_attempt_at"))
        .col(ColumnDef::new("claimed_by").text())
        .col(perhaps_a_moment("claimed_until"));
    audited(&mut table).col(version()).to_owned()
}

fn secrets() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("webhook_secret").col(id());
    refers(&mut table, "webhook_id", "webhook");
    table.col(text("secret")).col(moment("created_at")).col(perhaps_a_moment("expires_at"));
    audited(&mut table).to_owned()
}

fn deliveries() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("webhook_delivery")
        .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key());
    refers(&mut table, "webhook_id", "webhook");
    table
        .col(at())
        .col(text("message_id"))
        .col(ColumnDef::new("position").big_integer())
        .col(ColumnDef::new("change_type").text())
        .col(ColumnDef::new("status_code").integer())
        .col(ColumnDef::new("failure").text())
        .col(whole("milliseconds"))
        .to_owned()
}
