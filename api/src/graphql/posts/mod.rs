//! Posts: who is in post where, with how many hours.

pub mod end_post;
pub mod enums;
pub mod input;
pub mod move_post;
pub mod object;
pub mod outcomes;
pub mod queries;
pub mod start_post;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct PostMutations(
    start_post::StartPostMutation,
    move_post::MovePostMutation,
    end_post::EndPostMutation,
);
