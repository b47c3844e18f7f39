//! A long CSV of observations: one line for each figure, the columns in any order.

use super::{
    cells::{Numbers, month, said},
    table::{Line, Table},
};
use crate::{
    domain::imports::claim::Claim,
    import::refused::{FileRefused, Why},
};

/// Where the columns are, from 1; 0 where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Columns {
    organisation: u16,
    metric: u16,
    month: u16,
    value: u16,
    numerator: u16,
    denominator: u16,
    state: u16,
    explanation: u16,
}

impl Columns {
    pub(super) fn find(table: &Table) -> Result<Self, FileRefused> {
        let mut columns = Self::default();
        for (at, heading) in (1..).zip(&table.headings) {
            let plain = heading.trim().to_lowercase().replace([' ', '-'], "_");
            let column = match plain.as_str() {
                "organisation_code" => &mut columns.organisation,
                "metric" => &mut columns.metric,
                "month" => &mut columns.month,
                "value" => &mut columns.value,
                "numerator" => &mut columns.numerator,
                "denominator" => &mut columns.denominator,
                "state" => &mut columns.state,
                "explanation" => &mut columns.explanation,
                _ => return Err(table.refused(Why::UnknownColumn(heading.clone()))),
            };
            if *column > 0 {
                return Err(table.refused(Why::RepeatedColumn(heading.clone())));
            }
            *column = at;
        }
        for (column, missing) in [
            (columns.organisation, "organisation_code"),
            (columns.metric, "metric"),
            (columns.month, "month"),
            (columns.value.max(columns.numerator).max(columns.state), "value"),
        ] {
            if column == 0 {
                let found = table.listed_headings();
                return Err(table.refused(Why::MissingColumn { missing, found }));
            }
        }
        Ok(columns)
    }

    pub(super) fn claim(&self, line: Line<'_>) -> Claim {
        let text = |column: u16| match column {
            0 => "",
            column => line.fields.get(column).unwrap_or_default(),
        };
        let mut claim = Claim { line: line.number, findings: line.findings, ..Claim::default() };
        if line.whole && claim.findings.is_empty() {
            text(self.organisation).clone_into(&mut claim.organisation);
            text(self.metric).clone_into(&mut claim.metric);
            claim.month = month(text(self.month), "month", &mut claim.findings);
            let numbers = Numbers {
                value: text(self.value),
                numerator: text(self.numerator),
                denominator: text(self.denominator),
                rounded: false,
            };
            claim.said = said(text(self.state), &numbers, &mut claim.findings);
            let explanation = text(self.explanation);
            claim.explanation = (!explanation.is_empty()).then(|| explanation.to_owned());
        }
        claim.raw = Some(line.raw);
        claim
    }
}
