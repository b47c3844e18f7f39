//! Setting a rule that figures are validated by: a new one, or one told anew.

use entity::{
    change::ChangeType,
    metric_version::{self, Aggregation},
    validation_rule::{self, Kind, Severity},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::rules;
use crate::{
    auth::policy::Permit,
    domain::{
        amount::Amount,
        error::{Declined, ProblemCode, Problems},
        metrics::england,
        text,
        turn::{Said, Turn},
        viewer::Viewer,
    },
};

/// The fewest earlier months that make limits worth looking at, and the most.
const MONTHS: std::ops::RangeInclusive<i32> = 12..=36;

/// A rule as somebody sets it; metric, kind and severity say which one it is.
#[derive(Debug, Clone)]
pub struct SetValidationRule {
    /// The metric's code.
    pub metric: String,
    pub kind: Kind,
    pub severity: Severity,
    pub minimum: Option<Amount>,
    pub maximum: Option<Amount>,
    pub months: Option<i32>,
    pub message: String,
    pub enabled: bool,
    /// The version that was read; 0 where there is none yet.
    pub expected_version: i32,
}

/// Sets the rule; figures are judged by it from then on. Gives it as it now is.
pub async fn set(
    viewer: &Viewer,
    permit: Permit,
    command: SetValidationRule,
) -> Result<validation_rule::Model, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let catalogue = turn.catalogue().clone();
            let known =
                catalogue.rules().find(&command.metric, command.kind, command.severity).cloned();
            let version = known.as_ref().map_or(0, |rule| rule.version);
            if version != command.expected_version {
                turn.see_before();
                return Err(Declined::VersionConflict(known.map_or(0, |rule| rule.id)));
            }
            let mut problems = Problems::default();
            let message = check(&turn, &command, &mut problems);
            problems.check()?;
            let amount = |amount: Option<Amount>| amount.map(|amount| amount.0);
            let row = validation_rule::Model {
                id: known.as_ref().map_or_else(|| turn.next_row_id(), |rule| rule.id),
                metric: command.metric,
                kind: command.kind,
                severity: command.severity,
                minimum: amount(command.minimum),
                maximum: amount(command.maximum),
                months: months(command.kind, command.months),
                message,
                enabled: command.enabled,
                version: version + 1,
            };
            if let Some(organisation_id) = england(turn.directory()) {
                turn.say(Said {
                    organisation_id,
                    change_type: ChangeType::ValidationRuleSet,
                    effective_on: None,
                    before: known.as_ref().map(in_words),
                    after: Some(in_words(&row)),
                    node: None,
                });
            }
            let model = row.clone().into_active_model().reset_all();
            match known {
                Some(_) => drop(model.update(turn.connection()).await?),
                None => {
                    validation_rule::Entity::insert(model)
                        .exec_without_returning(turn.connection())
                        .await?;
                }
            }
            turn.commit(None, row.id).await?;
            Ok(row)
        })
        .await
}

fn months(kind: Kind, sent: Option<i32>) -> Option<i32> {
    (kind == Kind::BeyondLimits).then(|| sent.unwrap_or(*MONTHS.start()))
}

/// What the rule tells people to do, if everything about it is right.
fn check(turn: &Turn, command: &SetValidationRule, problems: &mut Problems) -> String {
    match turn.catalogue().newest(&command.metric) {
        None => {
            let sentence =
                format!("there is no published metric {:?}: see metrics", command.metric);
            problems.add("input.metric", ProblemCode::NotFound, sentence);
        }
        Some(definition) if definition.derivation.is_some() => {
            let sentence = "this metric is worked out, never recorded: there is nothing to judge";
            problems.add("input.metric", ProblemCode::WrongKind, sentence);
        }
        Some(definition) => check_kind(&definition.row, command.kind, problems),
    }
    let (least, most) = (command.minimum, command.maximum);
    let is_range = command.kind == Kind::Range;
    if is_range && least.is_none() && most.is_none() {
        let sentence = "a range has at least one end: send minimum or maximum";
        problems.add("input.minimum", ProblemCode::Required, sentence);
    }
    if !is_range && (least.is_some() || most.is_some()) {
        let sentence = "only a range has ends: leave minimum and maximum out";
        problems.add("input.minimum", ProblemCode::Contradiction, sentence);
    }
    if least.is_some_and(|least| most.is_some_and(|most| least > most)) {
        let sentence = "the largest value lies below the smallest";
        problems.add("input.maximum", ProblemCode::Contradiction, sentence);
    }
    if command
        .months
        .is_some_and(|months| command.kind != Kind::BeyondLimits || !MONTHS.contains(&months))
    {
        let sentence = "limits rest on 12 to 36 earlier months; other rules on none";
        problems.add("input.months", ProblemCode::OutOfRange, sentence);
    }
    text::sentence(&command.message, "input.message", problems)
}

fn check_kind(metric: &metric_version::Model, kind: Kind, problems: &mut Problems) {
    let sentence = match kind {
        Kind::NumeratorWithinDenominator if metric.aggregation != Aggregation::RatioOfSums => {
            "this metric has no numerator and denominator"
        }
        Kind::BeyondLimits if metric.kind == metric_version::Kind::Stock => {
            "limits are not for stocks: set them for what flows in and out"
        }
        Kind::Range
        | Kind::Integer
        | Kind::Required
        | Kind::NumeratorWithinDenominator
        | Kind::BeyondLimits => return,
    };
    problems.add("input.kind", ProblemCode::WrongKind, sentence);
}

/// Such as `ERROR RANGE of impact.gp_hours_released, 0 to 10000`.
fn in_words(rule: &validation_rule::Model) -> String {
    let severity = match rule.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
    };
    let mut words = format!("{severity} {} of {}", rules::name(rule.kind), rule.metric);
    if rule.kind == Kind::Range {
        let end = |end: Option<i64>| end.map_or("any".to_owned(), |end| Amount(end).to_string());
        words.push_str(&format!(", {} to {}", end(rule.minimum), end(rule.maximum)));
    }
    if let Some(months) = rule.months {
        words.push_str(&format!(", from {months} months"));
    }
    if !rule.enabled {
        words.push_str(", switched off");
    }
    words
}
