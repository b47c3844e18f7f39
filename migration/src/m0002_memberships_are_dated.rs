//! Who belonged to whom, led whom and followed whom, from when to when; and where
//! that placed everyone.

use entity::{
    membership::Scheme,
    organisation::{Kind, Source},
    succession::{Confidence, SuccessionKind},
};
use sea_orm_migration::prelude::*;

use crate::constraints::{id, interval, never_overlaps, one_of, organisation};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const PLACES: [&str; 5] = ["pcn_id", "sub_icb_id", "icb_id", "region_id", "training_hub_id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(memberships()).await?;
        never_overlaps(
            manager,
            "membership",
            "one_parent_of_a_level_at_a_time",
            Some("child_id"),
            &["scheme", "level"],
        )
        .await?;
        manager.create_table(placements()).await?;
        manager.create_table(lead_appointments()).await?;
        let one_lead = "one_lead_training_hub_of_a_region_at_a_time";
        never_overlaps(manager, "lead_appointment", one_lead, Some("region_id"), &[]).await?;
        manager.create_table(successions()).await?;
        manager.create_table(list_sizes()).await?;
        for column in ["child_id", "parent_id"] {
            index(manager, "membership", column).await?;
        }
        for column in PLACES {
            index(manager, "placement", column).await?;
        }
        index(manager, "succession", "successor_id").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["list_size", "succession", "lead_appointment", "placement", "membership"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

async fn index(manager: &SchemaManager<'_>, table: &str, column: &str) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(format!("{table}_by_{column}")).table(table.to_owned()).col(column.to_owned());
    manager.create_index(index).await
}

fn memberships() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("membership").col(id());
    organisation(&mut table, "child_id");
    organisation(&mut table, "parent_id");
    table.col(one_of::<Scheme>("scheme")).col(one_of::<Kind>("level"));
    let apart = Expr::col("child_id").ne(Expr::col("parent_id"));
    interval(&mut table).col(one_of::<Source>("source")).check(apart).to_owned()
}

fn placements() -> TableCreateStatement {
    let mut table = Table::create();
    organisation(table.table("placement"), "organisation_id");
    interval(&mut table);
    for column in PLACES {
        // Derived from memberships, which have the foreign keys.
        table.col(ColumnDef::new(column).big_integer());
    }
    table.primary_key(Index::create().col("organisation_id").col("valid_from")).to_owned()
}

fn lead_appointments() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("lead_appointment").col(id());
    organisation(&mut table, "region_id");
    organisation(&mut table, "training_hub_id");
    interval(&mut table).col(one_of::<Source>("source")).to_owned()
}

fn successions() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("succession").col(id());
    organisation(&mut table, "predecessor_id");
    organisation(&mut table, "successor_id");
    table
        .col(ColumnDef::new("occurred_on").date().not_null())
        .col(one_of::<SuccessionKind>("kind"))
        .col(one_of::<Confidence>("confidence"))
        .col(one_of::<Source>("source"))
        .check(Expr::col("predecessor_id").ne(Expr::col("successor_id")))
        .index(
            Index::create()
                .unique()
                .name("a_pair_follows_once")
                .col("predecessor_id")
                .col("successor_id"),
        )
        .to_owned()
}

fn list_sizes() -> TableCreateStatement {
    let mut table = Table::create();
    organisation(table.table("list_size"), "organisation_id");
    let counted = Expr::col("patients").gte(0);
    table
        .col(ColumnDef::new("counted_on").date().not_null())
        .col(ColumnDef::new("patients").integer().not_null().check(counted))
        .primary_key(Index::create().col("organisation_id").col("counted_on"))
        .to_owned()
}
