//! `gpa import`: load one edition of a public NHS file.

use crate::{cli, config::Config};

pub async fn run(_config: Config, _asked: cli::Import) -> anyhow::Result<()> {
    anyhow::bail!("being written")
}
