//! Whether the records obey the programme's rules: what commands refuse to break, looked at
//! afresh in all that is stored.

use std::collections::{BTreeSet, HashMap};

use entity::{enrolment::State, mentor_assignment::MentorKind, organisation::Kind};

use super::{Enrolment, Post, Records, enrolment::in_training, load};
use crate::{
    auth::action::Action,
    domain::{
        assessments::rows,
        enrolments::{completion, transitions},
        error::Failure,
        figures::{
            boundaries::{Boundaries, Follow},
            selector::Selector,
            tally,
        },
        participation::funnel::{FunnelQuestion, funnels},
        viewer::Viewer,
    },
};

/// What was looked at, and what breaks a rule: a sentence for each.
#[derive(Debug, Default)]
pub struct Checked {
    pub enrolments: usize,
    pub posts: usize,
    /// Kept tallies that were made again.
    pub tallies: usize,
    pub breaches: Vec<String>,
}

/// Looks at every record of the database.
pub async fn records(viewer: &Viewer) -> Result<Checked, Failure> {
    viewer.permit(Action::LoadEdition)?;
    let reader = &viewer.store().reader;
    let records = load::load(reader).await?;
    let mut checked = Checked {
        enrolments: records.enrolments().count(),
        posts: records.posts().count(),
        tallies: 0,
        breaches: Vec::new(),
    };
    if !records.same_as(&viewer.records()) {
        checked.breaches.push("what is held in memory is not what is stored".to_owned());
    }
    let settled = settled(viewer, &records).await?;
    for enrolment in records.enrolments() {
        of_enrolment(viewer, &records, enrolment, &settled, &mut checked.breaches);
    }
    for post in records.posts() {
        of_post(post, &mut checked.breaches);
    }
    of_funnels(viewer, &mut checked.breaches)?;
    let (tallies, differences) = tally::check::check(viewer, &records);
    checked.tallies = tallies;
    checked.breaches.extend(differences);
    Ok(checked)
}

/// The competencies that each learner has shown, or that are none of theirs.
async fn settled(
    viewer: &Viewer,
    records: &Records,
) -> Result<HashMap<i64, BTreeSet<i64>>, Failure> {
    let through = records.enrolments().filter(|it| it.row.state == State::Completed);
    let through = through.map(|it| it.row.id).collect();
    let newest = rows::newest_of(&viewer.store().reader, through).await?.into_iter();
    let settled = newest.map(|(enrolment, rows)| {
        let rows = rows.into_iter().filter(|row| completion::settles(row.state));
        (enrolment, rows.map(|row| row.competency_id).collect())
    });
    Ok(settled.collect())
}

fn of_enrolment(
    viewer: &Viewer,
    records: &Records,
    it: &Enrolment,
    settled: &HashMap<i64, BTreeSet<i64>>,
    breaches: &mut Vec<String>,
) {
    let id = it.row.id;
    let mut breach = |sentence: &str| breaches.push(format!("enrolment {id}: {sentence}"));
    let last = it.events.last();
    if last.is_none_or(|last| last.state != it.row.state || last.site_id != it.row.site_id) {
        breach("its last event is not where it stands");
    }
    for pair in it.events.windows(2) {
        let moved = pair[0].state == pair[1].state && pair[0].site_id != pair[1].site_id;
        if !moved && transitions::find(pair[0].state, pair[1].state).is_none() {
            breach(&format!("{:?} does not follow {:?}", pair[1].state, pair[0].state));
        }
    }
    if let Some(started) = it.started_on()
        && !it.has_mentor(MentorKind::GpMentor, started)
    {
        breach("it started without a GP mentor");
    }
    if in_training(it.row.state) && it.row.due_on.is_none() {
        breach("it has started, and is due on no day");
    }
    if it.months_granted() > 3 {
        breach("it is extended by more than 3 months");
    }
    let shown = settled.get(&id);
    let content = viewer.catalogue();
    let framework = content.content().frameworks().find(it.row.framework_id);
    let lacks = framework
        .into_iter()
        .flat_map(|framework| framework.competencies())
        .any(|each| each.row.core && !shown.is_some_and(|shown| shown.contains(&each.row.id)));
    if it.row.state == State::Completed && lacks {
        breach("it is completed without every core competency");
    }
    if let Some(cohort) = records.cohort(it.row.cohort_id) {
        let took = records.of_cohort(cohort.id).filter(|each| each.started_on().is_some());
        if took.count() > usize::try_from(cohort.places).unwrap_or(0) {
            breach("its cohort has more learners than places");
        }
    }
}

fn of_post(post: &Post, breaches: &mut Vec<String>) {
    let id = post.row.id;
    let first = post.places.iter().map(|place| place.valid_from).min();
    if first != Some(post.row.started_on) {
        breaches.push(format!("post {id}: it is held nowhere on its first day"));
    }
    let open = post.places.iter().any(|place| place.valid_to.is_none());
    if open != post.row.ended_on.is_none() {
        breaches.push(format!("post {id}: where it is held does not tell whether it has ended"));
    }
}

/// Counts of those who ever came to a stage never rise along the way.
fn of_funnels(viewer: &Viewer, breaches: &mut Vec<String>) -> Result<(), Failure> {
    for follow in [Follow::None, Follow::Successor] {
        let every = |kind| Selector::Every { kind, within: None };
        for of in [Selector::England, every(Kind::Region), every(Kind::TrainingHub)] {
            let boundaries = Boundaries::Current;
            let question = FunnelQuestion { of, as_at: None, since: None, boundaries, follow };
            for funnel in funnels(viewer, &question)? {
                let rises = funnel.steps.windows(2).any(|s| s[1].ever_reached > s[0].ever_reached);
                if rises {
                    let name = funnel.organisation.name_at(viewer.today());
                    breaches.push(format!("the funnel of {name} rises along the way"));
                }
            }
        }
    }
    Ok(())
}
