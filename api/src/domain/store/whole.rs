//! All that is held in memory, read at once.

use std::sync::Arc;

use sea_orm::{DatabaseTransaction, DbErr};

use crate::domain::{
    api_clients::{self, ApiClients},
    directory::{Directory, load},
    metrics::catalogue::{self, Catalogue},
    records::{self, Records},
};

/// One state of everything.
pub(in crate::domain) struct Whole {
    pub directory: Arc<Directory>,
    pub catalogue: Arc<Catalogue>,
    pub records: Arc<Records>,
    pub api_clients: Arc<ApiClients>,
}

impl Whole {
    pub(in crate::domain) async fn load(connection: &DatabaseTransaction) -> Result<Self, DbErr> {
        Ok(Self {
            directory: Arc::new(load::load(connection).await?),
            catalogue: Arc::new(catalogue::load(connection).await?),
            records: Arc::new(records::load::load(connection).await?),
            api_clients: Arc::new(api_clients::load(connection).await?),
        })
    }
}
