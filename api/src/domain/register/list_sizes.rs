//! Patients registered at each site on a day.

use chrono::NaiveDate;
use entity::organisation::Kind;

use super::{
    LoadRefused, Loading,
    report::{Outcome, Part},
};
use crate::ids::OdsCode;

/// The name of the format in the table of editions.
pub const FORMAT: &str = "list-sizes";

/// One count.
#[derive(Debug, Clone)]
pub struct Count<'a> {
    pub site: &'a OdsCode,
    pub on: NaiveDate,
    pub patients: i32,
}

impl Loading {
    /// Compares the register with the counts. A count speaks of its own day, so an older
    /// file can follow a newer one; a site is whoever bore the code on that day.
    pub fn list_sizes(&mut self, counts: &[Count<'_>]) -> Result<(), LoadRefused> {
        for (row, count) in counts.iter().enumerate() {
            let Some(site) = self.known(count.site.as_str()).filter(|s| s.kind() == Kind::Site)
            else {
                self.report.refuse(
                    row,
                    Part::Code,
                    count.site.as_str(),
                    "is no site that the register knows",
                    "load a newer edition of ods first",
                );
                continue;
            };
            let at = site.list_sizes.partition_point(|(on, _)| *on < count.on);
            let known = site.list_sizes.get(at).filter(|(on, _)| *on == count.on).copied();
            if known == Some((count.on, count.patients)) {
                self.count(Outcome::Unchanged, String::new);
                continue;
            }
            let site = site.id();
            let sizes = &mut self.edit.change(site)?.list_sizes;
            match known {
                Some(_) => sizes[at].1 = count.patients,
                None => sizes.insert(at, (count.on, count.patients)),
            }
            let line = || format!("{}: {} patients on {}", count.site, count.patients, count.on);
            self.count(Outcome::Counted, line);
        }
        Ok(())
    }
}
