//! The end of a turn: its audit row, its lines in the feed and the answer that its key
//! repeats are written with everything else, and then everybody sees it.

use std::sync::Arc;

use entity::{audit, idempotency_key};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbErr, EntityTrait, IntoActiveModel};

use super::Turn;
use crate::{
    auth::actor::Actor,
    domain::{directory::Directory, error::Failure, metrics::catalogue},
    ids::OrganisationId,
};

impl Turn {
    /// The id of the turn's one audit row, which is written when it is first needed.
    /// `about` is what the command was for.
    pub(in crate::domain) async fn audit(
        &mut self,
        about: Option<OrganisationId>,
    ) -> Result<i64, DbErr> {
        if let Some(id) = self.audit_id {
            return Ok(id);
        }
        let (issuer, subject, role, organisation) = match self.viewer.actor() {
            Actor::Public => ("", "", "public", None),
            Actor::Holder(holder) => {
                (&*holder.issuer, &*holder.subject, holder.role.name(), holder.organisation)
            }
        };
        let row = audit::ActiveModel {
            at: Set(self.at),
            request_id: Set(self.viewer.request_id().to_owned()),
            issuer: Set(issuer.to_owned()),
            subject: Set(subject.to_owned()),
            role: Set(role.to_owned()),
            actor_organisation_id: Set(organisation),
            action: Set(self.permit.action().name().to_owned()),
            organisation_id: Set(about),
            node_type: Set(self.about.map(|(kind, _)| kind)),
            node_id: Set(self.about.map(|(_, id)| id)),
            ..Default::default()
        };
        let id = row.insert(&self.transaction).await?.id;
        self.audit_id = Some(id);
        Ok(id)
    }

    /// Remembers what the key's command came to, where it has one.
    pub(super) async fn write_key(&mut self, outcome: i64) -> Result<(), DbErr> {
        let Some(mut key) = self.key.take() else { return Ok(()) };
        key.outcome_id = outcome;
        idempotency_key::Entity::insert(key.into_active_model())
            .exec_without_returning(&self.transaction)
            .await
            .map(|_| ())
    }

    /// Writes the audit row, the change rows and the key's answer, and commits. `about` is
    /// what the command was for; `outcome` is what a repetition under the same key gives.
    pub(in crate::domain) async fn commit(
        self,
        about: Option<OrganisationId>,
        outcome: i64,
    ) -> Result<(), Failure> {
        let adopted = self.adopted;
        let becomes = move |position, directory: Arc<Directory>| {
            if adopted { Arc::new(directory.with(position, [], &[])) } else { directory }
        };
        self.commit_register(about, outcome, becomes).await
    }

    /// As [`Turn::commit`], for a turn that changed the register: `become` says what the
    /// register is at a position of the feed.
    pub(in crate::domain) async fn commit_register(
        mut self,
        about: Option<OrganisationId>,
        outcome: i64,
        becomes: impl FnOnce(i64, Arc<Directory>) -> Arc<Directory>,
    ) -> Result<(), Failure> {
        let audit_id = self.audit(about).await?;
        let defined = self.reached.catalogue_position;
        self.tell_of_records().await?;
        let directory = becomes(self.register_position(), self.directory.clone());
        self.tell_of_consequences(&directory);
        if self.passes_day {
            self.reached.day = Some(self.today());
        }
        self.write_changes(audit_id).await?;
        self.write_key(outcome).await?;
        self.write_reached().await?;
        if self.reached.catalogue_position != defined {
            self.catalogue = Arc::new(catalogue::load(&self.transaction).await?);
        }
        self.viewer.store().wake.tell_of_writing(&self.transaction).await?;
        self.transaction.commit().await?;
        if let Some(records) = self.renewed {
            self.records = Arc::new(records.at(self.reached.records_position));
        }
        let store = self.viewer.store();
        // Whoever sees how far the feed has come must be judged by what it came to.
        if let Some(clients) = self.clients {
            store.publish_api_clients(clients);
        }
        store.publish(directory.clone());
        store.publish_catalogue(self.catalogue.clone());
        store.publish_records(self.records.clone());
        store.figures_reached(self.reached.figures_position);
        store.reached(&self.reached);
        self.viewer.see(directory);
        self.viewer.see_catalogue(self.catalogue);
        self.viewer.see_records(self.records);
        Ok(())
    }
}
