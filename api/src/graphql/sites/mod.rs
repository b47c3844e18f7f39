//! Commands about sites.

mod close_site;
mod register_site;
mod rename_site;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct SiteMutations(
    register_site::RegisterSiteMutation,
    rename_site::RenameSiteMutation,
    close_site::CloseSiteMutation,
);
