//! Analysis of figures: charts, trajectories, forecasts, changes and comparisons, each of
//! them an answer or a reason why there is none.

pub mod change;
pub mod comparison;
pub mod decomposition;
pub mod forecast;
pub mod loaders;
pub mod queries;
pub mod refused;
pub mod setting;
pub mod spc;
pub mod trajectory;

/// An answer or a reason as the union that a client sees.
macro_rules! answer_or_reason {
    ($union:ident, $success:ident, $made:ty) => {
        impl From<Result<$made, crate::domain::figures::analysis::Refused>> for $union {
            fn from(made: Result<$made, crate::domain::figures::analysis::Refused>) -> Self {
                match made {
                    Ok(made) => Self::$success(made.into()),
                    Err(refused) => Self::AnalysisRefused(refused.into()),
                }
            }
        }
    };
}
use answer_or_reason;
