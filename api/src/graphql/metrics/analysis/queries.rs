//! The root fields that compare figures.

use async_graphql::{Context, Object};

use super::{
    comparison::{Comparison, ComparisonInput},
    decomposition::{DecompositionInput, RateDecomposition},
};
use crate::{
    auth::action::Action,
    domain::figures::analysis::{comparison, decomposition},
    graphql::{access::access, error::Result, organisations::seen::viewer},
};

#[derive(Default)]
pub struct AnalysisQueries;

#[Object]
impl AnalysisQueries {
    /// Every organisation of a kind side by side: who stands where, and who is out of
    /// line. Those whose figures are hidden from you are left out and counted.
    #[graphql(directive = access::apply(Action::ReadFigures.into()))]
    async fn comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is compared by what.")] input: ComparisonInput,
    ) -> Result<Comparison> {
        let done = comparison::compare(viewer(ctx), input.read()?).await?;
        Ok(Comparison(done))
    }

    /// How much of a rate's change is real, and how much is that organisations moved: the
    /// earlier period recomputed on the later one's geography tells the two apart.
    #[graphql(directive = access::apply(Action::ReadFigures.into()))]
    async fn decomposition(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose change of what.")] input: DecompositionInput,
    ) -> Result<Vec<RateDecomposition>> {
        let done = decomposition::decompose(viewer(ctx), input.read()?).await?;
        Ok(done.into_iter().map(RateDecomposition).collect())
    }
}
