//! What an organisation is made of: names, codes, placements, memberships, counts.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::NaiveDate;
use entity::{
    lead_appointment, membership, organisation_code, organisation_code::CodeScheme, placement,
    succession,
};

use super::{
    interfaces::Organisation,
    kinds::{Icb, Pcn, Region, SubIcb, TrainingHub},
    seen::{Seen, viewer},
};
use crate::{
    domain::{
        memberships,
        page::{self, By, Direction, Key, PageRequest},
    },
    graphql::{
        enums::{Confidence, OrganisationKind, Scheme, Source, SuccessionKind},
        error::Result,
        ids::id_of,
        metrics::{
            input::{PeriodRange, SeriesArguments},
            loaders,
            series::MetricSeries,
        },
        page::{Connected, Total, connected},
        scalars::Date,
    },
};

/// A name, and the day from which it was borne.
#[derive(SimpleObject)]
pub struct NameInTime {
    /// The name.
    name: String,
    /// The first day of it; it holds until the next name's first day.
    from: Date,
}

/// A code, and the days between which it was borne.
#[derive(SimpleObject)]
pub struct CodeInTime {
    /// Whose code it is: `ODS`, `ONS`, or `SLUG` for ours.
    scheme: String,
    /// The code.
    code: String,
    /// The first day of it.
    from: Date,
    /// The first day on which it no longer held; null while it does.
    to: Option<Date>,
}

/// Registered patients at one count.
#[derive(SimpleObject)]
pub struct ListSize {
    /// The day of the count.
    counted_on: Date,
    /// Patients registered that day.
    patients: i32,
}

/// Sites within an area on one day, by status.
#[derive(SimpleObject, Default)]
pub struct SiteCounts {
    /// All of them. A closed site lies in no area any more, and so is not among them.
    pub total: i32,
    /// Active ones.
    pub active: i32,
    /// Active GP practices in England: those that could take part.
    pub eligible: i32,
    /// Dormant ones.
    pub dormant: i32,
    /// Proposed ones.
    pub proposed: i32,
    /// Patients at the last count of each eligible site; a site never counted adds nothing.
    pub eligible_patients: i64,
}

impl From<(NaiveDate, i32)> for ListSize {
    fn from((counted_on, patients): (NaiveDate, i32)) -> Self {
        Self { counted_on: Date(counted_on), patients }
    }
}

/// Where an organisation sat in every scheme, between two days.
pub struct Placement {
    row: placement::Model,
    seen: Seen,
}

/// Where an organisation sat in every scheme, between two days.
#[Object]
impl Placement {
    /// The first day of it.
    async fn from(&self) -> Date {
        Date(self.row.valid_from)
    }

    /// The first day on which it no longer held; null while it does.
    async fn to(&self) -> Option<Date> {
        self.row.valid_to.map(Date)
    }

    /// The primary care network.
    async fn pcn(&self, ctx: &Context<'_>) -> Option<Pcn> {
        self.seen.related(ctx, self.row.pcn_id).map(Pcn)
    }

    /// The sub-location of the ICB.
    async fn sub_icb(&self, ctx: &Context<'_>) -> Option<SubIcb> {
        self.seen.related(ctx, self.row.sub_icb_id).map(SubIcb)
    }

    /// The integrated care board.
    async fn icb(&self, ctx: &Context<'_>) -> Option<Icb> {
        self.seen.related(ctx, self.row.icb_id).map(Icb)
    }

    /// The NHS England region.
    async fn region(&self, ctx: &Context<'_>) -> Option<Region> {
        self.seen.related(ctx, self.row.region_id).map(Region)
    }

    /// The training hub: its own exception or, without one, the hub that covers its ICB.
    async fn training_hub(&self, ctx: &Context<'_>) -> Option<TrainingHub> {
        self.seen.related(ctx, self.row.training_hub_id).map(TrainingHub)
    }
}

/// "This organisation belongs to that one", in one scheme, from a day to a day.
pub struct Membership {
    pub row: membership::Model,
    /// The day as at which both organisations are shown.
    pub day: NaiveDate,
}

/// "This organisation belongs to that one", in one scheme, from a day to a day.
#[Object]
impl Membership {
    /// Its id: opaque, ours, and never given to anything else.
    pub(crate) async fn id(&self) -> ID {
        id_of("Membership", self.row.id)
    }

    /// Who belongs.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        organisation(ctx, self.row.child_id, self.day)
    }

    /// To whom.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Organisation> {
        organisation(ctx, self.row.parent_id, self.day)
    }

    /// In which respect.
    async fn scheme(&self) -> Scheme {
        self.row.scheme.into()
    }

    /// The parent's kind: there is one parent of each level at a time.
    async fn level(&self) -> OrganisationKind {
        self.row.level.into()
    }

    /// The first day of it.
    async fn from(&self) -> Date {
        Date(self.row.valid_from)
    }

    /// The first day on which it no longer held; null while it does.
    async fn to(&self) -> Option<Date> {
        self.row.valid_to.map(Date)
    }

    /// Where the row comes from.
    async fn source(&self) -> Source {
        self.row.source.into()
    }
}

