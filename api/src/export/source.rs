//! Where the rows of a file come from.

use std::{io, sync::Arc};

use async_trait::async_trait;

use super::{Broken, cells::Cells};

/// Rows on their way into a file.
#[async_trait]
pub trait Source: Send {
    /// The columns, in their order.
    fn headings(&self) -> Arc<[String]>;

    /// As many rows as come at once; none at the end.
    async fn next(&mut self) -> Result<Option<Box<dyn Group>>, Broken>;
}

/// Some rows.
pub trait Group: Send {
    fn write(&self, cells: &mut dyn Cells) -> io::Result<()>;
}
