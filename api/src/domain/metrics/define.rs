//! Drafting a definition: a new metric, a new version of one, or a draft told anew.

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    metric_version::{self, Aggregation, Direction, Disclosure, Kind, State, Unit},
    organisation::Kind as OrganisationKind,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{catalogue::Catalogue, check, derivation::Derivation, say};
use crate::{
    auth::policy::Permit,
    domain::{
        amount::Amount,
        error::{Declined, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        turn::Turn,
        viewer::Viewer,
    },
};

/// A definition as somebody drafts it.
#[derive(Debug, Clone)]
pub struct DefineMetric {
    pub code: String,
    /// major, minor, patch.
    pub version: (i32, i32, i32),
    pub title: String,
    pub description: String,
    pub unit: Unit,
    pub kind: Kind,
    pub direction: Direction,
    pub aggregation: Aggregation,
    pub subject_level: OrganisationKind,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    pub disclosure: Disclosure,
    pub decimals: i32,
    pub minimum: Option<Amount>,
    pub maximum: Option<Amount>,
    pub derivation: Option<String>,
    pub sources: String,
    pub effective_from: NaiveDate,
    pub break_note: Option<String>,
}

/// Drafts the definition; gives the version's id. A draft of the same version is told
/// anew, a published one never.
pub async fn define(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: DefineMetric,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let row = draft(&mut turn, command)?;
            let id = row.id;
            let known = turn.catalogue().find(id).cloned();
            let name = format!("{} {}.{}.{}", row.code, row.major, row.minor, row.patch);
            say(&mut turn, ChangeType::MetricDefined, row.effective_from, None, name);
            let model = row.into_active_model();
            match known {
                Some(_) => drop(model.reset_all().update(turn.connection()).await?),
                None => {
                    metric_version::Entity::insert(model)
                        .exec_without_returning(turn.connection())
                        .await?;
                }
            }
            turn.commit(None, id).await?;
            Ok(id)
        })
        .await
}

/// The row of a draft, if everything about it is right.
fn draft(turn: &mut Turn, command: DefineMetric) -> Result<metric_version::Model, Declined> {
    let catalogue = turn.catalogue().clone();
    let (major, minor, patch) = command.version;
    let known = catalogue.versions(&command.code);
    let same = known
        .iter()
        .find(|each| (each.row.major, each.row.minor, each.row.patch) == command.version);
    let id = same.map_or_else(|| turn.next_row_id(), |same| same.row.id);
    let first = known.iter().find(|each| each.row.major == major).map(|each| each.row.series_id);
    let amount = |amount: Option<Amount>| amount.map(|amount| amount.0);
    let row = metric_version::Model {
        id,
        code: command.code,
        major,
        minor,
        patch,
        series_id: first.unwrap_or(id),
        state: State::Draft,
        title: command.title.trim().to_owned(),
        description: command.description.trim().to_owned(),
        unit: command.unit,
        kind: command.kind,
        direction: command.direction,
        aggregation: command.aggregation,
        subject_level: command.subject_level,
        numerator: command.numerator,
        denominator: command.denominator,
        disclosure: command.disclosure,
        decimals: command.decimals,
        minimum: amount(command.minimum),
        maximum: amount(command.maximum),
        derivation: command.derivation,
        sources: command.sources,
        effective_from: command.effective_from,
        break_note: command.break_note,
        row_version: same.map_or(1, |same| same.row.row_version + 1),
    };
    let mut problems = Problems::default();
    check(&row, &mut problems);
    check_words(&row, &mut problems);
    check_version(&catalogue, &row, &mut problems);
    check_derivation(&catalogue, &row, &mut problems);
    problems.check()?;
    Ok(row)
}

fn check_words(row: &metric_version::Model, problems: &mut Problems) {
    for (path, text) in [
        ("input.title", &row.title),
        ("input.description", &row.description),
        ("input.sources", &row.sources),
    ] {
        if text.trim().is_empty() || text.chars().count() > 2_000 {
            problems.add(path, ProblemCode::Required, "send 1 to 2,000 characters");
        }
    }
}

fn check_version(catalogue: &Catalogue, row: &metric_version::Model, problems: &mut Problems) {
    let version = (row.major, row.minor, row.patch);
    let known = catalogue.versions(&row.code);
    let order = |each: &metric_version::Model| (each.major, each.minor, each.patch);
    if known.iter().any(|each| order(&each.row) == version && each.is_published()) {
        let sentence =
            "that version is published, and a published one is never changed: draft the next one";
        problems.add("input.version", ProblemCode::AlreadyExists, sentence);
    } else if let Some(later) =
        known.iter().find(|each| each.is_published() && order(&each.row) > version)
    {
        let sentence = format!("version {} is published: draft one after it", later.version());
        problems.add("input.version", ProblemCode::OutOfRange, sentence);
    }
    let Some(newest) = catalogue.newest(&row.code) else {
        if version != (1, 0, 0) {
            let sentence = "a new metric begins with version 1.0.0";
            problems.add("input.version", ProblemCode::OutOfRange, sentence);
        }
        return;
    };
    let before = &newest.row;
    if row.major > before.major && row.break_note.as_ref().is_none_or(|note| note.trim().is_empty())
    {
        let sentence = "a new major version breaks the series: say why";
        problems.add("input.breakNote", ProblemCode::Required, sentence);
    }
    if row.effective_from < before.effective_from {
        let sentence = format!("the version before begins on {}", before.effective_from);
        problems.add("input.effectiveFrom", ProblemCode::OutOfRange, sentence);
    }
    let comparable = (row.unit, row.kind, row.aggregation, row.subject_level, row.disclosure)
        == (before.unit, before.kind, before.aggregation, before.subject_level, before.disclosure);
    if row.major == before.major && !comparable {
        let sentence = "unit, kind, aggregation, subject level and disclosure class change with a new major version alone";
        problems.add("input.version", ProblemCode::Contradiction, sentence);
    }
}

fn check_derivation(catalogue: &Catalogue, row: &metric_version::Model, problems: &mut Problems) {
    let Some(text) = &row.derivation else { return };
    let Some(derivation) = Derivation::read(text) else {
        let sentence = "a derivation is `difference CODE` or `ratio CODE / CODE`";
        problems.add("input.derivation", ProblemCode::Malformed, sentence);
        return;
    };
    for code in derivation.rests_on() {
        let rests_on = catalogue.newest(code);
        if rests_on.is_none() {
            let sentence = format!("there is no published metric {code}");
            problems.add("input.derivation", ProblemCode::NotFound, sentence);
        } else if rests_on.is_some_and(|on| {
            on.row.derivation.as_deref().is_some_and(|on| !on.starts_with("register"))
        }) {
            let sentence = format!("{code} is itself derived: rest on what it rests on");
            problems.add("input.derivation", ProblemCode::WrongKind, sentence);
        }
    }
}
