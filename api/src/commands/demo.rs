//! `gpa demo`: fills a new database with an invented programme.

use std::io::Write;

use anyhow::bail;

use crate::{app::App, cli, clock::Clock, config::Config};

pub async fn run(config: Config, asked: cli::Demo) -> anyhow::Result<()> {
    if config.is_production() {
        bail!("a production database holds nothing that is invented");
    }
    let app = App::open(config, Clock::machine()).await?;
    let taking_part = app.demonstrate_at_size(asked.sites as usize, asked.seed).await?;
    let Some(taking_part) = taking_part else {
        bail!("the register holds sites already: a demonstration fills a new database only");
    };
    app.store.close().await;
    let sites = asked.sites;
    writeln!(std::io::stdout(), "{sites} invented sites, {taking_part} of them took an interest")?;
    Ok(())
}
