//! What all organisations, and all nodes, have in common.

#![expect(clippy::duplicated_attributes, reason = "fields of an interface share their arguments")]

use async_graphql::{ID, Interface};
use entity::organisation::Kind;

use super::{
    kinds::{Icb, Pcn, Programme, Provider, Region, Site, SubIcb, TrainingHub},
    parts::{CodeInTime, Membership, NameInTime, Placement, Succession},
    seen::Seen,
};
pub use crate::domain::organisations::type_name;
use crate::graphql::{
    cohorts::object::Cohort,
    enrolments::object::Enrolment,
    enums::{OrganisationKind, OrganisationStatus, Scheme, Source},
    history::Change,
    imports::object::Import,
    learners::object::Learner,
    metrics::{
        definition::MetricDefinition,
        enums::{Follow, ObservationStatus},
        input::{BoundariesInput, PeriodRange},
        observation::Observation,
        series::MetricSeries,
    },
    page::Connected,
    participation::object::Participation,
    posts::object::Post,
    programme::{
        evidence::{Evidence, ProofOfConcept},
        framework::{Competency, CompetencyDomain, CompetencyFramework},
        job_description::{Duty, JobDescription},
    },
    returns::object::Return,
    scalars::{Date, OdsCode, OnsCode, Slug},
    webhooks::object::Webhook,
};

/// Anything with a code, a name and dates.
#[derive(Interface, Clone)]
#[graphql(
    field(
        name = "id",
        ty = "ID",
        desc = "Its id: opaque, ours, and never given to anything else."
    ),
    field(name = "kind", ty = "OrganisationKind", desc = "What kind of organisation it is."),
    field(
        name = "as_at",
        ty = "Date",
        desc = "The day as at which its fields answer, unless they are asked for another."
    ),
    field(
        name = "name",
        ty = "&str",
        desc = "Its name on that day.",
        arg(
            name = "as_at",
            ty = "Option<Date>",
            desc = "The day to answer for; default: the day as at which it is shown."
        )
    ),
    field(
        name = "names",
        ty = "Vec<NameInTime>",
        desc = "Its names through time, the first one first."
    ),
    field(
        name = "ods_code",
        ty = "Option<OdsCode>",
        desc = "Its ODS code on that day or, once closed, the last one that it bore."
    ),
    field(name = "ons_code", ty = "Option<OnsCode>", desc = "Its ONS code on that day."),
    field(name = "slug", ty = "Option<Slug>", desc = "Its slug, if it has no role in ODS."),
    field(
        name = "codes",
        ty = "Vec<CodeInTime>",
        desc = "Every code that it has borne, with its dates."
    ),
    field(
        name = "status",
        ty = "Option<OrganisationStatus>",
        desc = "Whether it was at work on that day; null before it was known.",
        arg(
            name = "as_at",
            ty = "Option<Date>",
            desc = "The day to answer for; default: the day as at which it is shown."
        )
    ),
    field(name = "opened_on", ty = "Date", desc = "The legal opening."),
    field(
        name = "closed_on",
        ty = "Option<Date>",
        desc = "The legal closure: the first day on which it was no longer open."
    ),
    field(
        name = "source",
        ty = "Source",
        desc = "Where the row comes from, and so who may change it."
    ),
    field(
        name = "version",
        ty = "i32",
        desc = "Rises by one with every change; send it back as `expectedVersion`."
    ),
    field(
        name = "placement",
        ty = "Option<Placement>",
        desc = "Where it sat on that day, in every scheme; null outside its lifetime, and for kinds that sit nowhere.",
        arg(
            name = "as_at",
            ty = "Option<Date>",
            desc = "The day to answer for; default: the day as at which it is shown."
        )
    ),
    field(
        name = "memberships",
        ty = "Result<Connected<Membership>>",
        desc = "Every membership in another organisation that it has had, oldest first within each scheme and level.",
        arg(name = "scheme", ty = "Option<Scheme>", desc = "Only those of this scheme."),
        arg(name = "first", ty = "Option<i32>", desc = "The first so many, 1 to 100; default 20."),
        arg(name = "after", ty = "Option<String>", desc = "Those after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "The last so many, instead of the first."),
        arg(name = "before", ty = "Option<String>", desc = "Those before this cursor.")
    ),
    field(name = "predecessors", ty = "Vec<Succession>", desc = "Whom it followed."),
    field(name = "successors", ty = "Vec<Succession>", desc = "Who followed it."),
    field(
        name = "metric_series",
        ty = "Result<Vec<MetricSeries>>",
        desc = "Figures of metrics for it, period by period: one series for each metric.",
        arg(
            name = "metrics",
            ty = "Vec<String>",
            desc = "Codes, such as `gpa.fte`, or `gpa.fte@1`; 1 to 50."
        ),
        arg(name = "periods", ty = "PeriodRange", desc = "For which periods."),
        arg(
            name = "boundaries",
            ty = "Option<BoundariesInput>",
            desc = "On which geography; default: where organisations sit today."
        ),
        arg(
            name = "follow",
            ty = "Option<Follow>",
            desc = "Whether it takes over the past of those that it followed; default: NONE."
        ),
        arg(
            name = "min_status",
            ty = "Option<ObservationStatus>",
            desc = "Only of observations that are at least so settled; default: PROVISIONAL."
        ),
        arg(
            name = "known_at",
            ty = "Option<chrono::DateTime<chrono::Utc>>",
            desc = "As it was known at that moment, instead of now."
        )
    ),
    field(
        name = "history",
        ty = "Result<Connected<Change>>",
        desc = "What became different about it, the newest first.",
        arg(name = "first", ty = "Option<i32>", desc = "The first so many, 1 to 100; default 20."),
        arg(name = "after", ty = "Option<String>", desc = "Those after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "The last so many, instead of the first."),
        arg(name = "before", ty = "Option<String>", desc = "Those before this cursor.")
    )
)]
pub enum Organisation {
    Programme(Programme),
    Region(Region),
    Icb(Icb),
    SubIcb(SubIcb),
    Pcn(Pcn),
    TrainingHub(TrainingHub),
    Site(Site),
    Provider(Provider),
}

