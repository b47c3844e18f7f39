//! The statements of a ceiling, one or two for each operation, prepared once for every
//! connection.

use tokio_postgres::{Client, Error, Statement};

pub(super) struct Statements {
    pub hub: &'static str,
    pub site: &'static str,
    pub search: &'static str,
    /// Every region with its sites by their status.
    pub regions: &'static str,
    /// What regions come to, on the geography of a day.
    pub cells: &'static str,
    pub portal: &'static str,
    pub observations: &'static str,
    pub record: &'static str,
}

pub(super) struct Prepared {
    pub hub: Statement,
    pub site: Statement,
    pub search: Statement,
    pub regions: Statement,
    pub cells: Statement,
    pub portal: Statement,
    pub observations: Statement,
    pub record: Statement,
}

impl Statements {
    pub(super) async fn prepare(self, client: &Client) -> Result<Prepared, Error> {
        Ok(Prepared {
            hub: client.prepare(self.hub).await?,
            site: client.prepare(self.site).await?,
            search: client.prepare(self.search).await?,
            regions: client.prepare(self.regions).await?,
            cells: client.prepare(self.cells).await?,
            portal: client.prepare(self.portal).await?,
            observations: client.prepare(self.observations).await?,
            record: client.prepare(self.record).await?,
        })
    }
}
