//! Organisations, what was true of them when, and the codes that they have borne.

use entity::{
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::{Fact, Status, Tier},
};
use sea_orm_migration::{
    prelude::*,
    sea_orm::{ActiveEnum, DatabaseBackend, Iterable},
};

use crate::constraints::{interval, never_overlaps, one_of, organisation};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            let extension = "CREATE EXTENSION IF NOT EXISTS btree_gist";
            manager.get_connection().execute_unprepared(extension).await?;
        }
        manager.create_table(organisations()).await?;
        manager.create_table(facts()).await?;
        manager.create_table(codes()).await?;
        never_overlaps(
            manager,
            "organisation_code",
            "a_code_names_one_organisation",
            None,
            &["scheme", "code"],
        )
        .await?;
        let mut by_organisation = Index::create();
        by_organisation.name("organisation_code_by_organisation").table("organisation_code");
        manager.create_index(by_organisation.col("organisation_id").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["organisation_code", "organisation_fact", "organisation"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn organisations() -> TableCreateStatement {
    let (opened, closed) = (Expr::col("opened_on"), Expr::col("closed_on"));
    Table::create()
        .table("organisation")
        .col(ColumnDef::new("id").big_integer().not_null().primary_key())
        .col(one_of::<Kind>("kind"))
        .col(one_of::<Source>("source"))
        .col(ColumnDef::new("opened_on").date().not_null())
        .col(ColumnDef::new("closed_on").date().check(closed.gte(opened)))
        .col(ColumnDef::new("version").integer().not_null())
        .to_owned()
}

fn facts() -> TableCreateStatement {
    let mut table = Table::create();
    let holds = |fact: Fact, spellings: Vec<String>| {
        Expr::col("fact").ne(fact.to_value()).or(Expr::col("value").is_in(spellings))
    };
    organisation(table.table("organisation_fact"), "organisation_id");
    table
        .col(one_of::<Fact>("fact"))
        .col(ColumnDef::new("valid_from").date().not_null())
        .col(ColumnDef::new("value").text().not_null())
        .check(holds(Fact::Status, Status::iter().map(|each| each.to_value()).collect()))
        .check(holds(Fact::Tier, Tier::iter().map(|each| each.to_value()).collect()))
        .primary_key(Index::create().col("organisation_id").col("fact").col("valid_from"))
        .to_owned()
}

fn codes() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("organisation_code").col(one_of::<CodeScheme>("scheme"));
    table.col(ColumnDef::new("code").text().not_null());
    organisation(interval(&mut table), "organisation_id");
    table.primary_key(Index::create().col("scheme").col("code").col("valid_from")).to_owned()
}
