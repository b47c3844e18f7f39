//! What may be wrong with the data, was looked at, and is as it should be.

use entity::data_quality_acceptance::Rule;
use sea_orm_migration::prelude::*;

use crate::{
    constraints::{one_of, organisation},
    m0003_every_write_is_recorded::{audited, text},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(acceptances()).await?;
        let mut by_organisation = Index::create();
        by_organisation.name("acceptance_by_organisation").table("data_quality_acceptance");
        manager.create_index(by_organisation.col("organisation_id").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("data_quality_acceptance").to_owned()).await
    }
}

fn acceptances() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("data_quality_acceptance")
        .col(ColumnDef::new("id").big_integer().not_null().primary_key())
        .col(one_of::<Rule>("rule"))
        .col(text("issue").unique_key());
    organisation(&mut table, "organisation_id");
    table.col(text("reason"));
    audited(&mut table).to_owned()
}
