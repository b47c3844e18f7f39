//! One site's part in the programme. Its stage is not here: that follows from what is
//! recorded of the site, its learners and its posts.

use sea_orm::entity::prelude::*;

use crate::role_model::RoleModel;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participation")]
pub struct Model {
    /// The site.
    #[sea_orm(primary_key, auto_increment = false)]
    pub site_id: i64,
    pub role_model: RoleModel,
    pub phase: Phase,
    /// Rises by one with every change, from 1 on.
    pub version: i32,
}

/// In which phase of the programme a site came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Phase {
    ProofOfConcept,
    National,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
