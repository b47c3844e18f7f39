//! Figures, followed.

use std::collections::VecDeque;

use async_graphql::{Context, SimpleObject, Subscription};
use entity::observation::Status;

use super::{
    Step, Told, begun,
    source::{Event, Followed},
    step, told,
};
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        figures::{
            Question,
            boundaries::{Boundaries, Follow},
            selector::Selector,
            watch::{Moved, Watch},
        },
        sight::Sight,
        viewer::Viewer,
    },
    graphql::{
        access::access,
        error::Result,
        metrics::{
            definition::MetricDefinition,
            enums::PeriodType,
            input::{OrganisationSelector, PeriodRange},
            value::{MetricValue, Period},
        },
        organisations::{
            interfaces::Organisation,
            seen::{Seen, viewer},
        },
        refusal::Refusal,
    },
};

/// A year, and the same month of the year before.
const USUAL_MONTHS: i32 = 13;

/// What somebody watches. Periods are read anew at each look, for months pass.
pub struct Watched {
    metrics: Vec<String>,
    of: Selector,
    periods: PeriodRange,
    watch: Watch,
    waiting: VecDeque<Moved>,
    /// What those that wait were judged by.
    judged_by: Option<Sight>,
}

impl Watched {
    fn question(&self, viewer: &Viewer) -> Result<Question> {
        Ok(Question {
            metrics: self.metrics.clone(),
            of: self.of.clone(),
            periods: self.periods.read(viewer)?,
            boundaries: Boundaries::Current,
            follow: Follow::None,
            least: Status::Provisional,
            known_at: None,
        })
    }

    /// The next figure that is another than was told. What was judged for another sight
    /// than the viewer's of this moment is judged again.
    pub(super) async fn next(&mut self, viewer: &Viewer) -> Result<Option<Moved>> {
        if self.judged_by.as_ref() != Some(&viewer.sight()) {
            viewer.permit(Action::ReadFigures)?;
            let question = self.question(viewer)?;
            self.waiting = self.watch.look(viewer, &question).await?.into();
            self.judged_by = Some(viewer.sight());
        }
        let next = self.waiting.pop_front();
        if let Some(moved) = &next {
            self.watch.told(moved);
        }
        Ok(next)
    }
}

/// A figure that became another.
#[derive(SimpleObject)]
pub struct MetricPointUpdate {
    /// The definition that it is shown by.
    metric: MetricDefinition,
    /// Whose figure it is, as it is today; the programme's body stands for England.
    organisation: Organisation,
    /// Which period.
    period: Period,
    /// The figure as it now is.
    value: MetricValue,
    /// The figure as you were last told; null the first time.
    before: Option<MetricValue>,
}

impl MetricPointUpdate {
    fn of(moved: Moved, viewer: &Viewer) -> Self {
        let Moved { metric, organisation, period, figure, before, .. } = moved;
        let value = |figure| MetricValue { figure, definition: metric.clone() };
        Self {
            organisation: Seen { organisation, day: viewer.today() }.into(),
            period: Period(period),
            value: value(figure),
            before: before.map(value),
            metric: MetricDefinition(metric),
        }
    }
}

#[derive(Default)]
pub struct FigureSubscription;

#[Subscription]
impl FigureSubscription {
    /// Each figure that becomes another, as you may see it: what changes beneath the
    /// rounding or the suppression of figures about people is not told. Several changes in
    /// a quarter of a second are told as one. To show figures and keep them right, also
    /// after a break, send `current: true`; at most 2,000 figures at once.
    #[graphql(directive = access::apply(Action::ReadFigures.into()))]
    async fn figures_updated(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Codes, such as `gpa.fte`, or `gpa.fte@1` for the series of one major version; 1 to 50."
        )]
        metrics: Vec<String>,
        #[graphql(desc = "Of which organisations.")] of: OrganisationSelector,
        #[graphql(desc = "For which periods; default: this month and the twelve before.")]
        periods: Option<PeriodRange>,
        #[graphql(
            default = false,
            desc = "Whether to begin with every figure as it is, instead of with the first that changes."
        )]
        current: bool,
    ) -> Result<Told<MetricPointUpdate>> {
        let viewer = viewer(ctx);
        match step(ctx)? {
            Step::Tell(event) => match &**event {
                Event::Figure(moved) => Ok(told(MetricPointUpdate::of(moved.clone(), viewer))),
                _ => Err(Refusal::internal()),
            },
            Step::Begin(begin) => {
                viewer.permit(Action::ReadFigures)?;
                let usual =
                    PeriodRange { r#type: PeriodType::Month, from: None, to: None, last: None };
                let usual = PeriodRange { last: Some(USUAL_MONTHS), ..usual };
                let mut watched = Watched {
                    metrics,
                    of: of.read()?,
                    periods: periods.unwrap_or(usual),
                    watch: Watch::default(),
                    waiting: VecDeque::new(),
                    judged_by: None,
                };
                let question = watched.question(viewer)?;
                // Also says at once where something is asked for that is not there.
                let now: Followed<Watch> = Watch::from_now(viewer, &question).await;
                let now = now.map_err(|failure: Failure| Refusal::from(failure))?;
                if !current {
                    watched.watch = now;
                }
                Ok(begun(begin, watched))
            }
        }
    }
}
