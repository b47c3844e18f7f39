//! What keeps an enrolment from being awarded: a pure function of the records.

use chrono::NaiveDate;
use entity::enrolment::{Route, State};
use sea_orm::ActiveEnum;

use crate::domain::{
    error::{ProblemCode, Problems},
    records::Enrolment,
    text,
};

/// The level at which the role is awarded.
pub const LEVEL: i32 = 4;

/// What is awarded, whoever is to receive it.
#[derive(Debug, Clone)]
pub struct Award {
    pub title: String,
    pub level: i32,
    pub credits: i32,
    /// Who awards it: the cohort's provider, unless it says otherwise.
    pub body: Option<String>,
    pub awarded_on: NaiveDate,
}

/// Looks at the award by itself, and gives it as it will be kept. Paths begin with
/// `prefix`, such as `input.`.
pub fn read(award: &Award, today: NaiveDate, prefix: &str, problems: &mut Problems) -> Award {
    let title = text::name(&award.title, format!("{prefix}title"), problems);
    let body = award.body.as_ref().map(|body| text::name(body, format!("{prefix}body"), problems));
    if award.level != LEVEL {
        let sentence = format!("the role is awarded at level {LEVEL}");
        problems.add(format!("{prefix}level"), ProblemCode::OutOfRange, sentence);
    }
    if ![10, 20].contains(&award.credits) {
        let sentence = "an award is worth 10 or 20 credits";
        problems.add(format!("{prefix}credits"), ProblemCode::OutOfRange, sentence);
    }
    if award.awarded_on > today {
        let sentence = "an award is recorded once it was given: send today or an earlier day";
        problems.add(format!("{prefix}awardedOn"), ProblemCode::OutOfRange, sentence);
    }
    Award { title, body, ..*award }
}

/// Looks at whether the enrolment can receive one on that day.
pub fn check(it: &Enrolment, on: NaiveDate, prefix: &str, problems: &mut Problems) {
    let path = format!("{prefix}enrolment");
    if it.row.route == Route::InHouse {
        let sentence = "its route is IN_HOUSE: only ACCREDITED and RETROSPECTIVE learning is \
            awarded";
        problems.add(path.clone(), ProblemCode::Contradiction, sentence);
    }
    if !matches!(it.row.state, State::Verified | State::Completed) {
        let is = it.row.state.to_value();
        let sentence = format!("it is {is}: only what is VERIFIED or COMPLETED is awarded");
        problems.add(path.clone(), ProblemCode::Contradiction, sentence);
    } else if let Some(verified) = it.first(State::Verified).filter(|day| on < *day) {
        let sentence = format!("it was verified on {verified}: send that day or a later one");
        problems.add(format!("{prefix}awardedOn"), ProblemCode::OutOfRange, sentence);
    }
    if let Some(award) = &it.award {
        let sentence = format!("it was awarded on {} already, once for all", award.awarded_on);
        problems.add(path, ProblemCode::AlreadyExists, sentence);
    }
}
