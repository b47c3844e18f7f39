//! Lookups of the hierarchy: which sub-ICB location lies in which ICB and region, and
//! which ICB a clinical commissioning group became part of.

use chrono::NaiveDate;
use entity::{
    membership::Scheme,
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
    succession::{Confidence, SuccessionKind},
};

use super::{
    LoadRefused, Loading,
    report::{Outcome, Part},
};
use crate::{
    domain::{
        error::Failure,
        memberships::Seat,
        sites::close::shut,
        successions::{RecordSuccession, follow},
    },
    ids::{OdsCode, OnsCode, OrganisationId},
};

/// The name of the format in the table of editions.
pub const FORMAT: &str = "hierarchy";

/// An area with both of its codes.
#[derive(Debug, Clone)]
pub struct Area<'a> {
    pub ods: &'a OdsCode,
    pub ons: &'a OnsCode,
    pub name: &'a str,
}

/// What the file says in one row.
#[derive(Debug, Clone)]
pub enum Statement<'a> {
    SubIcb { region: Area<'a>, icb: Area<'a>, sub_icb: Area<'a> },
    CcgToIcb { ccg: &'a OdsCode, icb: &'a OdsCode },
}

impl Loading {
    /// Compares the register with the lookup.
    pub fn hierarchy(&mut self, statements: &[Statement<'_>]) -> Result<(), LoadRefused> {
        for (row, statement) in statements.iter().enumerate() {
            match statement {
                Statement::SubIcb { region, icb, sub_icb } => {
                    self.compare_areas(row, region, icb, sub_icb)?;
                }
                Statement::CcgToIcb { ccg, icb } => self.compare_ccg(row, ccg, icb)?,
            }
        }
        Ok(())
    }

    fn compare_areas(
        &mut self,
        row: usize,
        region: &Area<'_>,
        icb: &Area<'_>,
        sub_icb: &Area<'_>,
    ) -> Result<(), Failure> {
        let Some(above) = self.of_kind(region.ods, Kind::Region) else {
            self.report.refuse(
                row,
                Part::Region,
                region.ods.as_str(),
                "is no region that the register knows",
                "regions come with the program: check the code",
            );
            return Ok(());
        };
        let areas = [(Part::Icb, Kind::Icb, icb), (Part::SubIcb, Kind::SubIcb, sub_icb)];
        for (part, kind, area) in areas {
            let known = self.known(area.ods.as_str());
            let remedy = "check the code against its publisher";
            if known.is_some_and(|known| known.kind() != kind) {
                let reason = "is a code of another kind";
                self.report.refuse(row, part, area.ods.as_str(), reason, remedy);
                return Ok(());
            }
            let bearer = self.edit.bearer(CodeScheme::Ons, area.ons.as_str(), self.on());
            let own = self.of_kind(area.ods, kind);
            if bearer.is_some() && bearer != own {
                let reason = "is borne by another organisation";
                self.report.refuse(row, Part::Ons(kind), area.ons.as_str(), reason, remedy);
                return Ok(());
            }
        }
        let icb_id = self.compare_area(icb, Kind::Icb, (above, Kind::Region))?;
        self.compare_area(sub_icb, Kind::SubIcb, (icb_id, Kind::Icb))?;
        Ok(())
    }

    fn compare_area(
        &mut self,
        area: &Area<'_>,
        kind: Kind,
        (parent, level): (OrganisationId, Kind),
    ) -> Result<OrganisationId, Failure> {
        let day = self.on();
        let known = self.of_kind(area.ods, kind);
        let id = known.unwrap_or_else(|| self.open_area(area.ods, area.name, kind, day));
        let mut next = self.copy(id)?;
        let renamed = self.tell_name(&mut next, area.name);
        if next.code_at(CodeScheme::Ons, day) != Some(area.ons.as_str()) {
            next.end_code(CodeScheme::Ons, day);
            next.bear(CodeScheme::Ons, area.ons.as_str(), day);
        }
        let seat = Seat { scheme: Scheme::Commissioning, level, parent, source: Source::Ods };
        let parent_opened = self.copy(parent)?.lifetime().0;
        let since = self.belonged(&next, seat, parent_opened);
        let moved = self.seat(&mut next, seat, since);
        let changed = self.settle(next)?;
        let line = |words: &str| format!("{} {}: {words}", area.ods, area.name);
        match (known, changed, renamed) {
            (None, ..) => self.count(Outcome::Opened, || line("new")),
            (_, false, _) => self.count(Outcome::Unchanged, String::new),
            (_, true, Some((outcome, words))) => self.count(outcome, || line(&words)),
            (_, true, None) if moved => self.count(Outcome::Moved, || line("to another parent")),
            (_, true, None) => self.count(Outcome::Changed, || line("another ONS code")),
        }
        Ok(id)
    }

    /// A CCG is one of today's sub-ICB locations, or it was followed by its ICB.
    fn compare_ccg(&mut self, row: usize, ccg: &OdsCode, icb: &OdsCode) -> Result<(), Failure> {
        let Some(icb_id) = self.of_kind(icb, Kind::Icb) else {
            let remedy = "load the lookup of regions, ICBs and sub-ICBs first";
            let reason = "is no ICB that the register knows";
            self.report.refuse(row, Part::Icb, icb.as_str(), reason, remedy);
            return Ok(());
        };
        let began = self.copy(icb_id)?.lifetime().0;
        let known = self.of_kind(ccg, Kind::SubIcb);
        let open = known.and_then(|id| self.edit.find(id)).is_some_and(|ccg| {
            ccg.status_at(self.on()).is_some_and(|status| status != Status::Closed)
                && ccg.membership_at(Scheme::Commissioning, Kind::Icb, self.on()).is_some()
        });
        let id = known.unwrap_or_else(|| {
            let name = format!("Clinical commissioning group {ccg}");
            self.open_area(ccg, &name, Kind::SubIcb, CCGS_BEGAN)
        });
        let followed = self.copy(id)?.successors.iter().any(|row| row.successor_id == icb_id);
        if open || followed {
            self.count(Outcome::Unchanged, String::new);
            return Ok(());
        }
        let mut next = self.copy(id)?;
        if next.lifetime().1.is_none() {
            shut(&mut next, began);
            next.row.closed_on = Some(began);
        }
        let occurred_on = next.lifetime().1.unwrap_or(began);
        self.settle(next)?;
        let command = RecordSuccession {
            predecessor: id,
            successor: icb_id,
            occurred_on,
            kind: SuccessionKind::Merger,
            confidence: Confidence::Inferred,
        };
        let succession = self.edit.next_row_id();
        follow(&mut self.edit, succession, &command, Source::Ods)?;
        let outcome = if known.is_none() { Outcome::Opened } else { Outcome::Changed };
        self.count(outcome, || format!("{ccg}: followed by {icb} on {occurred_on}"));
        Ok(())
    }

    fn of_kind(&self, code: &OdsCode, kind: Kind) -> Option<OrganisationId> {
        let known = self.known(code.as_str()).map(|known| (known.kind(), known.id()));
        let fresh = || self.opened.get(code.as_str()).copied();
        known.or_else(fresh).filter(|(found, _)| *found == kind).map(|(_, id)| id)
    }

    fn open_area(
        &mut self,
        ods: &OdsCode,
        name: &str,
        kind: Kind,
        day: NaiveDate,
    ) -> OrganisationId {
        let area = self.edit.register(kind, Source::Ods, day);
        area.bear(CodeScheme::Ods, ods.as_str(), day);
        area.name.set(day, Box::from(name));
        area.status.set(day, Status::Active);
        let id = area.id();
        self.opened.insert(ods.to_string(), (kind, id));
        id
    }
}

/// Clinical commissioning groups were established by the Health and Social Care Act 2012.
const CCGS_BEGAN: NaiveDate = match NaiveDate::from_ymd_opt(2013, 4, 1) {
    Some(day) => day,
    None => panic!("no such day"),
};
