//! What stands in a cell: a number, a month, or a word for why there is no number.

use crate::{
    domain::{
        amount::{Amount, NoAmount},
        findings::Finding,
        observations::Said,
    },
    ids::{Month, shortened},
};

/// The numbers of one figure, as they are written; nothing stands where none is said.
pub(super) struct Numbers<'a> {
    pub(super) value: &'a str,
    pub(super) numerator: &'a str,
    pub(super) denominator: &'a str,
    /// Whether more decimals than can be kept are rounded: a workbook computes in binary.
    pub(super) rounded: bool,
}

impl Numbers<'_> {
    fn are_blank(&self) -> bool {
        self.value.is_empty() && self.numerator.is_empty() && self.denominator.is_empty()
    }
}

pub(super) fn month(text: &str, column: &str, findings: &mut Vec<Finding>) -> Option<Month> {
    match text.parse() {
        Ok(month) => Some(month),
        Err(_) => {
            // A workbook may have taken the month for its first day.
            let day = text.strip_suffix("01").filter(|_| text.len() == 8);
            let read = day.and_then(|month| Month::read(month.parse().ok()?));
            if read.is_none() {
                let sentence =
                    format!("{:?} is not a month: write YYYY-MM, such as 2025-11", shortened(text));
                findings.push(Finding::error("MALFORMED", column, sentence));
            }
            read
        }
    }
}

/// What a state and numbers say; nothing, with the reason among the findings, where they
/// say nothing that can be read.
pub(super) fn said(
    state: &str,
    numbers: &Numbers<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Said> {
    let word = match state.to_ascii_uppercase().as_str() {
        "" | "VALUE" => return value(numbers, findings),
        "NIL" => Said::Nil,
        "NOT_APPLICABLE" | "N/A" => Said::NotApplicable,
        "WITHDRAWN" => Said::Withdrawn,
        _ => {
            let state = shortened(state);
            let sentence =
                format!("{state:?} is no state: write VALUE, NIL, NOT_APPLICABLE or WITHDRAWN");
            findings.push(Finding::error("MALFORMED", "state", sentence));
            return None;
        }
    };
    if numbers.are_blank() {
        return Some(word);
    }
    let sentence = "there is a number beside a word that says there is none: keep one of them";
    findings.push(Finding::error("CONTRADICTION", "state", sentence));
    None
}

fn value(numbers: &Numbers<'_>, findings: &mut Vec<Finding>) -> Option<Said> {
    if numbers.are_blank() {
        let sentence = "nothing stands here: write a number, or say NIL or NOT_APPLICABLE";
        findings.push(Finding::error("REQUIRED", "value", sentence));
        return None;
    }
    let before = findings.len();
    let rounded = numbers.rounded;
    let value = number(numbers.value, "value", rounded, findings);
    let numerator = number(numbers.numerator, "numerator", rounded, findings);
    let denominator = number(numbers.denominator, "denominator", rounded, findings);
    (findings.len() == before).then_some(Said::Value { value, numerator, denominator })
}

pub(super) fn number(
    text: &str,
    column: &str,
    rounded: bool,
    findings: &mut Vec<Finding>,
) -> Option<Amount> {
    if text.is_empty() {
        return None;
    }
    let read = if rounded { Amount::parse_rounded(text) } else { Amount::parse(text) };
    match read {
        Ok(amount) => Some(amount),
        Err(no) => {
            let code = if no == NoAmount::Malformed { "MALFORMED" } else { "OUT_OF_RANGE" };
            let sentence = format!("{:?} {}", shortened(text), no.sentence());
            findings.push(Finding::error(code, column, sentence));
            None
        }
    }
}
