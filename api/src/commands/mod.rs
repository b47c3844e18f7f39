//! What the program does when it is told to: one file for each command.

pub mod check;
pub mod demo;
pub mod export;
pub mod import;
mod import_figures;
pub mod serve;
pub mod token;

use crate::domain::error::Failure;

/// To the person at the machine a fault may be told as it is.
fn said(failure: Failure) -> String {
    match failure {
        Failure::BadRequest(sentence) | Failure::Forbidden(sentence) => sentence,
        Failure::Unavailable(error) | Failure::Internal(error) => error.to_string(),
        Failure::Unauthenticated | Failure::NotFound => format!("{failure:?}"),
    }
}