/// "This organisation was followed by that one", on a day.
pub struct Succession {
    pub row: succession::Model,
    /// The day as at which both organisations are shown.
    pub day: NaiveDate,
}

/// "This organisation was followed by that one", on a day.
#[Object]
impl Succession {
    /// Its id: opaque, ours, and never given to anything else.
    pub(crate) async fn id(&self) -> ID {
        id_of("Succession", self.row.id)
    }

    /// Who was followed.
    async fn predecessor(&self, ctx: &Context<'_>) -> Option<Organisation> {
        organisation(ctx, self.row.predecessor_id, self.day)
    }

    /// Who followed.
    async fn successor(&self, ctx: &Context<'_>) -> Option<Organisation> {
        organisation(ctx, self.row.successor_id, self.day)
    }

    /// The day of it.
    async fn occurred_on(&self) -> Date {
        Date(self.row.occurred_on)
    }

    /// What happened.
    async fn kind(&self) -> SuccessionKind {
        self.row.kind.into()
    }

    /// How sure it is.
    async fn confidence(&self) -> Confidence {
        self.row.confidence.into()
    }

    /// Where the row comes from.
    async fn source(&self) -> Source {
        self.row.source.into()
    }
}

/// Which training hub led the programme in a region, from a day to a day.
pub struct LeadAppointment {
    row: lead_appointment::Model,
    seen: Seen,
}

/// Which training hub led the programme in a region, from a day to a day.
#[Object]
impl LeadAppointment {
    /// The hub.
    async fn training_hub(&self, ctx: &Context<'_>) -> Option<TrainingHub> {
        self.seen.related(ctx, Some(self.row.training_hub_id)).map(TrainingHub)
    }

    /// The first day of it.
    async fn from(&self) -> Date {
        Date(self.row.valid_from)
    }

    /// The first day on which it no longer held; null while it does.
    async fn to(&self) -> Option<Date> {
        self.row.valid_to.map(Date)
    }

    /// Where the row comes from.
    async fn source(&self) -> Source {
        self.row.source.into()
    }
}

pub fn organisation(ctx: &Context<'_>, id: i64, day: NaiveDate) -> Option<Organisation> {
    let organisation = super::seen::viewer(ctx).organisation(id)?;
    Some(Seen { organisation, day }.into())
}

pub fn names(seen: &Seen) -> Vec<NameInTime> {
    let names = seen.organisation.name.iter();
    names.map(|(from, name)| NameInTime { name: name.to_string(), from: Date(from) }).collect()
}

/// The code borne on the day or, if it bore none, the last one before.
pub fn code(seen: &Seen, scheme: CodeScheme) -> Option<&str> {
    seen.organisation.last_code_at(scheme, seen.day)
}

pub fn codes(seen: &Seen) -> Vec<CodeInTime> {
    let code = |code: &organisation_code::Model| CodeInTime {
        scheme: scheme_name(code.scheme),
        code: code.code.clone(),
        from: Date(code.valid_from),
        to: code.valid_to.map(Date),
    };
    seen.organisation.codes.iter().map(code).collect()
}

fn scheme_name(scheme: CodeScheme) -> String {
    match scheme {
        CodeScheme::Ods => "ODS",
        CodeScheme::Ons => "ONS",
        CodeScheme::Slug => "SLUG",
    }
    .to_owned()
}

pub fn placement(seen: &Seen, day: NaiveDate) -> Option<Placement> {
    let row = seen.organisation.placement_at(day)?.clone();
    let organisation = seen.organisation.clone();
    Some(Placement { row, seen: Seen { organisation, day } })
}

pub fn memberships(
    seen: &Seen,
    scheme: Option<Scheme>,
    request: PageRequest,
) -> Result<Connected<Membership>> {
    let scheme: Option<membership::Scheme> = scheme.map(Into::into);
    let all: Vec<_> = memberships::of(&seen.organisation, scheme).cloned().collect();
    let count = i32::try_from(all.len()).unwrap_or(i32::MAX);
    let keyed = (0i64..).zip(all).map(|(id, row)| (Key { by: By::Nothing, id }, row));
    let page = page::page(keyed, Direction::Ascending, &request.window()?);
    let total = Total::new(move || async move { Ok(count) });
    let day = seen.day;
    Ok(connected(page, total, |row| Membership { row, day }))
}

pub fn successions(seen: &Seen, rows: &[succession::Model]) -> Vec<Succession> {
    rows.iter().map(|row| Succession { row: row.clone(), day: seen.day }).collect()
}

pub fn lead_appointments(seen: &Seen) -> Vec<LeadAppointment> {
    let leads = seen.organisation.leads.iter();
    leads.map(|row| LeadAppointment { row: row.clone(), seen: seen.clone() }).collect()
}

/// The series of one organisation, loaded with those that its neighbours ask for alike.
pub async fn metric_series(
    ctx: &Context<'_>,
    organisation: crate::ids::OrganisationId,
    metrics: Vec<String>,
    periods: PeriodRange,
    how: SeriesArguments,
) -> Result<Vec<MetricSeries>> {
    let question = how.question(metrics, periods, viewer(ctx))?;
    loaders::series_of(ctx, organisation, question).await
}
