//! Our own return template: a line for an organisation and a month, a column for each
//! metric, two for what is divided or weighed. Of a heading only what stands in square
//! brackets counts, so that titles may be worded anew.

use super::{
    cells::{Numbers, month, said},
    table::{Line, Table},
};
use crate::{
    domain::imports::claim::Claim,
    import::refused::{FileRefused, Why},
};

/// The heading by which the sheet with the figures is known.
pub(super) const ORGANISATION: &str = "Organisation code";

#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    organisation: u16,
    month: u16,
    /// 0 where there is none.
    explanation: u16,
    metrics: Vec<Metric>,
}

/// Where a metric's numbers are; 0 where there is no column.
#[derive(Debug, Clone, Default)]
struct Metric {
    code: String,
    value: u16,
    numerator: u16,
    denominator: u16,
}

impl Columns {
    pub(super) fn find(table: &Table) -> Result<Self, FileRefused> {
        let mut columns = Self::default();
        for (at, heading) in (1..).zip(&table.headings) {
            let plain = heading.trim().to_lowercase();
            let mut unused = 0;
            let column = match (plain.as_str(), bracketed(heading)) {
                ("organisation code", _) => &mut columns.organisation,
                ("month", _) => &mut columns.month,
                ("explanation", _) => &mut columns.explanation,
                ("organisation" | "", _) => &mut unused,
                (_, Some(name)) => columns.of_metric(name),
                (_, None) => return Err(table.refused(Why::UnknownColumn(heading.clone()))),
            };
            if *column > 0 {
                return Err(table.refused(Why::RepeatedColumn(heading.clone())));
            }
            *column = at;
        }
        let metrics = u16::from(!columns.metrics.is_empty());
        for (column, missing) in [
            (columns.organisation, ORGANISATION),
            (columns.month, "Month"),
            (metrics, "with a metric's code in square brackets"),
        ] {
            if column == 0 {
                let found = table.listed_headings();
                return Err(table.refused(Why::MissingColumn { missing, found }));
            }
        }
        Ok(columns)
    }

    /// The column that `code`, `code:numerator` or `code:denominator` names.
    fn of_metric(&mut self, name: &str) -> &mut u16 {
        let (code, part) = name.split_once(':').unwrap_or((name, ""));
        let known = self.metrics.iter().position(|metric| metric.code == code);
        let index = known.unwrap_or_else(|| {
            self.metrics.push(Metric { code: code.to_owned(), ..Metric::default() });
            self.metrics.len() - 1
        });
        let metric = &mut self.metrics[index];
        match part {
            "numerator" => &mut metric.numerator,
            "denominator" => &mut metric.denominator,
            _ => &mut metric.value,
        }
    }

    /// What a line claims: nothing of what was not answered.
    pub(super) fn claims(&self, line: Line<'_>) -> Vec<Claim> {
        let text = |column: u16| match column {
            0 => "",
            column => line.fields.get(column).unwrap_or_default(),
        };
        let mut claims = Vec::new();
        if line.whole && line.findings.is_empty() {
            let mut findings = Vec::new();
            let month = month(text(self.month), "Month", &mut findings);
            let explanation = Some(text(self.explanation).to_owned()).filter(|t| !t.is_empty());
            for metric in &self.metrics {
                let cells = [metric.value, metric.numerator, metric.denominator].map(&text);
                if cells.iter().all(|cell| cell.is_empty()) {
                    continue;
                }
                let mut claim = Claim {
                    line: line.number,
                    organisation: text(self.organisation).to_owned(),
                    metric: metric.code.clone(),
                    month,
                    explanation: explanation.clone(),
                    findings: findings.clone(),
                    ..Claim::default()
                };
                let (state, numbers) = answer(cells, line.is_sheet);
                claim.said = said(state, &numbers, &mut claim.findings);
                claims.push(claim);
            }
        } else {
            let findings = line.findings;
            claims.push(Claim { line: line.number, findings, ..Claim::default() });
        }
        if let Some(first) = claims.first_mut() {
            first.raw = Some(line.raw);
        }
        claims
    }
}

/// What stands in a heading's last square brackets.
fn bracketed(heading: &str) -> Option<&str> {
    let inside = heading.trim().strip_suffix(']')?;
    let (_, inside) = inside.rsplit_once('[')?;
    (!inside.is_empty()).then_some(inside)
}

/// The word and the numbers of a metric's cells: a word counts once, wherever it stands.
fn answer(cells: [&str; 3], rounded: bool) -> (&str, Numbers<'_>) {
    let is_word =
        |cell: &&str| cell.eq_ignore_ascii_case("nil") || cell.eq_ignore_ascii_case("n/a");
    let word = cells.into_iter().find(is_word).unwrap_or_default();
    let without = |cell| if word.is_empty() || cell != word { cell } else { "" };
    let [value, numerator, denominator] = cells.map(without);
    (word, Numbers { value, numerator, denominator, rounded })
}
