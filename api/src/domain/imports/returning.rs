//! A filled-in template is for returns: what a return asks for goes into its draft, where
//! its organisation looks at it and submits it. What no return asks for is a figure.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use entity::{
    import_row,
    import_run::{self, Format},
};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    domain::{
        directory::organisation::Organisation,
        error::Declined,
        metrics::catalogue::Catalogue,
        observations::{Entry, Known},
        returns::{
            answers::Answer,
            draft::{asks, fill_in},
            open::still_open,
            schedule::Schedule,
        },
        turn::Turn,
    },
    ids::{Month, OrganisationId},
};

/// The returns that figures belong to which the import may fill in again.
pub(super) async fn to_fill_in(
    run: &import_run::Model,
    connection: &impl ConnectionTrait,
    known: &Known,
) -> Result<HashSet<i64>, DbErr> {
    match run.format {
        Format::ReturnTemplate => {
            still_open(connection, known.values().filter_map(|row| row.return_id)).await
        }
        Format::Observations | Format::PcnWorkforce => Ok(HashSet::new()),
    }
}

/// A return, with the answers that a file gives.
struct FilledIn {
    schedule: Arc<Schedule>,
    organisation: Arc<Organisation>,
    month: Month,
    answers: Vec<Answer>,
}

/// Answers gathered by the return that asks for them.
#[derive(Default)]
pub(super) struct Returning(BTreeMap<(i64, OrganisationId, Month), FilledIn>);

impl Returning {
    /// Takes an entry that a return asks for; says whether it did.
    pub(super) fn takes(
        &mut self,
        run: &import_run::Model,
        catalogue: &Catalogue,
        row: &import_row::Model,
        entry: &Entry,
    ) -> bool {
        if run.format != Format::ReturnTemplate {
            return false;
        }
        let (organisation, month) = (&entry.organisation, entry.month);
        let metric = entry.definition.row.code.as_str();
        let Some(schedule) = asks(catalogue, organisation, metric, month) else { return false };
        let key = (schedule.row.id, organisation.id(), month);
        let filled = self.0.entry(key).or_insert_with(|| FilledIn {
            schedule,
            organisation: organisation.clone(),
            month,
            answers: Vec::new(),
        });
        filled.answers.push(Answer {
            metric: metric.to_owned(),
            said: Some(entry.said),
            explanation: row.explanation.clone(),
        });
        true
    }

    pub(super) async fn fill_in(self, turn: &mut Turn) -> Result<(), Declined> {
        for FilledIn { schedule, organisation, month, answers } in self.0.into_values() {
            fill_in(turn, schedule, organisation, month, answers).await?;
        }
        Ok(())
    }
}
