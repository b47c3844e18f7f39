//! Awards: recording them, one or many at once.

pub mod input;
pub mod object;
pub mod record_award;
pub mod record_awards;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct AwardMutations(record_award::RecordAwardMutation, record_awards::RecordAwardsMutation);
