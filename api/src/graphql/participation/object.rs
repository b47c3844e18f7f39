//! A site's part in the programme, as clients see it.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::stage_record;

use super::enums::{AdoptionStage, Phase, StageCause};
use crate::{
    domain::{
        participation::{self as domain, recorders::Recorder, stage_counts},
        records::stages::{Cause, Stage, StageChange},
    },
    graphql::{
        audit::AuditEntry,
        enums::Role,
        error::Result,
        history,
        ids::id_of,
        organisations::{
            interfaces::Organisation,
            kinds::Site,
            parts,
            seen::{Seen, viewer},
        },
        programme::enums::RoleModel,
        scalars::{Date, whole},
    },
};

#[derive(Clone)]
pub struct Participation(pub domain::Participation);

/// One site's part in the programme. The stages before training are recorded by its hub;
/// the later ones follow from its learners and posts, on the day on which they do.
#[Object]
impl Participation {
    /// Its id: opaque, ours, and never given to anything else.
    pub(crate) async fn id(&self) -> ID {
        id_of("Participation", self.0.site.id())
    }

    /// The site.
    async fn site(&self, ctx: &Context<'_>) -> Site {
        Site(Seen { organisation: self.0.site.clone(), day: viewer(ctx).today() })
    }

    /// The stage that it was in on that day.
    async fn stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
    ) -> AdoptionStage {
        let day = as_at.map_or_else(|| viewer(ctx).today(), |date| date.0);
        self.stages()
            .rfind(|change| change.on <= day)
            .map_or(Stage::NotEngaged, |it| it.stage)
            .into()
    }

    /// Since when it has been in the stage that it is in today; null if it never engaged.
    async fn stage_since(&self, ctx: &Context<'_>) -> Option<Date> {
        let today = viewer(ctx).today();
        self.stages().rfind(|change| change.on <= today).map(|change| Date(change.on))
    }

    /// How the work is shared out there.
    async fn role_model(&self) -> RoleModel {
        self.0.role_model().into()
    }

    /// In which phase of the programme it came in.
    async fn phase(&self) -> Phase {
        self.0.phase().into()
    }

    /// When somebody was in post for the first time, at the site or at one that it followed.
    async fn first_in_post_on(&self) -> Option<Date> {
        self.0.participant.as_ref().and_then(|it| it.first_in_post()).map(Date)
    }

    /// Every change of its stage until today, the first one first.
    async fn stage_events(&self, ctx: &Context<'_>) -> Vec<StageEvent> {
        let today = viewer(ctx).today();
        self.stages().filter(|change| change.on <= today).map(|it| self.event(it)).collect()
    }

    /// The stage that time alone will bring, and when, if nothing else happens.
    async fn next_stage(&self, ctx: &Context<'_>) -> Option<StageEvent> {
        let today = viewer(ctx).today();
        self.stages().find(|change| change.on > today).map(|change| self.event(change))
    }

    /// Rises by one with every recording, from 1 on; 0 while nothing is recorded. Send it
    /// back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version()
    }
}

impl Participation {
    fn stages(&self) -> impl DoubleEndedIterator<Item = &StageChange> {
        self.0.participant.iter().flat_map(|it| &it.stages)
    }

    fn event(&self, change: &StageChange) -> StageEvent {
        let recorded = match change.cause {
            Cause::Recorded(id) => {
                let mut rows = self.0.participant.iter().flat_map(|it| it.records.iter());
                rows.find(|row| row.id == id).cloned()
            }
            _ => None,
        };
        StageEvent { change: *change, recorded }
    }
}

/// From a day on, a site was in a stage.
pub struct StageEvent {
    change: StageChange,
    recorded: Option<stage_record::Model>,
}

/// From a day on, a site was in a stage.
#[Object]
impl StageEvent {
    /// The stage.
    async fn stage(&self) -> AdoptionStage {
        self.change.stage.into()
    }

    /// Its first day.
    async fn on(&self) -> Date {
        Date(self.change.on)
    }

    /// What brought it.
    async fn cause(&self) -> StageCause {
        self.change.cause.into()
    }

    /// The id of the enrolment or the post that brought it; `node` shows it to whoever may
    /// see it.
    async fn caused_by(&self) -> Option<ID> {
        match self.change.cause {
            Cause::Enrolment(id) => Some(id_of("Enrolment", id)),
            Cause::Post(id) => Some(id_of("Post", id)),
            Cause::Recorded(_) | Cause::Time => None,
        }
    }

    /// Why, in the words of whoever recorded it.
    async fn reason(&self) -> Option<&str> {
        self.recorded.as_ref()?.reason.as_deref()
    }

    /// For whom it was recorded, and in which role; null where it follows from learners,
    /// posts or time, which nobody records as a stage.
    async fn recorded_by(&self, ctx: &Context<'_>) -> Result<Option<StageRecorder>> {
        let Some(row) = &self.recorded else { return Ok(None) };
        let found = history::recorder_of(ctx, (row.site_id, row.id)).await?;
        Ok(found.map(StageRecorder))
    }

    /// Who recorded it; null outside of your right to read the audit, and where nobody did.
    async fn audit(&self, ctx: &Context<'_>) -> Result<Option<AuditEntry>> {
        match &self.recorded {
            Some(row) => history::audit_of(ctx, row.audit_id).await,
            None => Ok(None),
        }
    }

    /// It came with what was taken over from a site that this one followed.
    async fn taken_over(&self) -> bool {
        self.change.carried
    }
}

/// On whose behalf a stage was recorded. Who the person was is for those who may read the
/// audit.
pub struct StageRecorder(Recorder);

/// On whose behalf a stage was recorded. Who the person was is for those who may read the
/// audit.
#[Object]
impl StageRecorder {
    /// In which role.
    async fn role(&self) -> Option<Role> {
        self.0.role.map(Into::into)
    }

    /// For which organisation, as it is today.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.organisation?, viewer(ctx).today())
    }
}

/// How many eligible sites are in one stage.
#[derive(SimpleObject)]
pub struct StageCount {
    /// The stage.
    stage: AdoptionStage,
    /// Eligible sites in it.
    sites: i32,
}

/// How many sites on the way chose one role model.
#[derive(SimpleObject)]
pub struct RoleModelCount {
    /// The role model.
    role_model: RoleModel,
    /// Eligible sites that are interested, or further.
    sites: i32,
}

/// The eligible sites of a place by stage, every stage named.
pub fn stage_counts(ctx: &Context<'_>, seen: &Seen, as_at: Option<Date>) -> Vec<StageCount> {
    let counts = stage_counts::stage_counts(viewer(ctx), seen.organisation.id(), seen.on(as_at));
    let count = |stage: Stage| StageCount { stage: stage.into(), sites: whole(counts.of(stage)) };
    stage_counts::ALL.into_iter().map(count).collect()
}

/// The eligible sites of a place that are on the way, by role model, every one named.
pub fn role_models(ctx: &Context<'_>, seen: &Seen, as_at: Option<Date>) -> Vec<RoleModelCount> {
    let counts = stage_counts::stage_counts(viewer(ctx), seen.organisation.id(), seen.on(as_at));
    let count = |model: entity::role_model::RoleModel| RoleModelCount {
        role_model: model.into(),
        sites: whole(counts.with(model)),
    };
    stage_counts::MODELS.into_iter().map(count).collect()
}
