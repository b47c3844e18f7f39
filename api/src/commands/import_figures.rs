//! `gpa import observations|returns|workforce`: preview a file of figures, say what it
//! would do, and commit it.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use anyhow::{Context, anyhow, bail};
use entity::{
    import_row::Outcome,
    import_run::{self, Format, State},
    observation::Status,
};

use super::import::{Progress, said};
use crate::{
    app,
    auth::action::Action,
    cli,
    clock::Clock,
    config::Config,
    domain::{
        error::Declined,
        findings::Finding,
        imports::{claim::Opening, commit, discard, read},
        page::PageRequest,
        viewer::Viewer,
    },
    import::{
        Opened,
        figures::start::{Asked, start},
    },
};

/// So many rows that are not taken are shown; the rest are counted.
const SHOWN: i32 = 100;
/// So many organisations that the commit opens are shown.
const OPENED: usize = 20;

pub(super) async fn run(config: Config, asked: cli::Import, format: Format) -> anyhow::Result<()> {
    let progress = Progress::new();
    let opened = Opened::open(&asked.file)?;
    progress.say("opening the register");
    let store = app::open_store(&config, Clock::machine()).await?;
    let viewer = app::operator(&store);
    progress.say(format!("reading {} and judging every row", asked.file.display()));
    let status = if asked.approved { Status::Approved } else { Status::Provisional };
    let whole = Asked { format, status, key: None, patience: None };
    let permit = viewer.permit(Action::ImportFigures).map_err(|failure| anyhow!(said(failure)))?;
    let id = start(&viewer, permit, whole, opened, ()).await.map_err(declined)?;
    let previewed = found(&viewer, id).await?;
    if let Some(failure) = &previewed.failure {
        bail!("nothing was written: {failure}");
    }
    let lines = not_taken(&viewer, &previewed).await?;
    progress.pause(|| io::stderr().write_all(lines.as_bytes()))?;
    if let Some(path) = &asked.reject_file {
        let rejected = write_rejects(&viewer, &previewed, path, &asked.file).await;
        let rejected = rejected.with_context(|| format!("cannot write {}", path.display()))?;
        progress.pause(|| writeln!(io::stderr(), "{rejected} lines are in {}", path.display()))?;
    }
    let too_many = previewed.refusals > i64::from(asked.max_errors);
    let done = if asked.dry_run || too_many {
        let permit = viewer.permit(Action::ImportFigures).map_err(|f| anyhow!(said(f)))?;
        discard::discard(&viewer, permit, id, previewed.version).await.map_err(declined)?;
        previewed
    } else {
        progress.say(format!("writing {} figures", previewed.creates + previewed.changes));
        let permit = viewer.permit(Action::ImportFigures).map_err(|f| anyhow!(said(f)))?;
        commit::commit(&viewer, permit, id, previewed.version).await.map_err(declined)?;
        found(&viewer, id).await?
    };
    progress.end();
    if too_many {
        bail!(
            "nothing was written: {} rows are refused, more than {}; correct them, or allow more with --max-errors",
            done.refusals,
            asked.max_errors
        );
    }
    writeln!(io::stdout(), "{}", summary(&done))?;
    store.close().await;
    Ok(())
}

async fn found(viewer: &Viewer, id: i64) -> anyhow::Result<import_run::Model> {
    let found = read::find(viewer, id).await.map_err(|failure| anyhow!(said(failure)))?;
    found.context("the import is gone")
}

fn declined(declined: Declined) -> anyhow::Error {
    match declined {
        Declined::Failed(failure) => anyhow!(said(failure)),
        Declined::Invalid(problems) => {
            let sentences = problems.into_iter().map(|problem| problem.message);
            anyhow!("nothing was written: {}", sentences.collect::<Vec<_>>().join("; "))
        }
        Declined::VersionConflict(_) | Declined::KeyReused => {
            anyhow!("nothing was written: somebody else has the import in hand")
        }
    }
}

/// The rows that are not taken, and what the commit opens, each on a line of its own.
async fn not_taken(viewer: &Viewer, run: &import_run::Model) -> anyhow::Result<String> {
    let mut text = String::new();
    for (outcome, count) in [(Outcome::Refused, run.refusals), (Outcome::Conflict, run.conflicts)] {
        for row in shown(viewer, run, outcome).await? {
            describe(&mut text, run, &row)?;
        }
        let more = usize::try_from(count - i64::from(SHOWN)).unwrap_or_default();
        if more > 0 {
            describe_more(&mut text, more)?;
        }
    }
    let opened = openings(run);
    for line in opened.iter().take(OPENED) {
        text.push_str(line);
    }
    if opened.len() > OPENED {
        describe_more(&mut text, opened.len() - OPENED)?;
    }
    Ok(text)
}

async fn shown(
    viewer: &Viewer,
    run: &import_run::Model,
    outcome: Outcome,
) -> anyhow::Result<Vec<read::Shown>> {
    let request = PageRequest { first: Some(SHOWN), ..PageRequest::default() };
    let page = read::rows(viewer, run.id, Some(outcome), &request).await;
    let page = page.map_err(|failure| anyhow!(said(failure)))?;
    Ok(page.items.into_iter().map(|(_, row)| row).collect())
}

fn describe(
    text: &mut String,
    run: &import_run::Model,
    read::Shown { row, .. }: &read::Shown,
) -> anyhow::Result<()> {
    use std::fmt::Write;
    let findings = row.findings.as_deref().map(serde_json::from_str::<Vec<Finding>>);
    for finding in findings.transpose()?.unwrap_or_default() {
        let Finding { column, message, .. } = finding;
        writeln!(text, "{}:{}: {column}: {message}", run.file_name, row.line)?;
    }
    Ok(())
}

fn describe_more(text: &mut String, more: usize) -> anyhow::Result<()> {
    use std::fmt::Write;
    Ok(writeln!(text, "… and {more} more")?)
}

fn openings(run: &import_run::Model) -> Vec<String> {
    let read = run.openings.as_deref().map(serde_json::from_str::<Vec<_>>);
    let read: Vec<Opening> = read.and_then(Result::ok).unwrap_or_default();
    let line = |each: Opening| {
        format!(
            "the register does not know {} {}: opened in {}\n",
            each.code, each.name, each.sub_icb
        )
    };
    read.into_iter().map(line).collect()
}

/// Writes the lines that are not taken, under the file's own headings.
async fn write_rejects(
    viewer: &Viewer,
    run: &import_run::Model,
    path: &Path,
    read_from: &Path,
) -> anyhow::Result<usize> {
    if let (Ok(to), Ok(from)) = (path.canonicalize(), read_from.canonicalize())
        && to == from
    {
        bail!("the reject file is the file that was read: give another name");
    }
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "{}", run.headings.as_deref().unwrap_or_default())?;
    let (mut after, mut count) = (0, 0);
    loop {
        let next = read::rejects(viewer, run.id, after).await;
        let Some((last, lines)) = next.map_err(|failure| anyhow!(said(failure)))? else { break };
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        (after, count) = (last, count + lines.len());
    }
    file.flush()?;
    Ok(count)
}

fn summary(run: &import_run::Model) -> String {
    let state = match run.state {
        State::Committed => "written",
        _ => "nothing was written (dry run)",
    };
    format!(
        "{}: {} lines; {} created, {} changed, {} same, {} in conflict, {} refused, {} skipped; {state}",
        run.file_name,
        run.lines_read,
        run.creates,
        run.changes,
        run.sames,
        run.conflicts,
        run.refusals,
        run.skipped
    )
}
