//! How clients say what is awarded.

use async_graphql::{ID, InputObject};

use crate::{
    domain::awards::{record::RecordAward, rules},
    graphql::{error::Result, ids, scalars::Date},
};

/// Who is awarded what.
#[derive(InputObject)]
pub struct AwardInput {
    /// The enrolment: VERIFIED or COMPLETED, and not of the route IN_HOUSE.
    enrolment: ID,
    /// What it is called.
    title: String,
    /// The level: 4.
    #[graphql(default = 4)]
    level: i32,
    /// 10 or 20.
    credits: i32,
    /// Who awards it; default: the cohort's provider, by its name on that day.
    body: Option<String>,
    /// The day of the award; today or earlier, not before the verification.
    awarded_on: Date,
}

impl AwardInput {
    pub fn read(self) -> Result<RecordAward> {
        Ok(RecordAward {
            enrolment: ids::read_as(&self.enrolment, "Enrolment")?,
            award: rules::Award {
                title: self.title,
                level: self.level,
                credits: self.credits,
                body: self.body,
                awarded_on: self.awarded_on.0,
            },
        })
    }
}
