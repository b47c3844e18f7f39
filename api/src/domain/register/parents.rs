//! The commissioners, ICBs and regions that the NHS register names, row by row.
//!
//! The file has codes alone, so a parent that the register does not know yet is
//! opened by its code and waits for a lookup to name it. Which ICB and region a
//! commissioner lies in is what most of its GP practices say.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::{
    membership::Scheme,
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
};

use super::{Loading, ods::Statement};
use crate::{
    domain::{error::Failure, memberships::Seat, sites::close::shut},
    ids::{OdsCode, OrganisationId},
};

/// The commissioners that sites can belong to, by their code, with their opening.
pub(super) struct Parents<'a>(HashMap<&'a OdsCode, (OrganisationId, NaiveDate)>);

/// What the rows of one commissioner say.
#[derive(Default)]
struct Said<'a> {
    /// How many rows name an ICB and a region; those of GP practices count first.
    above: BTreeMap<(&'a OdsCode, &'a OdsCode), (usize, usize)>,
    /// On which days its practices joined.
    joined: BTreeMap<NaiveDate, usize>,
}

impl<'a> Said<'a> {
    fn above(&self) -> Option<(&'a OdsCode, &'a OdsCode)> {
        self.above.iter().max_by_key(|(_, votes)| **votes).map(|(above, _)| *above)
    }

    fn joined(&self) -> Option<NaiveDate> {
        self.joined.iter().max_by_key(|(_, votes)| **votes).map(|(day, _)| *day)
    }
}

impl<'a> Parents<'a> {
    pub(super) fn sub_icb(&self, code: &OdsCode) -> Option<(OrganisationId, NaiveDate)> {
        self.0.get(code).copied()
    }

    /// Opens the parents that are not known, and seats all of them where the file says.
    pub(super) fn settle(
        loading: &mut Loading,
        statements: &[Statement<'a>],
    ) -> Result<Self, Failure> {
        let said = gather(statements);
        let mut opened = Vec::new();
        let mut icbs = HashMap::new();
        let mut commissioners = HashMap::new();
        for (code, said) in &said {
            let Some((icb, region)) = said.above() else { continue };
            // W00, Y99 and the like are no regions of England: their sites sit nowhere.
            let Some(region) = find(loading, region, Kind::Region) else { continue };
            let icb = match icbs.get(icb) {
                Some(known) => *known,
                None => {
                    let known = open(loading, icb, Kind::Icb, region.1, &mut opened);
                    seat(loading, known.0, Kind::Region, region)?;
                    *icbs.entry(icb).or_insert(known)
                }
            };
            let since = said.joined().unwrap_or_else(|| loading.on());
            let known = open(loading, code, Kind::SubIcb, since, &mut opened);
            seat(loading, known.0, Kind::Icb, icb)?;
            commissioners.insert(*code, known);
        }
        if !opened.is_empty() {
            let sentence = format!(
                "{} parents that the register did not know were opened by their codes: {}",
                opened.len(),
                opened.join(" ")
            );
            loading.report.notes.push(sentence);
        }
        Ok(Self(commissioners))
    }

    /// Closes the parents of earlier editions that nobody belongs to any more, on the
    /// day the last member left.
    pub(super) fn close_empty(loading: &mut Loading) -> Result<(), Failure> {
        for kind in [Kind::SubIcb, Kind::Icb] {
            let day = loading.on();
            let before = loading.edit.before().clone();
            let known = before.of_kind(kind).iter().filter(|each| {
                each.row.source == Source::Ods
                    && each.status_at(day).is_some_and(|status| status != Status::Closed)
            });
            for parent in known {
                let mut last_left = None;
                let mut kept = false;
                for member in before.members(parent.id()) {
                    let Some(member) = loading.edit.find(*member) else { continue };
                    for row in member.memberships.iter().filter(|row| row.parent_id == parent.id())
                    {
                        kept |= row.valid_to.is_none_or(|to| to > day);
                        last_left = last_left.max(row.valid_to);
                    }
                }
                if kept {
                    continue;
                }
                let mut next = loading.copy(parent.id())?;
                let closed = loading.since(last_left.unwrap_or(day)).max(next.lifetime().0);
                shut(&mut next, closed);
                next.row.closed_on = Some(closed);
                loading.settle(next)?;
            }
        }
        Ok(())
    }
}

/// What the open organisations of the file say of their commissioners.
fn gather<'a>(statements: &[Statement<'a>]) -> BTreeMap<&'a OdsCode, Said<'a>> {
    const GP_PRACTICE: &str = "4";
    let mut gathered: BTreeMap<&'a OdsCode, Said<'a>> = BTreeMap::new();
    for each in statements.iter().filter(|each| each.status != Status::Closed) {
        let (Some(code), Some(icb), Some(region)) = (each.commissioner, each.icb, each.region)
        else {
            continue;
        };
        let practice = usize::from(each.prescribing_setting == GP_PRACTICE);
        let said = gathered.entry(code).or_default();
        let votes = said.above.entry((icb, region)).or_default();
        *votes = (votes.0 + practice, votes.1 + 1);
        if let Some(joined) = each.joined_on {
            *said.joined.entry(joined).or_default() += 1;
        }
    }
    gathered
}

fn find(loading: &Loading, code: &OdsCode, kind: Kind) -> Option<(OrganisationId, NaiveDate)> {
    let found = loading.known(code.as_str()).filter(|found| found.kind() == kind)?;
    Some((found.id(), found.lifetime().0))
}

fn open(
    loading: &mut Loading,
    code: &OdsCode,
    kind: Kind,
    since: NaiveDate,
    opened: &mut Vec<String>,
) -> (OrganisationId, NaiveDate) {
    if let Some(known) = find(loading, code, kind) {
        return known;
    }
    let since = since.min(loading.on());
    let name = match kind {
        Kind::Icb => format!("Health geography {code}"),
        _ => format!("Commissioner {code}"),
    };
    let parent = loading.edit.register(kind, Source::Ods, since);
    parent.bear(CodeScheme::Ods, code.as_str(), since);
    parent.name.set(since, Box::from(name));
    parent.status.set(since, Status::Active);
    opened.push(code.to_string());
    (parent.id(), since)
}

fn seat(
    loading: &mut Loading,
    child: OrganisationId,
    level: Kind,
    (parent, parent_opened): (OrganisationId, NaiveDate),
) -> Result<(), Failure> {
    let mut next = loading.copy(child)?;
    let seat = Seat { scheme: Scheme::Commissioning, level, parent, source: Source::Ods };
    let since = loading.belonged(&next, seat, parent_opened);
    loading.seat(&mut next, seat, since);
    loading.settle(next).map(|_| ())
}
