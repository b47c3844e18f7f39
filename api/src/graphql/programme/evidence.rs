//! What is published of the role's effect, and where it was first tried, as clients see it.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{evidence, proof_of_concept};

use super::enums::{DutyKind, EvidenceGrade, RoleModel};
use crate::{
    domain::{amount::Amount, metrics, programme},
    graphql::{
        ids::id_of,
        metrics::{definition::MetricDefinition, enums::MetricUnit},
        organisations::{
            kinds::Region,
            seen::{Seen, viewer},
        },
    },
};

/// A published claim about the role, with where it comes from and how far to trust it.
#[derive(Clone)]
pub struct Evidence(pub evidence::Model);

/// A published claim about the role, with where it comes from and how far to trust it.
#[Object]
impl Evidence {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        id_of("Evidence", self.0.id)
    }

    /// A short name, such as `correspondence`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The metrics that it speaks of, where there are any: the newest version of each.
    async fn metrics(&self, ctx: &Context<'_>) -> Vec<MetricDefinition> {
        let codes = self.0.metrics.split_whitespace();
        let found = codes.filter_map(|code| metrics::find(viewer(ctx), code, None));
        found.map(MetricDefinition).collect()
    }

    /// What is claimed, in words.
    async fn claim(&self) -> &str {
        &self.0.claim
    }

    /// By how much something changed; null where no size is published.
    async fn change(&self) -> Option<ClaimedChange> {
        let (value, unit) = (Amount(self.0.change?).number(), self.0.unit?.into());
        Some(ClaimedChange { value, unit })
    }

    /// Who published it, and where it was read.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// The year of its publication; null where none is told.
    async fn year(&self) -> Option<i32> {
        self.0.year
    }

    /// How it was found out, as far as that is told.
    async fn design(&self) -> &str {
        &self.0.design
    }

    /// Where it was found out; null where that is not told.
    async fn sites(&self) -> Option<&str> {
        self.0.sites.as_deref()
    }

    /// How sure it is that the role brings it about.
    async fn grade(&self) -> EvidenceGrade {
        self.0.grade.into()
    }
}

/// By how much something is said to have changed.
#[derive(SimpleObject)]
pub struct ClaimedChange {
    /// How much; a fall is negative.
    value: f64,
    /// In what.
    unit: MetricUnit,
}

/// A place where the role was first tried. It is an area, and no site of the register.
#[derive(Clone)]
pub struct ProofOfConcept(pub proof_of_concept::Model);

/// A place where the role was first tried. It is an area, and no site of the register.
#[Object]
impl ProofOfConcept {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        id_of("ProofOfConcept", self.0.id)
    }

    /// The place, as it is called in the source.
    async fn place(&self) -> &str {
        &self.0.place
    }

    /// The form of the role that was tried there.
    async fn role_model(&self) -> RoleModel {
        self.0.role_model.into()
    }

    /// The kinds of duty that the role took on there.
    async fn duty_kinds(&self) -> Vec<DutyKind> {
        self.0.role_model.duties().iter().copied().map(DutyKind::from).collect()
    }

    /// What the role did there, in words.
    async fn duties(&self) -> &str {
        &self.0.duties
    }

    /// The year in which it began; no day is known.
    async fn from_year(&self) -> i32 {
        self.0.first_year
    }

    /// The year in which it ended; no day is known.
    async fn to_year(&self) -> i32 {
        self.0.last_year
    }

    /// Where that was read.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// The regions of today in which the place lies, as far as the register has them.
    async fn regions(&self, ctx: &Context<'_>) -> Vec<Region> {
        let day = viewer(ctx).today();
        let found = programme::regions(viewer(ctx), &self.0).into_iter();
        found.map(|organisation| Region(Seen { organisation, day })).collect()
    }
}
