//! What the organisations that sat within a place at the end of a month reported
//! together: kept in the transaction that writes their observations, and always equal
//! to a recomputation from them.

use sea_orm::entity::prelude::*;

use crate::observation::Status;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rollup")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub series_id: i64,
    /// The organisation that held them; the programme's body stands for England.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub status: Status,
    #[sea_orm(primary_key, auto_increment = false)]
    pub basis: Basis,
    /// How many gave a value or said nil.
    pub reported: i32,
    /// How many of those said nil.
    pub nil: i32,
    /// How many said that the question does not arise.
    pub not_applicable: i32,
    /// Sums, in millionths.
    pub value: i64,
    pub numerator: i64,
    pub denominator: i64,
    /// When the newest observation in it was recorded.
    pub recorded_at: DateTimeUtc,
}

/// Whose observations a row is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Basis {
    /// Of the organisations within the place.
    Within,
    /// Of the place itself: a published figure at its own level.
    Own,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
