//! `gpa import`: load one edition of a public NHS file, and say what came of it.

use std::{
    io::{self, Write},
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
use entity::import_run;
use indicatif::{ProgressBar, ProgressStyle};

use super::import_figures;
use crate::{
    app,
    cli::{self, ImportKind},
    clock::Clock,
    config::Config,
    domain::{
        error::Failure,
        register::{
            LoadRefused, Loading,
            report::{Outcome, Report},
        },
    },
    import::{
        Opened,
        load::{Compared, FileRead, Format, NotLoaded, Step, compare},
    },
};

/// So many differences of one sort are shown; the rest are counted.
const SHOWN: usize = 10;

pub async fn run(config: Config, asked: cli::Import) -> anyhow::Result<()> {
    let format = match register_or_figures(asked.kind) {
        Holds::Figures(format) => return import_figures::run(config, asked, format).await,
        Holds::Register(format) => format,
    };
    let progress = Progress::new();
    let opened = Opened::open(&asked.file)?.with_at_most_bad_rows(asked.max_errors as usize);
    let edition = asked.edition.or_else(|| opened.edition()).with_context(
        || "the file's name does not tell which day it speaks of: say --edition YYYY-MM-DD",
    )?;
    progress.say("opening the register");
    let store = app::open_store(&config, Clock::machine()).await?;
    progress.say(format!("reading {} and comparing it", asked.file.display()));
    let compared = compare(&app::operator(&store), format, opened, edition).await;
    let Compared { mut file, step } = compared.map_err(explained)?;
    progress.pause(|| report_bad_rows(&*file))?;
    if let Some(path) = &asked.reject_file {
        let rejected = file.write_rejects(path);
        let rejected = rejected.with_context(|| format!("cannot write {}", path.display()))?;
        progress
            .pause(|| writeln!(io::stderr(), "{rejected} bad rows are in {}", path.display()))?;
    }
    match step {
        Step::TooManyBadRows => bail!(
            "nothing was written: more than {} rows are bad; correct them, or allow more with --max-errors",
            asked.max_errors
        ),
        Step::LoadedBefore => {
            let rows = file.source().rows;
            progress.end();
            writeln!(
                io::stdout(),
                "{} was loaded as the edition of {edition} before: {rows} rows unchanged",
                file.source().name
            )?;
        }
        Step::Ready(loading) => {
            finish(*loading, &*file, asked.dry_run, &progress).await?;
        }
    }
    store.close().await;
    Ok(())
}

async fn finish(
    loading: Loading,
    file: &dyn FileRead,
    dry_run: bool,
    progress: &Progress,
) -> anyhow::Result<()> {
    let summary = summary(loading.report(), file, dry_run)?;
    if !dry_run {
        progress.say(format!("writing about {} organisations", loading.written()));
        loading.commit().await.map_err(|failure| anyhow!(said(failure)))?;
    }
    progress.end();
    io::stdout().write_all(summary.as_bytes())?;
    Ok(())
}

/// What a file is about, and in which format.
enum Holds {
    Register(Format),
    Figures(import_run::Format),
}

fn register_or_figures(kind: ImportKind) -> Holds {
    match kind {
        ImportKind::Ods => Holds::Register(Format::Ods),
        ImportKind::Pcn => Holds::Register(Format::Pcn),
        ImportKind::ListSizes => Holds::Register(Format::ListSizes),
        ImportKind::Hierarchy => Holds::Register(Format::Hierarchy),
        ImportKind::Observations => Holds::Figures(import_run::Format::Observations),
        ImportKind::Returns => Holds::Figures(import_run::Format::ReturnTemplate),
        ImportKind::Workforce => Holds::Figures(import_run::Format::PcnWorkforce),
    }
}

/// Every bad row, on a line of its own.
fn report_bad_rows(file: &dyn FileRead) -> io::Result<()> {
    let mut out = io::stderr().lock();
    file.findings().problems.iter().try_for_each(|problem| writeln!(out, "{problem}"))
}

/// What the load comes to: differences first, the counts at the end.
fn summary(report: &Report, file: &dyn FileRead, dry_run: bool) -> anyhow::Result<String> {
    use std::fmt::Write;
    let mut text = String::new();
    for outcome in Outcome::ALL {
        for line in report.lines(outcome).take(SHOWN) {
            writeln!(text, "{:>9}  {line}", outcome.name())?;
        }
        let more = report.lines(outcome).count().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(text, "{:>9}  … and {more} more", outcome.name())?;
        }
    }
    for note in &report.notes {
        writeln!(text, "{:>9}  {note}", "note")?;
    }
    let counts = Outcome::ALL.map(|each| format!("{} {}", report.counted(each), each.name()));
    let state = if dry_run { "nothing was written (dry run)" } else { "written" };
    writeln!(
        text,
        "{}: {} rows; {}, {} refused; {state}",
        file.source().name,
        file.source().rows,
        counts.join(", "),
        file.findings().bad_rows(),
    )?;
    Ok(text)
}

fn explained(refused: NotLoaded) -> anyhow::Error {
    match refused {
        NotLoaded::File(refused) => refused.into(),
        NotLoaded::Register(LoadRefused::Failed(failure)) => anyhow!(said(failure)),
        NotLoaded::Register(LoadRefused::Future) => {
            anyhow!(
                "nothing was written: an edition speaks of a day that has come; check --edition"
            )
        }
        NotLoaded::Register(LoadRefused::OlderThan(newest)) => anyhow!(
            "nothing was written: the register holds the edition of {newest}, and an older one would overwrite what is known since"
        ),
        NotLoaded::Register(LoadRefused::Missing { missing, open }) => anyhow!(
            "nothing was written: {missing} of the {open} open sites are not in the file, which is more than any edition closes; is it whole?"
        ),
    }
}

/// To the person at the machine a fault may be told as it is.
pub(super) fn said(failure: Failure) -> String {
    match failure {
        Failure::Unavailable(error) | Failure::Internal(error) => {
            format!("nothing was written: {error}")
        }
        other => format!("nothing was written: {other:?}"),
    }
}

/// What goes on, on a terminal; nothing where there is none.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    pub(super) fn say(&self, what: impl Into<String>) {
        self.0.set_message(what.into());
    }

    /// Lets something else be written while the bar is away.
    pub(super) fn pause<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}
