//! The root fields that show metrics and figures.

use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{metric_version, organisation::Kind};

use super::{
    definition::MetricDefinition,
    enums::{DisclosureClass, MetricKind},
    input::MetricSeriesInput,
    observation::{Listed, Observation},
    series::MetricSeries,
};
use crate::{
    auth::action::Action,
    domain::{figures, metrics, observations::list, page::PageRequest},
    graphql::{
        access::access,
        enums::OrganisationKind,
        error::Result,
        organisations::{
            by::{OrganisationBy, some_of},
            seen::viewer,
        },
        page::{Connected, Total, connected},
        scalars::Month,
    },
};

/// Which metrics a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct MetricFilter {
    /// With a code that begins so, such as `impact.`.
    code_prefix: Option<String>,
    /// Of one of these kinds.
    kinds: Option<Vec<MetricKind>>,
    /// Observed of one of these kinds of organisation.
    subject_levels: Option<Vec<OrganisationKind>>,
    /// Of one of these disclosure classes.
    disclosures: Option<Vec<DisclosureClass>>,
}

/// Which observations a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct ObservationFilter {
    /// Of these metrics: codes, or `code@version`.
    metrics: Option<Vec<String>>,
    /// Of this organisation.
    organisation: Option<OrganisationBy>,
    /// Of organisations that sit within this one today.
    within: Option<OrganisationBy>,
    /// Of this month and later.
    first_month: Option<Month>,
    /// Of this month and earlier.
    last_month: Option<Month>,
    /// Recorded then or later.
    recorded_since: Option<DateTime<Utc>>,
    /// Every revision, instead of only what holds.
    #[graphql(default)]
    revisions: bool,
}

impl ObservationFilter {
    fn read(self) -> Result<list::ObservationFilter> {
        Ok(list::ObservationFilter {
            metrics: some_of("metrics", self.metrics)?,
            organisation: self.organisation.map(OrganisationBy::read).transpose()?,
            within: self.within.map(OrganisationBy::read).transpose()?,
            first_month: self.first_month.map(|month| month.0),
            last_month: self.last_month.map(|month| month.0),
            recorded_since: self.recorded_since,
            revisions: self.revisions,
        })
    }
}

#[derive(Default)]
pub struct MetricQueries;

#[Object]
impl MetricQueries {
    /// The metrics in use, by their codes, each in its newest version.
    #[graphql(directive = access::apply(Action::ReadMetrics.into()))]
    async fn metrics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<MetricFilter>,
    ) -> Result<Vec<MetricDefinition>> {
        let filter = filter.unwrap_or_default();
        let levels = some_of("subjectLevels", filter.subject_levels)?;
        let classes = some_of("disclosures", filter.disclosures)?;
        let kinds = some_of("kinds", filter.kinds)?;
        let filter = metrics::MetricFilter {
            code_prefix: filter.code_prefix,
            kinds: kinds.map(|all| all.into_iter().map(metric_version::Kind::from).collect()),
            subject_levels: levels.map(|all| all.into_iter().map(Kind::from).collect()),
            disclosures: classes
                .map(|all| all.into_iter().map(metric_version::Disclosure::from).collect()),
        };
        Ok(metrics::list(viewer(ctx), &filter).into_iter().map(MetricDefinition).collect())
    }

    /// One metric; null if there is none of that code and version.
    #[graphql(directive = access::apply(Action::ReadMetrics.into()))]
    async fn metric(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its code, such as `gpa.headcount`.")] code: String,
        #[graphql(desc = "The version, such as `1.0.0`; default: the newest in use.")]
        version: Option<String>,
    ) -> Option<MetricDefinition> {
        metrics::find(viewer(ctx), &code, version.as_deref()).map(MetricDefinition)
    }

    /// Figures of metrics for organisations, period by period: one series for each metric
    /// and organisation, metric by metric.
    #[graphql(directive = access::apply(Action::ReadFigures.into()))]
    async fn metric_series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which series.")] input: MetricSeriesInput,
    ) -> Result<Vec<MetricSeries>> {
        let viewer = viewer(ctx);
        let question = input.read(viewer)?;
        let found = figures::series(viewer, &question).await?;
        let terms = question.terms();
        Ok(found.into_iter().map(|series| MetricSeries(series, terms)).collect())
    }

    /// Observations in the order in which they were recorded, for those who keep a copy:
    /// page on from your last cursor. Figures about people are shown within one's reach.
    #[graphql(directive = access::apply(Action::ReadFigures.into()))]
    async fn observations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<ObservationFilter>,
        #[graphql(desc = "The first so many, 1 to 500; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Listed>> {
        let filter = filter.unwrap_or_default().read()?;
        let request = PageRequest { first, after, last, before };
        let page = list::list(viewer(ctx), &filter, &request).await?;
        let (viewer, filter) = (viewer(ctx).clone(), std::sync::Arc::new(filter));
        let total = Total::new(move || {
            let (viewer, filter) = (viewer.clone(), filter.clone());
            async move {
                let count = list::count(&viewer, &filter).await?;
                Ok(i32::try_from(count).unwrap_or(i32::MAX))
            }
        });
        Ok(connected(page, total, |row| Listed(Observation(std::sync::Arc::new(row)))))
    }
}
