//! General Practice Assistants in post, and where they work.

use entity::{
    post::{EndReason, Funding},
    role_model::RoleModel,
};
use sea_orm_migration::prelude::*;

use crate::{
    constraints::{id, interval, one_of, organisation, refers, version},
    m0003_every_write_is_recorded::text,
    m0010_sites_take_part::{day, index},
    m0011_learners_are_followed::perhaps,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [posts(), places()] {
            manager.create_table(table).await?;
        }
        for (table, column) in
            [("post", "learner_id"), ("post_place", "post_id"), ("post_place", "organisation_id")]
        {
            index(manager, table, column).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["post_place", "post"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn posts() -> TableCreateStatement {
    let mut table = Table::create();
    let mut learner = ForeignKey::create().from_col("learner_id").to("learner", "id").to_owned();
    let after =
        Expr::col("ended_on").is_null().or(Expr::col("ended_on").gt(Expr::col("started_on")));
    let band = Expr::col("band").is_null().or(Expr::col("band").between(1, 9));
    table
        .table("post")
        .col(id())
        .col(text("person"))
        .col(ColumnDef::new("learner_id").big_integer())
        .foreign_key(&mut learner);
    organisation(&mut table, "employer_id");
    table
        .col(ColumnDef::new("band").integer().check(band))
        .col(one_of::<Funding>("funding"))
        .col(one_of::<RoleModel>("role_model"))
        .col(day("started_on"))
        .col(ColumnDef::new("ended_on").date().check(after))
        .col(perhaps::<EndReason>("end_reason"))
        .col(version())
        .to_owned()
}

fn places() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("post_place").col(id());
    refers(&mut table, "post_id", "post");
    organisation(&mut table, "organisation_id");
    let part = Expr::col("fte").between(1, 2_000_000);
    table.col(ColumnDef::new("fte").big_integer().not_null().check(part));
    interval(&mut table).to_owned()
}
