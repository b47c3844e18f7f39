//! `setValidationRule`: what figures of a metric are judged by.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};

use super::{
    enums::RuleKind,
    outcomes::{ValidationRuleConflict, setting},
    rules::ValidationRule,
};
use crate::{
    auth::action::Action,
    domain::{
        amount::Amount,
        error::{Declined, ProblemCode, Problems},
        validation::set,
    },
    graphql::{
        access::access, error::Result, findings::Severity, organisations::seen::viewer,
        outcomes::InvalidInput,
    },
};

/// A rule, which metric, kind and severity name: set anew, or in place of what it was.
#[derive(InputObject)]
pub struct SetValidationRuleInput {
    /// The metric's code.
    metric: String,
    /// What it looks at.
    kind: RuleKind,
    /// How much it weighs.
    severity: Severity,
    /// The smallest value of a range; left out: open.
    minimum: Option<f64>,
    /// The largest value of a range; left out: open.
    maximum: Option<f64>,
    /// How many earlier months limits need, 12 to 36; default 12.
    months: Option<i32>,
    /// What to do about a figure that breaks it; 1 to 2,000 characters.
    message: String,
    /// Whether figures are judged by it.
    #[graphql(default = true)]
    enabled: bool,
    /// The version that you read; 0 where there is no such rule yet.
    expected_version: i32,
}

/// What became of `setValidationRule`.
#[derive(Union)]
pub enum SetValidationRulePayload {
    ValidationRuleSet(ValidationRuleSet),
    InvalidInput(InvalidInput),
    ValidationRuleConflict(ValidationRuleConflict),
}

/// Figures are judged by the rule from now on; those recorded before stay.
#[derive(SimpleObject)]
pub struct ValidationRuleSet {
    /// The rule.
    rule: ValidationRule,
}

impl SetValidationRuleInput {
    fn read(self) -> Result<set::SetValidationRule, Declined> {
        let mut problems = Problems::default();
        let mut amount = |number: Option<f64>, path| match number.map(Amount::of) {
            None => None,
            Some(Ok(amount)) => Some(amount),
            Some(Err(no)) => {
                problems.add(path, ProblemCode::Malformed, format!("the number {}", no.sentence()));
                None
            }
        };
        let minimum = amount(self.minimum, "input.minimum");
        let maximum = amount(self.maximum, "input.maximum");
        problems.check()?;
        Ok(set::SetValidationRule {
            metric: self.metric,
            kind: self.kind.into(),
            severity: self.severity.into(),
            minimum,
            maximum,
            months: self.months,
            message: self.message,
            enabled: self.enabled,
            expected_version: self.expected_version,
        })
    }
}

#[derive(Default)]
pub struct SetValidationRuleMutation;

#[Object]
impl SetValidationRuleMutation {
    /// Sets a rule that figures of a metric are judged by, whichever way they come.
    #[graphql(directive = access::apply(Action::SetValidationRule.into()))]
    async fn set_validation_rule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule.")] input: SetValidationRuleInput,
    ) -> Result<Option<SetValidationRulePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::SetValidationRule)?;
        let done = match input.read() {
            Ok(command) => set::set(viewer, permit, command).await,
            Err(declined) => Err(declined),
        };
        setting(ctx, done, |rule| ValidationRuleSet { rule: ValidationRule(rule) }.into())
    }
}
