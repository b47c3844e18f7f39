//! Machine clients: who they are, what they prove it with, and what they are granted.

use sea_orm_migration::prelude::*;

use crate::{
    constraints::{id, refers, version},
    m0003_every_write_is_recorded::{audited, text},
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
        for table in [clients(), keys(), secrets(), grants(), uses(), assertions()] {
            manager.create_table(table).await?;
        }
        index(manager, "api_client_secret", "client_id").await?;
        index(manager, "client_assertion", "expires_at").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "client_assertion",
            "api_client_use",
            "api_client_grant",
            "api_client_secret",
            "api_client_key",
            "api_client",
        ] {
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

fn clients() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("api_client")
        .col(id())
        .col(text("code").unique_key())
        .col(text("name"))
        .col(text("contact"))
        .col(moment("registered_at"))
        .col(perhaps_a_moment("revoked_at"));
    audited(&mut table).col(version()).to_owned()
}

fn keys() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("api_client_key");
    refers(&mut table, "client_id", "api_client");
    table.col(text("kid")).col(text("jwk")).col(moment("added_at"));
    audited(&mut table).primary_key(Index::create().col("client_id").col("kid")).to_owned()
}

fn secrets() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("api_client_secret").col(id());
    refers(&mut table, "client_id", "api_client");
    table
        .col(text("hint"))
        .col(text("hash"))
        .col(moment("created_at"))
        .col(perhaps_a_moment("expires_at"));
    audited(&mut table).to_owned()
}

/// Organisations are named without a foreign key: those of the demonstration go.
fn grants() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("api_client_grant");
    refers(&mut table, "client_id", "api_client");
    table.col(ColumnDef::new("organisation_id").big_integer().not_null()).col(text("scope"));
    let mut one = Index::create();
    one.col("client_id").col("organisation_id").col("scope");
    audited(&mut table).primary_key(&mut one).to_owned()
}

fn uses() -> TableCreateStatement {
    let mut table = Table::create();
    let mut key = ForeignKey::create().from_col("client_id").to("api_client", "id").to_owned();
    table
        .table("api_client_use")
        .col(ColumnDef::new("client_id").big_integer().not_null().primary_key())
        .foreign_key(&mut key)
        .col(perhaps_a_moment("last_used_at"))
        .to_owned()
}

fn assertions() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("client_assertion");
    refers(&mut table, "client_id", "api_client");
    table
        .col(text("jti_digest"))
        .col(moment("expires_at"))
        .primary_key(Index::create().col("client_id").col("jti_digest"))
        .to_owned()
}
