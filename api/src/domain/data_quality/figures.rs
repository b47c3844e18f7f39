//! What may be wrong with figures: those unlike the months before, and those that nobody
//! ever settled.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    metric_version::Kind,
    observation::{self, State, Status},
    rebase,
};
use futures_util::TryStreamExt;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, StreamTrait};

use super::{Issue, Rule, look::Look};
use crate::{
    analytics::spc::{self, Limits},
    domain::{
        amount::Amount,
        directory::organisation::Organisation,
        metrics::catalogue::Definition,
        observations::{Latest, latest_of},
    },
    ids::{Month, OrganisationId},
};

/// So many months must have said something before one can be unlike them.
const ENOUGH: usize = 12;
/// How far back limits look, in months.
const LOOK_BACK: i32 = 36;
/// A figure may be provisional for so long.
const PROVISIONAL_FOR: TimeDelta = TimeDelta::days(90);

/// What the rules look at of an observation: there are many.
struct Seen {
    id: i64,
    /// None where no value was said.
    value: Option<Amount>,
    /// It was said and not taken back, and nobody has approved it.
    is_provisional: bool,
    recorded_at: DateTime<Utc>,
    note: Option<Box<str>>,
}

impl From<observation::Model> for Seen {
    fn from(row: observation::Model) -> Self {
        Self {
            id: row.id,
            value: row.value.filter(|_| row.state == State::Value).map(Amount),
            is_provisional: row.status == Status::Provisional && row.state != State::Withdrawn,
            recorded_at: row.recorded_at,
            note: row.note.map(Into::into),
        }
    }
}

/// A series of an organisation, month by month.
type Line = BTreeMap<Month, Seen>;

pub(super) async fn issues<C: ConnectionTrait + StreamTrait>(
    look: &Look<'_, C>,
    organisations: &[Arc<Organisation>],
) -> Result<Vec<Issue>, DbErr> {
    let ids: Vec<OrganisationId> = organisations.iter().map(|each| each.id()).collect();
    let mut lines: HashMap<(OrganisationId, i64), Line> = HashMap::new();
    let wanted = Latest { organisations: Some(&ids), ..Latest::default() };
    let mut rows = latest_of(&wanted).stream(look.connection).await?;
    while let Some(row) = rows.try_next().await? {
        if let Some(month) = Month::read(row.month) {
            let line = lines.entry((row.organisation_id, row.series_id)).or_default();
            line.insert(month, row.into());
        }
    }
    drop(rows);
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let rebases = rebases(look.connection, &ids).await?;
    let by_id: HashMap<OrganisationId, &Arc<Organisation>> =
        organisations.iter().map(|each| (each.id(), each)).collect();
    let mut found = Vec::new();
    for ((id, series), line) in &lines {
        let definition = look.catalogue.of_series(*series);
        let (Some(organisation), Some(definition)) = (by_id.get(id), definition) else { continue };
        let rebased = rebases.get(&(*id, *series)).map_or(&[][..], Vec::as_slice);
        found.extend(outliers(organisation, definition, line, rebased));
        found.extend(stale(look, organisation, definition, line));
    }
    Ok(found)
}

/// The months from which limits are worked out anew.
async fn rebases(
    connection: &impl ConnectionTrait,
    organisations: &[OrganisationId],
) -> Result<HashMap<(OrganisationId, i64), Vec<Month>>, DbErr> {
    let of = rebase::Column::OrganisationId.is_in(organisations.iter().copied());
    let mut rebases: HashMap<_, Vec<Month>> = HashMap::new();
    for row in rebase::Entity::find().filter(of).all(connection).await? {
        let months = rebases.entry((row.organisation_id, row.series_id)).or_default();
        months.extend(Month::read(row.month));
    }
    Ok(rebases)
}

/// The values beyond the limits that the months before them make. A stock has none: it
/// moves with what came before.
fn outliers(
    organisation: &Arc<Organisation>,
    definition: &Definition,
    line: &Line,
    rebased: &[Month],
) -> Vec<Issue> {
    if definition.row.kind == Kind::Stock {
        return Vec::new();
    }
    let values: Vec<(Month, f64)> =
        line.iter().filter_map(|(month, row)| Some((*month, row.value?.number()))).collect();
    let numbers: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    let mut found = Vec::new();
    for (index, (month, value)) in values.iter().enumerate().skip(ENOUGH) {
        let rebase = rebased.iter().filter(|rebase| *rebase <= month).max();
        let from = rebase.copied().max(Some(month.plus(-LOOK_BACK)));
        let from = values.partition_point(|(month, _)| Some(*month) < from);
        let earlier = numbers.get(from..index).unwrap_or_default();
        if earlier.len() < ENOUGH {
            continue;
        }
        let Some(limits) = spc::limits_after(earlier) else { continue };
        if let Some(row) = line.get(month)
            && (*value < limits.lower || *value > limits.upper)
        {
            found.push(outlier(organisation, definition, (*month, row), limits, earlier.len()));
        }
    }
    found
}

fn outlier(
    organisation: &Arc<Organisation>,
    definition: &Definition,
    (month, row): (Month, &Seen),
    limits: Limits,
    earlier: usize,
) -> Issue {
    let explained = row.note.as_ref().map(|note| format!("; it was explained so: {note}"));
    let what = format!(
        "{} of {month} is {}, beyond {:.2} to {:.2}, the limits that {earlier} months before \
         it make{}",
        definition.row.code,
        row.value.unwrap_or_default(),
        limits.lower,
        limits.upper,
        explained.unwrap_or_default(),
    );
    let to_do = "correct the figure, or accept it with the reason; where it is how things now \
                 are, rebase the series at that month";
    let since = row.recorded_at.date_naive();
    Issue::new(Rule::Outlier, organisation, row.id, since, (what, to_do.to_owned()))
}

/// Figures that were never approved, one issue for all of a series. Its key is the newest
/// of them: when another grows stale, it is another issue.
fn stale<C>(
    look: &Look<'_, C>,
    organisation: &Arc<Organisation>,
    definition: &Definition,
    line: &Line,
) -> Option<Issue> {
    let is_stale = |row: &Seen| row.is_provisional && row.recorded_at + PROVISIONAL_FOR < look.now;
    let rows: Vec<_> = line.iter().filter(|(_, row)| is_stale(row)).collect();
    let ((first, _), (last, _)) = (rows.first()?, rows.last()?);
    let newest = rows.iter().map(|(_, row)| row.id).max()?;
    let oldest = rows.iter().map(|(_, row)| row.recorded_at).min()?;
    let what = format!(
        "{} figures of {}, {first} to {last}, have been provisional for over {} days",
        rows.len(),
        definition.row.code,
        PROVISIONAL_FOR.num_days(),
    );
    let to_do = "approve them, or record them anew as approved";
    let since = (oldest + PROVISIONAL_FOR).date_naive();
    Some(Issue::new(Rule::StaleProvisional, organisation, newest, since, (what, to_do.to_owned())))
}
