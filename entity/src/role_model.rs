//! How a place shares out the work of a General Practice Assistant: one set of words for
//! the proof of concept, for sites that take part and for posts.

use sea_orm::entity::prelude::*;

use crate::duty;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoleModel {
    /// Administration and the flow of work, and nothing with patients' bodies.
    Administrative,
    /// Basic clinical duties alone.
    Clinical,
    /// Both, in one role.
    Combined,
    /// Nobody has said yet.
    Undecided,
}

impl RoleModel {
    /// The kinds of duty that the role takes on.
    pub fn duties(self) -> &'static [duty::Kind] {
        match self {
            Self::Administrative => &[duty::Kind::Administrative],
            Self::Clinical => &[duty::Kind::Clinical],
            Self::Combined => &[duty::Kind::Administrative, duty::Kind::Clinical],
            Self::Undecided => &[],
        }
    }
}
