//! The form of a return as a table: headings from the definitions, one row for each
//! organisation that owes it, with whatever is saved already.

use entity::{
    metric_version::{Aggregation, Unit},
    organisation_code::CodeScheme,
};

use super::{
    Return,
    answers::said,
    list::{ReturnFilter, every},
    schedule::last_ended,
};
use crate::{
    auth::action::Action,
    domain::{
        amount::Amount,
        error::Failure,
        metrics::catalogue::Definition,
        observations::Said,
        organisations::{OrganisationBy, resolve},
        viewer::Viewer,
    },
    ids::Month,
};

/// Which form is wanted.
#[derive(Debug, Clone)]
pub struct TemplateOf {
    pub schedule: i64,
    pub month: Month,
    /// Of this organisation, or those that sit within it; otherwise of all in reach.
    pub organisation: Option<OrganisationBy>,
}

/// A table to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub headings: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Not answered.
    Blank,
    Text(String),
    Number(Amount),
}

/// One column that answers a metric.
#[derive(Debug, Clone, Copy)]
enum Part {
    Value,
    Numerator,
    Denominator,
}

/// The form of a month's return, for those who may read the returns; a row for each
/// organisation within their reach.
pub async fn template(viewer: &Viewer, of: &TemplateOf) -> Result<Template, Failure> {
    viewer.permit(Action::ReadReturns)?;
    let catalogue = viewer.catalogue();
    let schedule = catalogue.schedules().find(of.schedule).ok_or(Failure::NotFound)?;
    let ended = last_ended(viewer.today());
    if !schedule.runs_in(of.month) || of.month > ended {
        let sentence = format!("nobody owes it for {}: months end before they are owed", of.month);
        return Err(Failure::BadRequest(sentence));
    }
    if let Some(by) = &of.organisation {
        resolve(&viewer.directory(), by, viewer.today()).ok_or(Failure::NotFound)?;
    }
    let filter = ReturnFilter {
        schedule: Some(of.schedule),
        within: of.organisation.clone(),
        first_month: Some(of.month),
        last_month: Some(of.month),
        ..ReturnFilter::default()
    };
    let columns: Vec<(&Definition, Part)> = schedule
        .metrics
        .iter()
        .filter_map(|code| catalogue.in_effect(code, of.month))
        .flat_map(|definition| parts(definition).iter().map(move |part| (&**definition, *part)))
        .collect();
    let listed = every(viewer, &filter).await?;
    Ok(Template {
        headings: headings(&columns),
        rows: listed.iter().map(|it| row(it, &columns)).collect(),
    })
}

fn parts(definition: &Definition) -> &'static [Part] {
    match definition.row.aggregation {
        Aggregation::RatioOfSums => &[Part::Numerator, Part::Denominator],
        Aggregation::WeightedMean => &[Part::Value, Part::Denominator],
        Aggregation::Sum | Aggregation::DistinctCount | Aggregation::MedianOfRecords => {
            &[Part::Value]
        }
    }
}

fn headings(columns: &[(&Definition, Part)]) -> Vec<String> {
    let before = ["Organisation code", "Organisation", "Month"].map(str::to_owned);
    let of_metrics = columns.iter().map(|(definition, part)| heading(definition, *part));
    before.into_iter().chain(of_metrics).chain(["Explanation".to_owned()]).collect()
}

fn heading(definition: &Definition, part: Part) -> String {
    let row = &definition.row;
    let (code, title) = (&row.code, &row.title);
    let named = |name: &Option<String>| name.clone().unwrap_or_else(|| title.clone());
    match part {
        Part::Value => format!("{title} ({}) [{code}]", unit_in_words(row.unit)),
        Part::Numerator => format!("{} [{code}:numerator]", named(&row.numerator)),
        Part::Denominator => format!("{} [{code}:denominator]", named(&row.denominator)),
    }
}

/// A unit as a heading has it.
pub fn unit_in_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::Fte => "FTE",
        Unit::Percent => "%",
        Unit::RatePer10K => "per 10,000",
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
        Unit::Days => "days",
        Unit::Pence => "pence",
        Unit::Score => "score",
    }
}

fn row(it: &Return, columns: &[(&Definition, Part)]) -> Vec<Cell> {
    let day = it.month.last_day();
    let code = [CodeScheme::Ods, CodeScheme::Slug]
        .into_iter()
        .find_map(|scheme| it.organisation.last_code_at(scheme, day));
    let text = |text: &str| Cell::Text(text.to_owned());
    let mut cells = vec![
        code.map_or(Cell::Blank, text),
        text(it.organisation.name_at(day)),
        Cell::Text(it.month.to_string()),
    ];
    cells.extend(columns.iter().map(|(definition, part)| cell(it, definition, *part)));
    let mut explanations: Vec<&str> = Vec::new();
    for explanation in it.values.iter().filter_map(|value| value.explanation.as_deref()) {
        if !explanations.contains(&explanation) {
            explanations.push(explanation);
        }
    }
    cells.push(match explanations[..] {
        [] => Cell::Blank,
        _ => Cell::Text(explanations.join("; ")),
    });
    cells
}

fn cell(it: &Return, definition: &Definition, part: Part) -> Cell {
    let answer = it.value(&definition.row.code).and_then(said);
    match answer {
        None | Some(Said::Withdrawn) => Cell::Blank,
        Some(Said::Nil) => Cell::Text("NIL".to_owned()),
        Some(Said::NotApplicable) => Cell::Text("N/A".to_owned()),
        Some(Said::Value { value, numerator, denominator }) => {
            let number = match part {
                Part::Value => value,
                Part::Numerator => numerator,
                Part::Denominator => denominator,
            };
            number.map_or(Cell::Blank, Cell::Number)
        }
    }
}
