//! The database's shape, as steps that can each be taken back.
//!
//! Rules stand here as constraints of the database wherever it can hold them, so
//! that a fault in the code cannot write what must never be true.

pub use sea_orm_migration::prelude::*;

mod constraints;
mod m0001_organisations_are_known;
mod m0002_memberships_are_dated;
mod m0003_every_write_is_recorded;
mod m0004_metrics_are_defined;
mod m0005_figures_are_observed;
mod m0006_returns_are_owed;
mod m0007_imports_are_previewed;
mod m0008_data_quality_is_accepted;
mod m0009_programme_content_is_published;
mod m0010_sites_take_part;
mod m0011_learners_are_followed;
mod m0012_posts_are_held;
mod m0013_machines_are_registered;
mod m0014_no_change_is_missed;
mod m0015_changes_are_sent;
mod m0016_clients_are_held_to_terms;
mod m0017_a_sandbox_can_be_reset;
mod m0018_a_webhook_tells_no_more_than_its_token;
mod m0019_a_key_names_its_command;
mod m0020_a_client_knows_since_when_it_is_granted;

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_organisations_are_known::Migration),
            Box::new(m0002_memberships_are_dated::Migration),
            Box::new(m0003_every_write_is_recorded::Migration),
            Box::new(m0004_metrics_are_defined::Migration),
            Box::new(m0005_figures_are_observed::Migration),
            Box::new(m0006_returns_are_owed::Migration),
            Box::new(m0007_imports_are_previewed::Migration),
            Box::new(m0008_data_quality_is_accepted::Migration),
            Box::new(m0009_programme_content_is_published::Migration),
            Box::new(m0010_sites_take_part::Migration),
            Box::new(m0011_learners_are_followed::Migration),
            Box::new(m0012_posts_are_held::Migration),
            Box::new(m0013_machines_are_registered::Migration),
            Box::new(m0014_no_change_is_missed::Migration),
            Box::new(m0015_changes_are_sent::Migration),
            Box::new(m0016_clients_are_held_to_terms::Migration),
            Box::new(m0017_a_sandbox_can_be_reset::Migration),
            Box::new(m0018_a_webhook_tells_no_more_than_its_token::Migration),
            Box::new(m0019_a_key_names_its_command::Migration),
            Box::new(m0020_a_client_knows_since_when_it_is_granted::Migration),
        ]
    }
}
