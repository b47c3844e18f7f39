//! Applying for a place: a learner, known or new, with a cohort, at a site.

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    enrolment::{self, Route, State},
};

use super::open::{self, Tale};
use crate::{
    auth::{action::Action, policy::Permit},
    domain::{
        cohorts::takes_applications,
        directory::organisation::Organisation,
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        idempotency::IdempotencyKey,
        learners::identify::{self, Identified, LearnerBy},
        organisations::{OrganisationBy, resolve},
        records::{Enrolment, enrolment::is_over, reach::Within},
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

/// Who applies for what.
#[derive(Debug, Clone)]
pub struct EnrolLearner {
    pub learner: LearnerBy,
    pub cohort: i64,
    pub site: OrganisationBy,
    pub route: Route,
    /// Today, unless it says otherwise.
    pub applied_on: Option<NaiveDate>,
}

/// What became of it.
#[derive(Debug, Clone, Copy)]
pub enum Outcome {
    Enrolled(i64),
    /// The learner has an enrolment that is not over; nothing was changed.
    Already(i64),
}

/// Enrols the learner, unless an enrolment of theirs is not over.
pub async fn enrol(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: EnrolLearner,
) -> Result<Outcome, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(Outcome::Enrolled(done.outcome_id));
            }
            let mut problems = Problems::default();
            let on = command.applied_on.unwrap_or_else(|| turn.today());
            if on > turn.today() {
                let sentence = "send today or an earlier day";
                problems.add("input.appliedOn", ProblemCode::OutOfRange, sentence);
            }
            let site = site(&turn, &command.site, &mut problems)?.id();
            let framework = cohort(&turn, &command, site, on, &mut problems);
            let who = identify::identify(&turn, &command.learner, &mut problems).await?;
            problems.check()?;
            let (Some(framework_id), Some(who)) = (framework, who) else {
                return Err(Failure::NotFound.into());
            };
            if let Some(already) = unfinished(&turn, &who) {
                return already_enrolled(&turn, already);
            }
            let learner_id = identify::keep(&mut turn, who, site).await?;
            let row = enrolment::Model {
                id: turn.next_row_id(),
                learner_id,
                cohort_id: command.cohort,
                site_id: site,
                framework_id,
                route: command.route,
                state: State::Applied,
                due_on: None,
                exit_reason: None,
                version: 1,
            };
            let id = row.id;
            insert::<enrolment::Entity>(turn.connection(), vec![row.clone()]).await?;
            open::event(&mut turn, &row, on).await?;
            let after = Some("APPLIED".to_owned());
            let change_type = ChangeType::EnrolmentApplied;
            open::say(&mut turn, id, site, Tale { change_type, on, before: None, after });
            turn.commit(Some(site), id).await?;
            Ok(Outcome::Enrolled(id))
        })
        .await
}

/// The site, if the caller may enrol there and it can take part.
fn site<'a>(
    turn: &'a Turn,
    by: &OrganisationBy,
    problems: &mut Problems,
) -> Result<&'a Organisation, Declined> {
    let (directory, today) = (turn.directory(), turn.today());
    let Some(found) = resolve(directory, by, today) else {
        let sentence = "name one of those that sites lists";
        return invalid("input.site", ProblemCode::NotFound, sentence);
    };
    if !directory.covers(&turn.permit().reach(), found, today) {
        let sentence = "the site lies outside your organisation's reach";
        return Err(Failure::Forbidden(sentence.to_owned()).into());
    }
    check_site(found, today, "input.site", problems);
    Ok(found)
}

/// Learners are trained at practices that are open and could take part.
pub(super) fn check_site(
    site: &Organisation,
    today: NaiveDate,
    path: &'static str,
    problems: &mut Problems,
) {
    if !site.eligible_at(today) {
        let sentence = "learners are trained at open GP practices in England: see eligible";
        problems.add(path, ProblemCode::WrongKind, sentence);
    }
}

/// The framework of the cohort, if it is one for that site and takes applications.
fn cohort(
    turn: &Turn,
    command: &EnrolLearner,
    site: i64,
    on: NaiveDate,
    problems: &mut Problems,
) -> Option<i64> {
    let (directory, records, today) = (turn.directory(), turn.records(), turn.today());
    let within = Within::new(turn.viewer(), directory, records, turn.permit().reach());
    let hub = directory.find(site).and_then(|site| site.placement_at(today)?.training_hub_id);
    let found = records.cohort(command.cohort).filter(|cohort| {
        hub == Some(cohort.training_hub_id) || within.organisation(cohort.training_hub_id)
    });
    let Some(found) = found else {
        let sentence = "name a cohort of the site's training hub: see cohorts";
        problems.add("input.cohort", ProblemCode::NotFound, sentence);
        return None;
    };
    if !takes_applications(found, on) {
        let sentence = "the cohort was closed to applications before that day";
        problems.add("input.cohort", ProblemCode::Contradiction, sentence);
    }
    Some(found.framework_id)
}

/// The enrolment that keeps a learner from another.
fn unfinished<'a>(turn: &'a Turn, who: &Identified) -> Option<&'a Enrolment> {
    let Identified::Known(learner, _) = who else { return None };
    let mut all = turn.records().of_learner(learner.row.id).map(|each| &**each);
    all.find(|each| !is_over(each.row.state))
}

/// Names it, if the caller may see it.
fn already_enrolled(turn: &Turn, it: &Enrolment) -> Result<Outcome, Declined> {
    let viewer = turn.viewer();
    let reach = viewer.reach(Action::ReadEnrolments);
    if Within::new(viewer, turn.directory(), turn.records(), reach).enrolment(it) {
        turn.see_before();
        return Ok(Outcome::Already(it.row.id));
    }
    let sentence = "the learner has an enrolment elsewhere that is not over: the training hub \
        there can transfer it";
    invalid("input.learner", ProblemCode::Contradiction, sentence)
}
