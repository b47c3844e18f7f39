//! What is to be said of a claim: whom and what it means, whether the rules allow it, and
//! what it would do to what is recorded. A preview and a commit ask the same.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use entity::{
    import_row::Outcome,
    observation::{self, State, Status},
    organisation::{self, Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact,
};

use super::claim::{Claim, Opening};
use crate::{
    auth::policy::Reach,
    domain::{
        directory::{Directory, organisation::Organisation},
        error::Problems,
        findings::Finding,
        metrics::catalogue::{Catalogue, Definition},
        observations::{Entry, Known, persons::Counted, record::is_same},
        returns::draft::asks,
    },
    ids::{Month, OdsCode, OrganisationCode, OrganisationId, shortened},
};

/// The same for what is not there and for what is none of the caller's.
const NOT_KNOWN: &str = "there is no such organisation within your reach";

/// What claims are judged by.
pub(super) struct Judge {
    pub(super) directory: Arc<Directory>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) reach: Reach,
    pub(super) today: NaiveDate,
    pub(super) wanted: Status,
    /// Organisations that are not there yet, by code, under ids that no row has.
    provisional: HashMap<String, Arc<Organisation>>,
}

/// What a claim means, as far as it means anything.
#[derive(Default)]
pub(super) struct Meant {
    pub(super) organisation: Option<Arc<Organisation>>,
    pub(super) definition: Option<Arc<Definition>>,
    pub(super) findings: Vec<Finding>,
}

impl Judge {
    pub(super) fn new(
        (directory, catalogue): (Arc<Directory>, Arc<Catalogue>),
        (reach, wanted): (Reach, Status),
        today: NaiveDate,
    ) -> Self {
        Self { directory, catalogue, reach, today, wanted, provisional: HashMap::new() }
    }

    /// Finds what a claim names; nothing is looked for where the claim cannot be read.
    pub(super) fn understand(&mut self, claim: &mut Claim) -> Meant {
        let mut meant = Meant { findings: std::mem::take(&mut claim.findings), ..Meant::default() };
        let (Some(month), false) = (claim.month, claim.organisation.is_empty()) else {
            if meant.findings.is_empty() {
                let sentence = "every line names its organisation";
                meant.findings.push(Finding::error("REQUIRED", "organisation", sentence));
            }
            return meant;
        };
        match self.definition(&claim.metric, month) {
            Some(definition) => meant.definition = Some(definition),
            None => {
                let metric = shortened(&claim.metric);
                let sentence = format!("there is no metric {metric:?}: see metrics");
                meant.findings.push(Finding::error("NOT_FOUND", "metric", sentence));
            }
        }
        match self.organisation(&claim.organisation, month.last_day()) {
            Some(organisation) => meant.organisation = Some(organisation),
            None => match claim.opening.as_ref().map(|opening| self.open(opening)) {
                Some(Ok(organisation)) => meant.organisation = Some(organisation),
                Some(Err(finding)) => meant.findings.push(finding),
                None => {
                    meant.findings.push(Finding::error("NOT_FOUND", "organisation", NOT_KNOWN));
                }
            },
        }
        meant
    }

    fn definition(&self, metric: &str, month: Month) -> Option<Arc<Definition>> {
        match metric.split_once('@') {
            None => self.catalogue.in_effect(metric, month).cloned(),
            Some(_) => self.catalogue.lines(metric).map(|lines| lines.newest),
        }
    }

    fn organisation(&self, code: &str, day: NaiveDate) -> Option<Arc<Organisation>> {
        let borne = |scheme, code: &str| self.directory.last_bearer(scheme, code, day);
        let found = match code.split_once(':') {
            // As forms and exports name them: by the one, or else by the other.
            None => borne(CodeScheme::Ods, code).or_else(|| borne(CodeScheme::Slug, code)),
            Some(_) => match code.parse().ok()? {
                OrganisationCode::Ods(code) => borne(CodeScheme::Ods, &code.to_string()),
                OrganisationCode::Hub(slug)
                | OrganisationCode::Provider(slug)
                | OrganisationCode::Programme(slug) => borne(CodeScheme::Slug, &slug.to_string()),
                OrganisationCode::Client(_) => None,
            },
        }?;
        self.directory.covers(&self.reach, found, self.today).then(|| found.clone())
    }

