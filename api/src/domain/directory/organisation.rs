//! One organisation with everything that is known of it, through time.

use chrono::NaiveDate;
use entity::{
    lead_appointment, membership,
    membership::Scheme,
    organisation::{self, Kind},
    organisation_code,
    organisation_code::CodeScheme,
    organisation_fact::{Status, Tier},
    placement, succession,
};
use sea_orm::ActiveEnum;

use crate::{
    domain::{
        memberships,
        timeline::{Timeline, within},
    },
    ids::OrganisationId,
};

/// A row of the register and the dated rows that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub row: organisation::Model,
    pub name: Timeline<Box<str>>,
    pub status: Timeline<Status>,
    pub prescribing_setting: Timeline<Box<str>>,
    pub postcode: Timeline<Box<str>>,
    pub tier: Timeline<Tier>,
    pub codes: Vec<organisation_code::Model>,
    /// Its memberships in others, in the order of scheme, level and day.
    pub memberships: Vec<membership::Model>,
    /// Where it sat, day after day, without a gap from its opening on.
    pub placements: Vec<placement::Model>,
    /// Who led it; for regions.
    pub leads: Vec<lead_appointment::Model>,
    /// Whom it followed.
    pub predecessors: Vec<succession::Model>,
    /// Who followed it.
    pub successors: Vec<succession::Model>,
    /// Registered patients by the day they were counted.
    pub list_sizes: Vec<(NaiveDate, i32)>,
}

impl Organisation {
    pub fn new(row: organisation::Model) -> Self {
        Self {
            row,
            name: Timeline::default(),
            status: Timeline::default(),
            prescribing_setting: Timeline::default(),
            postcode: Timeline::default(),
            tier: Timeline::default(),
            codes: Vec::new(),
            memberships: Vec::new(),
            placements: Vec::new(),
            leads: Vec::new(),
            predecessors: Vec::new(),
            successors: Vec::new(),
            list_sizes: Vec::new(),
        }
    }

    pub fn id(&self) -> OrganisationId {
        self.row.id
    }

    /// Whether the two say the same of everything but the placements, which follow
    /// from the memberships of others.
    pub(in crate::domain) fn same_but_placed(&self, other: &Self) -> bool {
        self.row == other.row
            && self.name == other.name
            && self.status == other.status
            && self.prescribing_setting == other.prescribing_setting
            && self.postcode == other.postcode
            && self.tier == other.tier
            && self.codes == other.codes
            && self.memberships == other.memberships
            && self.leads == other.leads
            && self.predecessors == other.predecessors
            && self.successors == other.successors
            && self.list_sizes == other.list_sizes
    }

    /// Puts everything in the order in which the directory keeps it, and gives back what
    /// the lists have beyond their length: they are kept for long.
    pub(in crate::domain) fn put_in_order(&mut self) {
        self.name.put_in_order();
        self.status.put_in_order();
        self.prescribing_setting.put_in_order();
        self.postcode.put_in_order();
        self.tier.put_in_order();
        self.sort_codes();
        memberships::sort(self);
        self.placements.sort_by_key(|row| row.valid_from);
        self.leads.sort_by_key(|row| row.valid_from);
        self.predecessors.sort_by_key(|row| (row.occurred_on, row.id));
        self.successors.sort_by_key(|row| (row.occurred_on, row.id));
        self.list_sizes.sort_unstable();
        self.codes.shrink_to_fit();
        self.memberships.shrink_to_fit();
        self.placements.shrink_to_fit();
        self.list_sizes.shrink_to_fit();
    }

    /// Puts the codes in the one order in which the directory keeps them.
    pub(in crate::domain) fn sort_codes(&mut self) {
        self.codes.sort_by(|one, other| {
            let rank = |code: &organisation_code::Model| (code.valid_from, code.scheme.to_value());
            rank(one).cmp(&rank(other)).then_with(|| one.code.cmp(&other.code))
        });
    }

    /// Bears a code from a day on.
    pub(in crate::domain) fn bear(&mut self, scheme: CodeScheme, code: &str, day: NaiveDate) {
        self.codes.push(organisation_code::Model {
            scheme,
            code: code.to_owned(),
            valid_from: day,
            valid_to: None,
            organisation_id: self.id(),
        });
        self.sort_codes();
    }

    /// Bears no code of a scheme from a day on, until another begins.
    pub(in crate::domain) fn end_code(&mut self, scheme: CodeScheme, day: NaiveDate) {
        self.codes.retain(|code| code.scheme != scheme || code.valid_from < day);
        for code in self.codes.iter_mut().filter(|code| code.scheme == scheme) {
            code.valid_to = Some(code.valid_to.map_or(day, |to| to.min(day)));
        }
    }

    pub fn kind(&self) -> Kind {
        self.row.kind
    }

    /// Its name on that day, or the first one if it had none yet.
    pub fn name_at(&self, day: NaiveDate) -> &str {
        let first = || self.name.iter().next().map(|(_, name)| name);
        self.name.at(day).or_else(first).map_or("", |name| name)
    }

