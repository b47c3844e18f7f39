//! From what the domain says to what a client reads: the only way out for failures.

use std::sync::Arc;

use async_graphql::{Error, ErrorExtensions};

use super::refusal::{Code, Refusal};
use crate::domain::error::Failure;

/// What a resolver gives: a refusal is no `Display`, so nothing else slips through `?`.
pub type Result<T, E = Refusal> = std::result::Result<T, E>;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let code = refusal.code.name();
        Self::new(refusal.message.into_owned()).extend_with(|_, values| values.set("code", code))
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unauthenticated => {
                Self::new(Code::Unauthenticated, "Sign in first: send a token.")
            }
            Failure::Forbidden(reason) => Self::new(Code::Forbidden, reason),
            Failure::NotFound => Self::new(Code::NotFound, "There is nothing of that id for you."),
            Failure::BadRequest(sentence) => Self::new(Code::BadRequest, sentence),
            Failure::Unavailable(error) => {
                tracing::error!(%error, "the database does not answer");
                Self::new(Code::Unavailable, "The database does not answer: try again shortly.")
            }
            Failure::Internal(error) => {
                tracing::error!(%error, "a fault of ours");
                Self::internal()
            }
        }
    }
}

/// A loader's failure is shared by all who waited for it.
pub fn shared(failure: Arc<Failure>) -> Refusal {
    match &*failure {
        Failure::Unauthenticated => Failure::Unauthenticated.into(),
        Failure::NotFound => Failure::NotFound.into(),
        Failure::Forbidden(reason) => Failure::Forbidden(reason.clone()).into(),
        Failure::BadRequest(sentence) => Failure::BadRequest(sentence.clone()).into(),
        Failure::Unavailable(error) => Failure::Unavailable(error.clone()).into(),
        Failure::Internal(error) => Failure::Internal(error.clone()).into(),
    }
}