impl From<Seen> for Organisation {
    fn from(seen: Seen) -> Self {
        match seen.organisation.kind() {
            Kind::Programme => Programme(seen).into(),
            Kind::Region => Region(seen).into(),
            Kind::Icb => Icb(seen).into(),
            Kind::SubIcb => SubIcb(seen).into(),
            Kind::Pcn => Pcn(seen).into(),
            Kind::TrainingHub => TrainingHub(seen).into(),
            Kind::Site => Site(seen).into(),
            Kind::Provider => Provider(seen).into(),
        }
    }
}

/// Anything that has an id of its own, and can be read again by it.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "Its id: opaque, ours, and never given to anything else."
))]
pub enum Node {
    Programme(Programme),
    Region(Region),
    Icb(Icb),
    SubIcb(SubIcb),
    Pcn(Pcn),
    TrainingHub(TrainingHub),
    Site(Site),
    Provider(Provider),
    Membership(Membership),
    Succession(Succession),
    MetricDefinition(MetricDefinition),
    Observation(Observation),
    JobDescription(JobDescription),
    Duty(Duty),
    CompetencyFramework(CompetencyFramework),
    CompetencyDomain(CompetencyDomain),
    Competency(Competency),
    Evidence(Evidence),
    ProofOfConcept(ProofOfConcept),
    Participation(Participation),
    Post(Post),
    Cohort(Cohort),
    Learner(Learner),
    Enrolment(Enrolment),
    Import(Import),
    Return(Return),
    Webhook(Webhook),
}

impl From<Organisation> for Node {
    fn from(organisation: Organisation) -> Self {
        match organisation {
            Organisation::Programme(each) => each.into(),
            Organisation::Region(each) => each.into(),
            Organisation::Icb(each) => each.into(),
            Organisation::SubIcb(each) => each.into(),
            Organisation::Pcn(each) => each.into(),
            Organisation::TrainingHub(each) => each.into(),
            Organisation::Site(each) => each.into(),
            Organisation::Provider(each) => each.into(),
        }
    }
}
