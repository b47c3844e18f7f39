//! The NHS register of prescribing organisations: every site, with its status, its
//! dates and its commissioner.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::{
    membership::Scheme,
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
};

use super::{
    LoadRefused, Loading, check_whole,
    parents::Parents,
    report::{Outcome, Part},
};
use crate::{
    domain::{
        directory::organisation::Organisation,
        error::Failure,
        memberships::{Seat, leave},
        reference::withdraw_demonstration,
        sites::close::shut,
    },
    ids::OdsCode,
};

/// The name of the format in the table of editions.
pub const FORMAT: &str = "ods";

/// What the file says of one organisation.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    pub code: &'a OdsCode,
    pub name: &'a str,
    /// The NHS England region, or `W00` and the like.
    pub region: Option<&'a OdsCode>,
    pub icb: Option<&'a OdsCode>,
    /// The sub-ICB location, formerly CCG.
    pub commissioner: Option<&'a OdsCode>,
    pub postcode: &'a str,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub status: Status,
    pub joined_on: Option<NaiveDate>,
    pub prescribing_setting: String,
}

impl Loading {
    /// Compares the register with the file. `whole` says that every row of the file is
    /// among the statements; if some were refused, nobody is taken to be gone.
    pub fn ods(&mut self, statements: &[Statement<'_>], whole: bool) -> Result<(), LoadRefused> {
        let withdrawn = withdraw_demonstration(&mut self.edit)?;
        if withdrawn > 0 {
            let sentence = format!("the demonstration's {withdrawn} sites and PCNs were taken out");
            self.report.notes.push(sentence);
        }
        let parents = Parents::settle(self, statements)?;
        for (row, statement) in statements.iter().enumerate() {
            self.compare_site(row, statement, &parents)?;
        }
        if whole && !self.supplement {
            self.close_missing(statements)?;
        }
        Parents::close_empty(self)?;
        Ok(())
    }

    fn compare_site(
        &mut self,
        row: usize,
        statement: &Statement<'_>,
        parents: &Parents,
    ) -> Result<(), Failure> {
        let Some(known) = self.known(statement.code.as_str()) else {
            return self.open_site(statement, parents);
        };
        if known.kind() != Kind::Site {
            self.report.refuse(
                row,
                Part::Code,
                statement.code.as_str(),
                "is the code of an organisation that is no site",
                "check the code against the ODS portal",
            );
            return Ok(());
        }
        let mut next = known.clone();
        let was = next.status_at(self.on());
        let outcomes = [
            self.tell_status(&mut next, statement, was),
            self.tell_name(&mut next, statement.name),
            self.tell_details(&mut next, statement),
            self.tell_commissioner(&mut next, statement, parents, false),
        ];
        if !self.settle(next)? {
            self.count(Outcome::Unchanged, String::new);
            return Ok(());
        }
        for (outcome, words) in outcomes.into_iter().flatten() {
            self.count(outcome, || format!("{} {}: {words}", statement.code, statement.name));
        }
        Ok(())
    }

    fn open_site(&mut self, said: &Statement<'_>, parents: &Parents) -> Result<(), Failure> {
        let first = self.since(said.opened_on);
        let day = self.on();
        let closed = said.closed_on.map(|closed| self.since(closed).max(first));
        let site = self.edit.register(Kind::Site, Source::Ods, said.opened_on);
        site.bear(CodeScheme::Ods, said.code.as_str(), first);
        site.name.set(first, Box::from(said.name));
        site.prescribing_setting.set(first, Box::from(&*said.prescribing_setting));
        if !said.postcode.is_empty() {
            site.postcode.set(first, Box::from(said.postcode));
        }
        site.row.closed_on = said.closed_on;
        // Since when it is dormant or proposed, the file does not say: on its day it was.
        site.status.set(first, Status::Active);
        site.status.set(
            closed.unwrap_or(if said.status == Status::Active { first } else { day }),
            said.status,
        );
        let mut site = site.clone();
        self.tell_commissioner(&mut site, said, parents, true);
        if let Some(closed) = closed {
            shut(&mut site, closed);
        }
        let id = site.id();
        *self.edit.change(id)? = site;
        self.count(Outcome::Opened, || format!("{} {}: from {first}", said.code, said.name));
        Ok(())
    }

    fn tell_status(
        &self,
        site: &mut Organisation,
        said: &Statement<'_>,
        was: Option<Status>,
    ) -> Option<(Outcome, String)> {
        site.row.closed_on = said.closed_on;
        site.row.opened_on = said.opened_on;
        site.row.source = Source::Ods;
        if was == Some(said.status) {
            return None;
        }
        let day = match (said.status, said.closed_on) {
            (Status::Closed, Some(closed)) => self.since(closed),
            (Status::Active, _) if was == Some(Status::Proposed) => self.since(said.opened_on),
            _ => self.on(),
        };
        let first = site.lifetime().0;
        let day = day.max(first);
        if said.status == Status::Closed {
            shut(site, day);
            return Some((Outcome::Closed, format!("on {day}")));
        }
        site.status.set(day, said.status);
        let reopened = was == Some(Status::Closed);
        if reopened && site.code_at(CodeScheme::Ods, day).is_none() {
            site.bear(CodeScheme::Ods, said.code.as_str(), day);
        }
        let outcome = if reopened { Outcome::Reopened } else { Outcome::Changed };
        Some((outcome, format!("{:?} from {day}", said.status).to_lowercase()))
    }

    /// From when a name is borne the file does not say: on its day it was.
    pub(super) fn tell_name(
        &self,
        organisation: &mut Organisation,
        name: &str,
    ) -> Option<(Outcome, String)> {
        let was = organisation.name_at(self.on());
        if was == name {
            return None;
        }
        let words = format!("was {was}");
        organisation.name.set(self.on(), Box::from(name));
        Some((Outcome::Renamed, words))
    }

    fn tell_details(
        &self,
        site: &mut Organisation,
        said: &Statement<'_>,
    ) -> Option<(Outcome, String)> {
        let day = self.on();
        let setting = site.prescribing_setting.at(day).map(|each| &**each);
        let postcode = site.postcode.at(day).map_or("", |each| &**each);
        let mut words = Vec::new();
        if setting != Some(&*said.prescribing_setting) {
            words.push(format!("prescribing setting {}", said.prescribing_setting));
            site.prescribing_setting.set(day, Box::from(&*said.prescribing_setting));
        }
        if postcode != said.postcode {
            words.push(format!("postcode {}", said.postcode));
            site.postcode.set(day, Box::from(said.postcode));
        }
        (!words.is_empty()).then(|| (Outcome::Changed, words.join(", ")))
    }

    /// A closed organisation keeps its last commissioner in the file, often a retired
    /// one; an open one belongs where the file says.
    fn tell_commissioner(
        &mut self,
        site: &mut Organisation,
        said: &Statement<'_>,
        parents: &Parents,
        new: bool,
    ) -> Option<(Outcome, String)> {
        let closed = site.status_at(self.on()) == Some(Status::Closed);
        if closed && !new {
            return None;
        }
        let (scheme, level) = (Scheme::Commissioning, Kind::SubIcb);
        let Some((parent, opened)) = said.commissioner.and_then(|code| parents.sub_icb(code))
        else {
            let held = site.membership_at(scheme, level, self.on()).is_some();
            leave(site, scheme, level, self.on());
            return held.then(|| (Outcome::Moved, "to no commissioner of England".to_owned()));
        };
        let seat = Seat { scheme, level, parent, source: Source::Ods };
        // The joining day is often the site's own opening, whatever the commissioner's.
        let joined = said.joined_on.unwrap_or(said.opened_on).max(opened);
        // Whoever came back sits there from that day on, not while it was closed.
        let back =
            site.status.began(self.on()).filter(|_| !new && site.was_closed_before(self.on()));
        let joined = back.map_or(joined, |day| day.max(joined));
        if !self.seat(site, seat, joined) {
            return None;
        }
        let code = said.commissioner.map(OdsCode::as_str).unwrap_or_default();
        (!new).then(|| (Outcome::Moved, format!("to {code}")))
    }

    /// Closes the sites that the register had from ODS and the file no longer names.
    fn close_missing(&mut self, statements: &[Statement<'_>]) -> Result<(), LoadRefused> {
        let named: HashSet<&str> = statements.iter().map(|each| each.code.as_str()).collect();
        let day = self.on();
        let before = self.edit.before().clone();
        let open = before.of_kind(Kind::Site).iter().filter(|site| {
            site.row.source == Source::Ods
                && site.status_at(day).is_some_and(|status| status != Status::Closed)
        });
        let open: Vec<_> = open.collect();
        let missing = |site: &&&std::sync::Arc<Organisation>| {
            site.last_code_at(CodeScheme::Ods, day).is_none_or(|code| !named.contains(code))
        };
        let gone: Vec<_> = open.iter().filter(missing).collect();
        check_whole(gone.len(), open.len())?;
        for site in gone {
            let mut next = self.copy(site.id())?;
            shut(&mut next, day);
            next.row.closed_on = Some(day);
            self.settle(next)?;
            let code = site.last_code_at(CodeScheme::Ods, day).unwrap_or_default();
            self.count(Outcome::Closed, || {
                format!("{code} {}: no longer in the file", site.name_at(day))
            });
        }
        Ok(())
    }
}
