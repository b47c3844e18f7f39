//! Primary care networks, and the sites in each, with the days they joined and left.
//!
//! Unlike the register of sites this file tells history itself: each membership has
//! its first and its last day, so they are taken as they stand.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use entity::{
    membership::{self, Scheme},
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
};

use super::{
    LoadRefused, Loading, check_whole,
    report::{Outcome, Part},
};
use crate::{
    domain::{
        directory::organisation::Organisation,
        error::Failure,
        memberships::{Seat, sort},
        sites::close::shut,
        timeline::overlap,
    },
    ids::{OdsCode, OrganisationId},
};

/// The name of the format in the table of editions.
pub const FORMAT: &str = "pcn";

/// What the file says of one network.
#[derive(Debug, Clone)]
pub struct Network<'a> {
    pub code: &'a OdsCode,
    pub name: &'a str,
    pub sub_icb: &'a OdsCode,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub postcode: &'a str,
}

/// What the file says of one site's part in one network, in `[from, to)`.
#[derive(Debug, Clone)]
pub struct Partner<'a> {
    pub site: &'a OdsCode,
    pub pcn: &'a OdsCode,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

/// A partner row whose site and network are known.
struct Told {
    row: usize,
    pcn: OrganisationId,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

impl Loading {
    /// Compares the register with the file. Rows of `partners` are numbered after those
    /// of `networks`. `whole` says that every row of the file is among them; if some were
    /// refused, or this is more of an edition, nobody is taken to have left.
    pub fn pcn(
        &mut self,
        networks: &[Network<'_>],
        partners: &[Partner<'_>],
        whole: bool,
    ) -> Result<(), LoadRefused> {
        let mut pcns: HashMap<&OdsCode, OrganisationId> = HashMap::new();
        for (row, network) in networks.iter().enumerate() {
            if let Some(id) = self.compare_network(row, network)? {
                pcns.insert(network.code, id);
            }
        }
        let mut told: BTreeMap<OrganisationId, Vec<Told>> = BTreeMap::new();
        for (index, partner) in partners.iter().enumerate() {
            let row = networks.len() + index;
            if let Some((site, each)) = self.understand(row, partner, &pcns) {
                told.entry(site).or_default().push(each);
            }
        }
        let whole = whole && !self.supplement && self.report.refusals.is_empty();
        if whole {
            let known = self.in_networks_now();
            let missing = known.iter().filter(|site| !told.contains_key(site)).count();
            check_whole(missing, known.len())?;
            for site in known {
                told.entry(site).or_default();
            }
        }
        for (site, told) in told {
            self.compare_partners(site, told, partners, (networks.len(), whole))?;
        }
        Ok(())
    }

    /// The sites that an earlier edition has in a network still.
    fn in_networks_now(&self) -> Vec<OrganisationId> {
        let now = |site: &&Arc<Organisation>| {
            in_networks(site).any(|row| {
                row.source == Source::Ods && row.valid_to.is_none_or(|to| to > self.on())
            })
        };
        let sites = self.edit.before().of_kind(Kind::Site).iter();
        let known = sites.filter(now).map(|site| site.id());
        known.filter(|id| self.edit.find(*id).is_some()).collect()
    }

    fn compare_network(
        &mut self,
        row: usize,
        said: &Network<'_>,
    ) -> Result<Option<OrganisationId>, Failure> {
        let Some(sub_icb) = self.known(said.sub_icb.as_str()).filter(|s| s.kind() == Kind::SubIcb)
        else {
            self.report.refuse(
                row,
                Part::SubIcb,
                said.sub_icb.as_str(),
                "is no sub-ICB location that the register knows",
                "load the lookup of that time first (gpa import hierarchy)",
            );
            return Ok(None);
        };
        let (parent, parent_opened) = (sub_icb.id(), sub_icb.lifetime().0);
        let (mut next, new) = match self.known(said.code.as_str()) {
            Some(known) if known.kind() == Kind::Pcn => (known.clone(), false),
            Some(_) => {
                self.report.refuse(
                    row,
                    Part::Code,
                    said.code.as_str(),
                    "is the code of an organisation that is no PCN",
                    "check the code against the ODS portal",
                );
                return Ok(None);
            }
            None => (self.open_network(said), true),
        };
        let renamed = self.tell_name(&mut next, said.name);
        if next.postcode.at(self.on()).map_or("", |code| code) != said.postcode {
            next.postcode.set(self.on(), Box::from(said.postcode));
        }
        let moved = next.status_at(self.on()) != Some(Status::Closed) && {
            let (scheme, level) = (Scheme::Commissioning, Kind::SubIcb);
            let seat = Seat { scheme, level, parent, source: Source::Ods };
            self.seat(&mut next, seat, said.opened_on.max(parent_opened))
        };
        let closed = self.tell_closure(&mut next, said.closed_on);
        let id = next.id();
        let changed = self.settle(next)?;
        let line = |words: &str| format!("{} {}: {words}", said.code, said.name);
        match (new, changed) {
            (true, _) => self.count(Outcome::Opened, || line("new")),
            (false, false) => self.count(Outcome::Unchanged, String::new),
            (false, true) if closed => self.count(Outcome::Closed, || line("closed")),
            (false, true) if moved => self.count(Outcome::Moved, || line("to another sub-ICB")),
            (false, true) => match renamed {
                Some((outcome, words)) => self.count(outcome, || line(&words)),
                None => self.count(Outcome::Changed, || line("details")),
            },
        }
        Ok(Some(id))
    }

    fn open_network(&mut self, said: &Network<'_>) -> Organisation {
        let pcn = self.edit.register(Kind::Pcn, Source::Ods, said.opened_on);
        pcn.bear(CodeScheme::Ods, said.code.as_str(), said.opened_on);
        pcn.name.set(said.opened_on, Box::from(said.name));
        pcn.status.set(said.opened_on, Status::Active);
        if !said.postcode.is_empty() {
            pcn.postcode.set(said.opened_on, Box::from(said.postcode));
        }
        pcn.clone()
    }

    fn tell_closure(&self, pcn: &mut Organisation, closed_on: Option<NaiveDate>) -> bool {
        let Some(closed) = closed_on.filter(|_| pcn.lifetime().1.is_none()) else { return false };
        let closed_first = closed.max(pcn.lifetime().0);
        pcn.row.closed_on = Some(closed);
        shut(pcn, closed_first);
        true
    }

    fn understand(
        &mut self,
        row: usize,
        said: &Partner<'_>,
        pcns: &HashMap<&OdsCode, OrganisationId>,
    ) -> Option<(OrganisationId, Told)> {
        let Some(pcn) = pcns.get(said.pcn).copied() else {
            self.report.refuse(
                row,
                Part::Pcn,
                said.pcn.as_str(),
                "is no PCN of this file, or one that was refused",
                "give the PCN a row of its own in the first sheet",
            );
            return None;
        };
        let Some(site) = self.known(said.site.as_str()).filter(|site| site.kind() == Kind::Site)
        else {
            self.report.refuse(
                row,
                Part::Code,
                said.site.as_str(),
                "is no site that the register knows",
                "load an edition of ods of that time first",
            );
            return None;
        };
        // What lies outside the site's lifetime is not its history.
        let (first, closed) = site.lifetime();
        let from = said.from.max(first);
        let to = [said.to, closed].into_iter().flatten().min();
        let id = site.id();
        if to.is_some_and(|to| to <= from) {
            self.count(Outcome::Unchanged, String::new);
            return None;
        }
        Some((id, Told { row, pcn, from, to }))
    }

    /// Puts what the file tells of one site in place of what earlier editions told.
    fn compare_partners(
        &mut self,
        site: OrganisationId,
        mut told: Vec<Told>,
        partners: &[Partner<'_>],
        (first_row, whole): (usize, bool),
    ) -> Result<(), Failure> {
        let mut next = self.copy(site)?;
        told.sort_by_key(|each| (each.from, each.row));
        let before: Vec<_> = in_networks(&next).cloned().collect();
        next.memberships.retain(|row| row.level != Kind::Pcn || row.source != Source::Ods);
        for each in told {
            let span = (each.from, each.to);
            if in_networks(&next).any(|row| overlap(span, (row.valid_from, row.valid_to))) {
                self.report.refuse(
                    each.row,
                    Part::From,
                    &each.from.to_string(),
                    "overlaps another membership of this site in a PCN",
                    "a site is in one PCN at a time: correct the dates",
                );
                continue;
            }
            let known =
                before.iter().find(|row| (row.parent_id, row.valid_from) == (each.pcn, each.from));
            let id = known.map_or_else(|| self.edit.next_row_id(), |row| row.id);
            let same = known.is_some_and(|row| row.valid_to == each.to);
            next.memberships.push(row(site, id, &each));
            let partner = &partners[each.row - first_row];
            let outcome = if same { Outcome::Unchanged } else { Outcome::Moved };
            let line = || format!("{}: in {} from {}", partner.site, partner.pcn, each.from);
            self.count(outcome, line);
        }
        if self.keep_untold(&mut next, &before, whole) {
            let code = next.last_code_at(CodeScheme::Ods, self.on()).unwrap_or_default().to_owned();
            self.count(Outcome::Moved, || format!("{code}: left its PCN, by what the file tells"));
        }
        sort(&mut next);
        self.settle(next).map(|_| ())
    }

    /// What an earlier edition told and this one does not, stays for as long as nothing
    /// contradicts it and, if the file is whole, ends with this edition; says whether
    /// anything ended.
    fn keep_untold(
        &self,
        site: &mut Organisation,
        before: &[membership::Model],
        whole: bool,
    ) -> bool {
        let mut ended = false;
        for row in before.iter().filter(|row| row.source == Source::Ods) {
            if in_networks(site).any(|each| each.id == row.id) {
                continue;
            }
            let mut kept = row.clone();
            let next = in_networks(site)
                .filter(|each| each.valid_to.is_none_or(|to| to > kept.valid_from))
                .map(|each| each.valid_from)
                .min();
            let edition = whole.then_some(self.on());
            kept.valid_to = [row.valid_to, next, edition].into_iter().flatten().min();
            ended |= kept.valid_to != row.valid_to;
            if kept.valid_to.is_none_or(|to| to > kept.valid_from) {
                site.memberships.push(kept);
            }
        }
        ended
    }
}

fn in_networks(site: &Organisation) -> impl Iterator<Item = &membership::Model> {
    site.memberships.iter().filter(|row| row.level == Kind::Pcn)
}

fn row(site: OrganisationId, id: i64, told: &Told) -> membership::Model {
    membership::Model {
        id,
        child_id: site,
        parent_id: told.pcn,
        scheme: Scheme::Commissioning,
        level: Kind::Pcn,
        valid_from: told.from,
        valid_to: told.to,
        source: Source::Ods,
    }
}