    /// Its code of one scheme on that day.
    pub fn code_at(&self, scheme: CodeScheme, day: NaiveDate) -> Option<&str> {
        self.codes
            .iter()
            .find(|code| code.scheme == scheme && within(day, code.valid_from, code.valid_to))
            .map(|code| code.code.as_str())
    }

    /// Its code of one scheme on that day or, if it bore none, the last one before.
    pub fn last_code_at(&self, scheme: CodeScheme, day: NaiveDate) -> Option<&str> {
        self.code_at(scheme, day).or_else(|| {
            let borne = self.codes.iter().rev();
            let mut earlier = borne.filter(|code| code.scheme == scheme && code.valid_from <= day);
            earlier.next().map(|code| code.code.as_str())
        })
    }

    pub fn status_at(&self, day: NaiveDate) -> Option<Status> {
        self.status.at(day).copied()
    }

    /// Whether what it is on that day followed a closure.
    pub fn was_closed_before(&self, day: NaiveDate) -> bool {
        let began = self.status.began(day).and_then(|began| began.pred_opt());
        began.and_then(|before| self.status_at(before)) == Some(Status::Closed)
    }

    pub fn placement_at(&self, day: NaiveDate) -> Option<&placement::Model> {
        let later = self.placements.partition_point(|placement| placement.valid_from <= day);
        let last = self.placements.get(later.checked_sub(1)?)?;
        last.valid_to.is_none_or(|to| day < to).then_some(last)
    }

    /// Whether it sat within that organisation, at any level, on that day.
    pub fn placed_within(&self, place: OrganisationId, day: NaiveDate) -> bool {
        self.placement_at(day).is_some_and(|placement| {
            [
                placement.pcn_id,
                placement.sub_icb_id,
                placement.icb_id,
                placement.region_id,
                placement.training_hub_id,
            ]
            .contains(&Some(place))
        })
    }

    pub fn membership_at(
        &self,
        scheme: Scheme,
        level: Kind,
        day: NaiveDate,
    ) -> Option<&membership::Model> {
        self.memberships.iter().find(|membership| {
            membership.scheme == scheme
                && membership.level == level
                && within(day, membership.valid_from, membership.valid_to)
        })
    }

    pub fn lead_at(&self, day: NaiveDate) -> Option<&lead_appointment::Model> {
        self.leads.iter().find(|lead| within(day, lead.valid_from, lead.valid_to))
    }

    /// The last count of registered patients on or before that day.
    pub fn list_size_at(&self, day: NaiveDate) -> Option<(NaiveDate, i32)> {
        let later = self.list_sizes.partition_point(|(counted, _)| *counted <= day);
        later.checked_sub(1).map(|last| self.list_sizes[last])
    }

    /// Whether it is a GP practice that can take part: active, prescribing setting 4
    /// (ODS role RO76), and placed in one of the regions of England.
    pub fn eligible_at(&self, day: NaiveDate) -> bool {
        self.kind() == Kind::Site
            && self.status_at(day) == Some(Status::Active)
            && self.is_practice_at(day)
            && self.placement_at(day).is_some_and(|placement| placement.region_id.is_some())
    }

    /// Whether it is a GP practice by its prescribing setting, wherever it sits.
    pub fn is_practice_at(&self, day: NaiveDate) -> bool {
        const GP_PRACTICE: &str = "4";
        self.prescribing_setting.at(day).is_some_and(|setting| &**setting == GP_PRACTICE)
    }

    /// The last day after `last`, up to `until`, from which anything of it is another.
    pub(in crate::domain) fn turned_within(
        &self,
        last: NaiveDate,
        until: NaiveDate,
    ) -> Option<NaiveDate> {
        let facts = [&self.name, &self.prescribing_setting, &self.postcode];
        let facts = facts.into_iter().flat_map(|it| it.iter().map(|(from, _)| from));
        let status = self.status.iter().map(|(from, _)| from);
        let tier = self.tier.iter().map(|(from, _)| from);
        let spans = (self.codes.iter().map(|it| (it.valid_from, it.valid_to)))
            .chain(self.memberships.iter().map(|it| (it.valid_from, it.valid_to)))
            .chain(self.placements.iter().map(|it| (it.valid_from, it.valid_to)))
            .chain(self.leads.iter().map(|it| (it.valid_from, it.valid_to)))
            .flat_map(|(from, to)| [Some(from), to])
            .flatten();
        let followed = self.predecessors.iter().chain(&self.successors).map(|it| it.occurred_on);
        let counted = self.list_sizes.iter().map(|(day, _)| *day);
        let days = facts.chain(status).chain(tier).chain(spans).chain(followed).chain(counted);
        days.filter(|day| last < *day && *day <= until).max()
    }

    /// From its first known day to the day from which it counts as closed.
    pub fn lifetime(&self) -> (NaiveDate, Option<NaiveDate>) {
        let first = self.status.iter().next().map_or(self.row.opened_on, |(from, _)| from);
        let last = self.status.iter().last();
        let closed = last.filter(|(_, status)| **status == Status::Closed).map(|(from, _)| from);
        (first, closed)
    }
}