    /// A network that the register lacks, as the commit would open it.
    fn open(&mut self, opening: &Opening) -> Result<Arc<Organisation>, Finding> {
        let refused = |sentence: &str| Finding::error("NOT_FOUND", "organisation", sentence);
        if self.reach != Reach::Everywhere {
            return Err(refused(NOT_KNOWN));
        }
        if let Some(known) = self.provisional.get(&opening.code) {
            return Ok(known.clone());
        }
        let month = Month::read(opening.month).ok_or_else(|| refused(NOT_KNOWN))?;
        let day = month.first_day();
        if opening.code.parse::<OdsCode>().is_err() {
            return Err(refused("the register does not know it, and its code is no ODS code"));
        }
        if self.directory.last_bearer(CodeScheme::Ods, &opening.code, day).is_some() {
            return Err(refused(NOT_KNOWN));
        }
        if self.sub_icb(opening).is_none() {
            let sub_icb = shortened(&opening.sub_icb);
            let sentence = format!(
                "the register knows neither it nor its sub-ICB location {sub_icb:?}: load the lookup of that time first (gpa import hierarchy)"
            );
            return Err(refused(&sentence));
        }
        let below = OrganisationId::try_from(self.provisional.len()).unwrap_or_default();
        let mut organisation = Organisation::new(organisation::Model {
            id: -1 - below,
            kind: Kind::Pcn,
            source: Source::Ods,
            opened_on: day,
            closed_on: None,
            version: 1,
        });
        organisation.bear(CodeScheme::Ods, &opening.code, day);
        organisation.status.set(day, organisation_fact::Status::Active);
        let organisation = Arc::new(organisation);
        self.provisional.insert(opening.code.clone(), organisation.clone());
        Ok(organisation)
    }

    fn sub_icb(&self, opening: &Opening) -> Option<OrganisationId> {
        let day = Month::read(opening.month)?.last_day();
        let found = self.directory.last_bearer(CodeScheme::Ods, &opening.sub_icb, day)?;
        (found.kind() == Kind::SubIcb).then(|| found.id())
    }

    /// What an entry that the rules allow would do to what is recorded.
    pub(super) fn outcome(
        &self,
        entry: &Entry,
        known: &Known,
        counted: &Counted,
    ) -> (Outcome, Option<Finding>) {
        let before = known.get(&entry.figure());
        let Some(figures) = entry.figures(&mut Problems::default()) else {
            return (Outcome::Refused, None);
        };
        let Some(row) = before.filter(|row| row.state != State::Withdrawn) else {
            let nothing = figures.state == State::Withdrawn;
            return (if nothing { Outcome::Same } else { Outcome::Create }, None);
        };
        let at = |status| is_same(row, counted, (&figures, &entry.persons, status));
        if at(self.wanted.max(row.status)) {
            return (Outcome::Same, None);
        }
        match self.clash(entry, row) {
            Some(finding) => (Outcome::Conflict, Some(finding)),
            None => (Outcome::Change, None),
        }
    }

    /// What keeps a figure from following what is recorded already. That a return is no
    /// longer open to be filled in is among the findings of the rules.
    fn clash(&self, entry: &Entry, row: &observation::Model) -> Option<Finding> {
        let metric = entry.definition.row.code.as_str();
        let asked = || asks(&self.catalogue, &entry.organisation, metric, entry.month).is_some();
        if row.return_id.is_some() && !asked() {
            let sentence = "this figure belongs to a return: have it sent back, or restate it";
            return Some(Finding::error("CONTRADICTION", "month", sentence));
        }
        if row.status > self.wanted {
            let sentence =
                "what is recorded is more settled than this import: import it as approved";
            return Some(Finding::error("CONTRADICTION", "month", sentence));
        }
        None
    }
}
