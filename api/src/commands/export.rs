//! `gpa export`: the files of `/export`, made by the same code.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, anyhow};

use super::said;
use crate::{
    app,
    auth::actor::Actor,
    cli,
    clock::Clock,
    config::Config,
    domain::viewer::Viewer,
    export::{self, Begun, Broken, Pieces},
};

pub async fn run(config: Config, asked: cli::Export) -> anyhow::Result<()> {
    let store = app::open_store(&config, Clock::machine()).await?;
    let viewer = if asked.public {
        Viewer::new(store.clone(), Actor::Public, "command-line")
    } else {
        app::operator(&store)
    };
    let begun = export::begin(&viewer, asked.wanted, asked.parameters).await;
    let Begun { pieces, .. } = begun.map_err(|failure| anyhow!(said(failure)))?;
    match &asked.output {
        Some(path) => to_file(pieces, path).await?,
        None => copy(pieces, &mut io::stdout().lock()).await?,
    }
    store.close().await;
    Ok(())
}

/// A file that is not whole never bears the name.
async fn to_file(pieces: Pieces, path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let cannot = || format!("cannot write {}", path.display());
    let new = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
    let mut new = new.with_context(cannot)?;
    copy(pieces, new.as_file_mut()).await?;
    let file: File = new.persist(path).with_context(cannot)?;
    file.sync_all().with_context(cannot)
}

async fn copy(mut pieces: Pieces, out: &mut impl Write) -> anyhow::Result<()> {
    loop {
        match pieces.next().await {
            Ok(Some(piece)) => out.write_all(&piece).context("cannot write the file")?,
            Ok(None) => return out.flush().context("cannot write the file"),
            Err(Broken::Failed(failure)) => return Err(anyhow!(said(failure))),
            Err(Broken::Stuck(reason)) => return Err(anyhow!(reason)),
            Err(Broken::File(error)) => return Err(error).context("the file could not be made"),
        }
    }
}
