//! A sandbox: how far its clock was moved, how often it was reset, and the faults that its
//! callers asked for. A database that is none has no row here.

use entity::sandbox_fault::FaultKind;
use sea_orm_migration::prelude::*;

use crate::{
    constraints::{id, one_of},
    m0003_every_write_is_recorded::text,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(sandboxes()).await?;
        manager.create_table(faults()).await?;
        let mut by_caller = Index::create();
        by_caller.name("sandbox_fault_by_caller").table("sandbox_fault");
        by_caller.col("subject").col("issuer").col("id");
        manager.create_index(by_caller).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["sandbox_fault", "sandbox"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn sandboxes() -> TableCreateStatement {
    let counted = |column: &'static str| {
        let from_nothing = Expr::col(column).gte(0);
        ColumnDef::new(column).big_integer().not_null().check(from_nothing).to_owned()
    };
    Table::create()
        .table("sandbox")
        .col(ColumnDef::new("name").text().not_null().primary_key())
        .col(counted("ahead"))
        .col(counted("resets"))
        .col(counted("forgotten"))
        .col(ColumnDef::new("reset_at").timestamp_with_time_zone())
        .to_owned()
}

fn faults() -> TableCreateStatement {
    Table::create()
        .table("sandbox_fault")
        .col(id())
        .col(text("issuer"))
        .col(text("subject"))
        .col(one_of::<FaultKind>("kind"))
        .col(ColumnDef::new("operation").text())
        .col(ColumnDef::new("remaining").integer().not_null())
        .col(ColumnDef::new("milliseconds").integer())
        .to_owned()
}
