//! An award, as clients see it.

use async_graphql::{ID, Object};
use entity::award;

use crate::graphql::{ids::id_of, scalars::Date};

/// What a learner was awarded.
pub struct Award(pub award::Model);

/// What a learner was awarded.
#[Object]
impl Award {
    /// Its id.
    async fn id(&self) -> ID {
        id_of("Award", self.0.id)
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Its level.
    async fn level(&self) -> i32 {
        self.0.level
    }

    /// 10 or 20.
    async fn credits(&self) -> i32 {
        self.0.credits
    }

    /// Who awarded it.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// The day of the award.
    async fn awarded_on(&self) -> Date {
        Date(self.0.awarded_on)
    }
}
