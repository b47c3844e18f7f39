//! What a return answers: as it is sent, as it is kept, and as it is judged.

use std::{collections::HashSet, sync::Arc};

use entity::return_value::{self, State};
use sea_orm::DbErr;

use super::{Return, schedule::Schedule};
use crate::{
    domain::{
        amount::Amount,
        error::{ProblemCode, Problems},
        findings::{Finding, explained},
        metrics::catalogue::{Catalogue, Definition},
        observations::{Entry, Known, Said},
        text,
        turn::Turn,
        validation::{self, By},
        viewer::Viewer,
    },
    ids::Month,
};

/// What somebody says of one metric of a return.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The metric's code.
    pub metric: String,
    /// None where there is no answer yet, only an explanation.
    pub said: Option<Said>,
    /// Why a figure is right that looks wrong.
    pub explanation: Option<String>,
}

/// One metric that a return asks for, with what is said of it.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    pub definition: Arc<Definition>,
    pub said: Option<Said>,
    pub explanation: Option<String>,
}

/// The metrics that a schedule asks for in a month, with what is answered; every problem
/// with the answers is named.
pub(super) fn fill(
    catalogue: &Catalogue,
    schedule: &Schedule,
    month: Month,
    answers: Vec<Answer>,
    problems: &mut Problems,
) -> Vec<Filled> {
    let mut filled: Vec<Filled> = schedule
        .metrics
        .iter()
        .filter_map(|code| catalogue.in_effect(code, month))
        .map(|definition| Filled { definition: definition.clone(), said: None, explanation: None })
        .collect();
    let mut named: Vec<String> = Vec::new();
    for answer in answers {
        let code = answer.metric;
        let asked = filled.iter_mut().find(|each| each.definition.row.code == code);
        let Some(asked) = asked else {
            let sentence = format!("{code:?} is not among what this return asks for");
            problems.add("input.values", ProblemCode::NotFound, sentence);
            continue;
        };
        if named.contains(&code) {
            let sentence = format!("{code} is answered twice: answer it once");
            problems.add("input.values", ProblemCode::AlreadyExists, sentence);
        }
        asked.said = answer.said;
        let explanation = answer.explanation.filter(|text| !text.trim().is_empty());
        asked.explanation = explanation.map(|said| text::sentence(&said, "input.values", problems));
        named.push(code);
    }
    filled
}

/// The metrics that a return asks for, with what is kept of the answers.
pub(super) fn kept(catalogue: &Catalogue, it: &Return) -> Vec<Filled> {
    let one = |code: &String| {
        let value = it.value(code);
        let answered = value.and_then(|value| catalogue.find(value.version_id));
        Some(Filled {
            definition: answered.or_else(|| catalogue.in_effect(code, it.month))?.clone(),
            said: value.and_then(said),
            explanation: value.and_then(|value| value.explanation.clone()),
        })
    };
    it.schedule.metrics.iter().filter_map(one).collect()
}

/// The form of a return: each metric that it asks for, in order, with its answer.
pub fn form(viewer: &Viewer, it: &Return) -> Vec<(Arc<Definition>, Option<return_value::Model>)> {
    let kept = kept(&viewer.catalogue(), it).into_iter();
    let value = |code: &str| it.value(code).cloned();
    kept.map(|each| (each.definition.clone(), value(&each.definition.row.code))).collect()
}

/// What an answer that is kept says.
pub(super) fn said(value: &return_value::Model) -> Option<Said> {
    let amount = |number: Option<i64>| number.map(Amount);
    Some(match value.state? {
        State::Value => Said::Value {
            value: amount(value.value),
            numerator: amount(value.numerator),
            denominator: amount(value.denominator),
        },
        State::Nil => Said::Nil,
        State::NotApplicable => Said::NotApplicable,
    })
}

impl Filled {
    /// The row that keeps the answer.
    pub(super) fn row(&self, return_id: i64, revision: i32) -> return_value::Model {
        let (state, numbers) = match self.said {
            None | Some(Said::Withdrawn) => (None, [None; 3]),
            Some(Said::Nil) => (Some(State::Nil), [None; 3]),
            Some(Said::NotApplicable) => (Some(State::NotApplicable), [None; 3]),
            Some(Said::Value { value, numerator, denominator }) => {
                (Some(State::Value), [value, numerator, denominator])
            }
        };
        let [value, numerator, denominator] = numbers.map(|number| number.map(|n| n.0));
        return_value::Model {
            return_id,
            metric: self.definition.row.code.clone(),
            revision,
            version_id: self.definition.row.id,
            state,
            value,
            numerator,
            denominator,
            explanation: self.explanation.clone(),
        }
    }

    /// The figure that an answer stands for.
    pub(super) fn entry(&self, it: &Return, said: Said) -> Entry {
        Entry {
            definition: self.definition.clone(),
            organisation: it.organisation.clone(),
            month: it.month,
            said,
            persons: Vec::new(),
        }
    }
}

/// The entries of what is answered.
pub(super) fn entries(it: &Return, filled: &[Filled]) -> Vec<Entry> {
    filled.iter().filter_map(|each| Some(each.entry(it, each.said?))).collect()
}

/// Everything that is found about the answers, in one pass.
pub(super) async fn judge(
    turn: &Turn,
    it: &Return,
    filled: &[Filled],
    known: &Known,
) -> Result<Vec<Finding>, DbErr> {
    let own: HashSet<i64> = it.row.iter().map(|row| row.id).collect();
    let judged =
        validation::findings(&By::turn(turn), turn.connection(), &entries(it, filled), known, &own)
            .await?;
    let mut judged = judged.into_iter();
    let mut found = Vec::new();
    for each in filled {
        let mut findings = match each.said {
            Some(_) => judged.next().unwrap_or_default(),
            None => validation::missing(turn, &each.definition),
        };
        explained(&mut findings, each.explanation.as_deref());
        let metric = Some(each.definition.row.code.clone());
        found.extend(findings.into_iter().map(|it| Finding { metric: metric.clone(), ..it }));
    }
    Ok(found)
}
