//! NHS England's PCN Workforce, one line for each person and post: what its lines of one
//! staff role come to for each network and month.
//!
//! A person is counted once in a network, however many posts they hold there; contracted
//! services count towards full-time equivalents alone, for nobody stands behind them. In
//! editions without identifiers a headcount is the number of posts: a plain number, from
//! which nothing above the network is counted. A network of which any line cannot be read
//! is refused whole, for what is left of it would be recorded as all of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    cells::number,
    table::{Line, Table},
};
use crate::{
    domain::{
        amount::Amount,
        findings::Finding,
        imports::claim::{Claim, Opening},
        observations::Said,
    },
    ids::Month,
    import::refused::{FileRefused, Why},
};

const ROLE: &str = "General Practice Assistants";
/// How the source of a line is called that stands for a service, not for somebody.
const CONTRACTED: &str = "contracted";

/// Where the columns are, from 1; 0 where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Columns {
    source: u16,
    year: u16,
    month: u16,
    pcn: u16,
    pcn_name: u16,
    sub_icb: u16,
    role: u16,
    fte: u16,
    identifier: u16,
}

/// What the lines read so far come to.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    networks: BTreeMap<(String, Option<Month>), Network>,
    /// Lines of which not even the network can be read.
    lost: Vec<Claim>,
}

/// What the lines of one network and month come to.
#[derive(Debug, Default)]
struct Network {
    line: u64,
    raw: Vec<String>,
    name: String,
    sub_icb: String,
    persons: BTreeSet<String>,
    /// Lines that stand for somebody.
    posts: i64,
    fte: i64,
    findings: Vec<Finding>,
}

impl Columns {
    pub(super) fn find(table: &Table) -> Result<Self, FileRefused> {
        let find = |name: &'static str| {
            let is_meant = |heading: &String| heading.trim().eq_ignore_ascii_case(name);
            let mut found = (1..).zip(&table.headings).filter(|(_, heading)| is_meant(heading));
            match (found.next(), found.next()) {
                (_, Some((_, again))) => Err(table.refused(Why::RepeatedColumn(again.clone()))),
                (Some((at, _)), None) => Ok(at),
                (None, None) => Ok(0),
            }
        };
        let needed = |missing: &'static str| match find(missing)? {
            0 => {
                let found = table.listed_headings();
                Err(table.refused(Why::MissingColumn { missing, found }))
            }
            at => Ok(at),
        };
        Ok(Self {
            source: needed("DATA_SOURCE")?,
            year: needed("CENSUS_YEAR")?,
            month: needed("CENSUS_MONTH")?,
            pcn: needed("PCN_CODE")?,
            pcn_name: needed("PCN_NAME")?,
            sub_icb: needed("SUB_ICB_CODE")?,
            role: needed("STAFF_ROLE")?,
            fte: needed("FTE")?,
            identifier: find("UNIQUE_IDENTIFIER")?,
        })
    }
}

impl Gathered {
    /// Takes a line in; says whether it is about the role at all.
    pub(super) fn take(&mut self, columns: &Columns, line: Line<'_>) -> bool {
        let text = |column: u16| match column {
            0 => "",
            column => line.fields.get(column).unwrap_or_default(),
        };
        if !line.whole {
            let (line, raw, findings) = (line.number, Some(line.raw), line.findings);
            self.lost.push(Claim { line, raw, findings, ..Claim::default() });
            return true;
        }
        if !text(columns.role).eq_ignore_ascii_case(ROLE) {
            return false;
        }
        let mut findings = line.findings;
        let month = census(text(columns.year), text(columns.month), &mut findings);
        let key = (text(columns.pcn).to_owned(), month);
        let network = self.networks.entry(key).or_default();
        if network.line == 0 {
            network.line = line.number;
            text(columns.pcn_name).clone_into(&mut network.name);
            text(columns.sub_icb).clone_into(&mut network.sub_icb);
        }
        if text(columns.fte).is_empty() {
            findings.push(Finding::error("REQUIRED", "FTE", "every line needs one"));
        }
        let fte = number(text(columns.fte), "FTE", true, &mut findings).unwrap_or_default();
        if fte < Amount::ZERO {
            findings.push(Finding::error("OUT_OF_RANGE", "FTE", "it lies below 0: correct it"));
        }
        network.fte = network.fte.saturating_add(fte.0);
        let identifier = text(columns.identifier);
        if !text(columns.source).to_lowercase().contains(CONTRACTED) {
            network.posts += 1;
            if !identifier.is_empty() {
                network.persons.insert(identifier.to_owned());
            } else if columns.identifier > 0 {
                let sentence = "staff without an identifier cannot be counted once: give one";
                findings.push(Finding::error("REQUIRED", "UNIQUE_IDENTIFIER", sentence));
            }
        }
        for finding in &mut findings {
            finding.message = format!("line {}: {}", line.number, finding.message);
        }
        network.findings.append(&mut findings);
        network.raw.push(line.raw);
        true
    }

    /// What was read, network by network, headcount and full-time equivalents of each.
    pub(super) fn claims(self) -> Vec<Claim> {
        let mut claims = self.lost;
        for ((code, month), network) in self.networks {
            let Network { line, raw, name, sub_icb, persons, posts, fte, findings } = network;
            let opening = month.map(|month| Opening {
                code: code.clone(),
                name,
                sub_icb,
                month: month.stored(),
            });
            let persons: Vec<String> = persons.into_iter().collect();
            let count = if persons.is_empty() { posts } else { length(&persons) };
            let value = |value: Amount| Said::Value {
                value: Some(value),
                numerator: None,
                denominator: None,
            };
            // Where there are only services, there was nobody to count.
            let headcount = if count == 0 { Said::Nil } else { value(Amount::whole(count)) };
            let claim = |metric: &str, said, persons, raw| Claim {
                line,
                raw,
                organisation: code.clone(),
                metric: metric.to_owned(),
                month,
                said: Some(said),
                persons,
                explanation: None,
                findings: findings.clone(),
                opening: opening.clone(),
            };
            claims.push(claim("gpa.headcount", headcount, persons, Some(raw.join("\n"))));
            claims.push(claim("gpa.fte", value(Amount(fte)), Vec::new(), None));
        }
        claims.sort_by_key(|claim| claim.line);
        claims
    }
}

fn length(persons: &[String]) -> i64 {
    i64::try_from(persons.len()).unwrap_or(i64::MAX)
}

fn census(year: &str, month: &str, findings: &mut Vec<Finding>) -> Option<Month> {
    let read = || Month::new(year.parse().ok()?, month.parse().ok()?);
    let read = read();
    if read.is_none() {
        let sentence = "year and month of the census are not numbers of a calendar";
        findings.push(Finding::error("MALFORMED", "CENSUS_MONTH", sentence));
    }
    read
}
