//! `gpa check`: makes again what is kept, and says what differs.

use std::io::{self, Write};

use anyhow::{anyhow, bail};

use super::said;
use crate::{
    app,
    cli::{self, CheckKind},
    clock::Clock,
    config::Config,
    domain::{
        metrics,
        observations::check::{self, Difference},
        records::check::records as check_records,
        viewer::Viewer,
    },
};

/// So many differences are shown; the rest are counted.
const SHOWN: usize = 1_000;

/// The error, where something differs, says how much.
pub async fn run(config: Config, asked: cli::Check) -> anyhow::Result<()> {
    let store = app::open_store(&config, Clock::machine()).await?;
    let viewer = app::operator(&store);
    let wanted = |kind| asked.what.is_none_or(|what| what == kind);
    let mut wrong = Vec::new();
    if wanted(CheckKind::Rollups) {
        match rollups(&viewer).await? {
            0 => {}
            1 => wrong.push("1 sum is not what the observations come to".to_owned()),
            count => wrong.push(format!("{count} sums are not what the observations come to")),
        }
    }
    if wanted(CheckKind::Records) {
        match records(&viewer).await? {
            0 => {}
            count => wrong.push(format!("{count} breaches of the programme's rules")),
        }
    }
    store.close().await;
    if wrong.is_empty() { Ok(()) } else { bail!(wrong.join("; ")) }
}

async fn records(viewer: &Viewer) -> anyhow::Result<usize> {
    let checked = check_records(viewer).await.map_err(|failure| anyhow!(said(failure)))?;
    let mut out = io::stdout().lock();
    for breach in checked.breaches.iter().take(SHOWN) {
        writeln!(out, "{breach}")?;
    }
    let (enrolments, posts, count) = (checked.enrolments, checked.posts, checked.breaches.len());
    let tallies = checked.tallies;
    writeln!(
        out,
        "records: {enrolments} enrolments, {posts} posts and {tallies} tallies, {count} breaches"
    )?;
    Ok(count)
}

async fn rollups(viewer: &Viewer) -> anyhow::Result<usize> {
    let checked = check::rollups(viewer).await.map_err(|failure| anyhow!(said(failure)))?;
    let mut lines: Vec<String> =
        checked.differences.iter().map(|difference| line(viewer, difference)).collect();
    lines.sort_unstable();
    let mut out = io::stdout().lock();
    for line in lines.iter().take(SHOWN) {
        writeln!(out, "{line}")?;
    }
    if lines.len() > SHOWN {
        writeln!(out, "… and {} more", lines.len() - SHOWN)?;
    }
    let (sums, observations, count) = (checked.sums, checked.observations, lines.len());
    writeln!(out, "rollups: {sums} sums of {observations} observations, {count} differ")?;
    Ok(count)
}

/// Such as `gpa.fte of Leeds PCN in 2025-11 (within it, PROVISIONAL): kept …, should be …`.
fn line(viewer: &Viewer, difference: &Difference) -> String {
    let metric = metrics::by_id(viewer, difference.series);
    let metric = metric.map_or_else(|| "?".to_owned(), |metric| metric.row.code.clone());
    let place = viewer.organisation(difference.place);
    let place = place.map_or_else(|| "?".to_owned(), |o| o.name_at(viewer.today()).to_owned());
    let basis = if difference.own { "its own" } else { "within it" };
    let Difference { month, status, kept, made, .. } = difference;
    format!("{metric} of {place} in {month} ({basis}, {status:?}): kept {kept}, should be {made}")
}
