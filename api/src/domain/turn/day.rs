//! What a new day brings by itself: names, statuses and memberships that were recorded for
//! it, stages that time alone brings, and records that come into or go out of somebody's
//! reach. The feed tells it in a turn of its own, once for all instances.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::change::{ChangeType, NodeType};

use super::{Said, Turn};
use crate::{
    auth::{action::Action, actor::Actor},
    domain::{error::Failure, store::Store, viewer::Viewer},
    ids::OrganisationId,
};

/// Tells what has come since the last day that was told of; says whether there was one.
pub(in crate::domain) async fn pass(store: &Arc<Store>) -> Result<bool, Failure> {
    let request_id = uuid::Uuid::now_v7().to_string();
    let viewer = Viewer::new(store.clone(), Actor::calendar(), request_id);
    let permit = viewer.permit(Action::PassDay)?;
    let passing = viewer.uninterrupted(|viewer| async move {
        let mut turn = Turn::begin(&viewer, permit).await?;
        let (last, today) = (turn.reached.day.unwrap_or(turn.today()), turn.today());
        if last >= today {
            return Ok(false);
        }
        turn.passes_day = true;
        turn.tell_of_organisations(last, today);
        turn.tell_of_stages(last, today);
        turn.tell_of_dated_records(last, today);
        turn.commit(None, 0).await?;
        Ok(true)
    });
    passing.await
}

impl Turn {
    fn tell_of_organisations(&mut self, last: NaiveDate, today: NaiveDate) {
        let directory = self.directory.clone();
        let mut turned: Vec<_> = directory
            .all()
            .filter_map(|it| Some((it.id(), it.turned_within(last, today)?)))
            .collect();
        turned.sort_unstable();
        for (id, day) in turned {
            self.tell(id, ChangeType::TookEffect, Some(day), None);
        }
    }

    fn tell_of_stages(&mut self, last: NaiveDate, today: NaiveDate) {
        let records = self.records.clone();
        let mut moved: Vec<_> = records
            .participants()
            .filter_map(|it| it.stage_changed(it.stage_at(last), today))
            .collect();
        moved.sort_unstable_by_key(|said| said.organisation_id);
        self.said.extend(moved);
    }

    /// Cohorts that open and close, and posts that begin and end.
    fn tell_of_dated_records(&mut self, last: NaiveDate, today: NaiveDate) {
        let records = self.records.clone();
        let come = |day: &NaiveDate| last < *day && *day <= today;
        for cohort in records.cohorts() {
            let days = [Some(cohort.starts_on), Some(cohort.ends_on), cohort.closed_on];
            if let Some(day) = days.into_iter().flatten().filter(come).max() {
                let node = (NodeType::Cohort, cohort.id);
                let hub = cohort.training_hub_id;
                self.tell(hub, ChangeType::RecordTookEffect, Some(day), Some(node));
            }
        }
        for post in records.posts() {
            let days = post.places.iter().flat_map(|it| [Some(it.valid_from), it.valid_to]);
            if let Some(day) = days.flatten().filter(come).max() {
                let node = (NodeType::Post, post.row.id);
                let employer = post.row.employer_id;
                self.tell(employer, ChangeType::RecordTookEffect, Some(day), Some(node));
            }
        }
    }

    fn tell(
        &mut self,
        organisation_id: OrganisationId,
        change_type: ChangeType,
        effective_on: Option<NaiveDate>,
        node: Option<(NodeType, i64)>,
    ) {
        let (before, after) = (None, None);
        self.say(Said { organisation_id, change_type, effective_on, before, after, node });
    }
}
