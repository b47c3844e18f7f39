//! Commands about sites.

pub mod close_site;
pub mod register_site;
pub mod rename_site;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct SiteMutations(
    register_site::RegisterSiteMutation,
    rename_site::RenameSiteMutation,
    close_site::CloseSiteMutation,
);
