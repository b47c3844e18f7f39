//! An import, as clients see it.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::import_run;

use super::{
    enums::{ImportFormat, ImportOutcome, ImportState},
    rows::ImportRow,
};
use crate::{
    domain::{
        imports::{claim::Opening, read},
        page::PageRequest,
    },
    graphql::{
        error::Result,
        ids,
        organisations::{interfaces::Organisation, parts, seen::viewer},
        page::{Connected, Total, connected},
    },
};

/// One import of figures from a file.
pub struct Import(Box<import_run::Model>);

impl From<import_run::Model> for Import {
    fn from(run: import_run::Model) -> Self {
        Self(Box::new(run))
    }
}

/// How far the reading of a file has come.
#[derive(SimpleObject)]
pub struct ImportProgress {
    /// Where the import stands.
    state: ImportState,
    /// How many lines were read.
    read: i32,
    /// How many lines there seem to be; exact once all of them were read.
    total: i32,
}

impl From<&import_run::Model> for ImportProgress {
    fn from(run: &import_run::Model) -> Self {
        let (read, total) = (number(run.lines_read), number(run.lines_total));
        Self { state: run.state.into(), read, total }
    }
}

/// How many rows do what.
#[derive(SimpleObject)]
pub struct ImportCounts {
    /// Figures of which nothing is recorded.
    create: i32,
    /// Figures of which something else is recorded.
    change: i32,
    /// Figures that are recorded so already.
    same: i32,
    /// Figures that may not follow what is recorded.
    conflict: i32,
    /// Figures, or lines, that are wrong by themselves.
    refused: i32,
    /// Lines of the file that are about something else, or say nothing.
    skipped: i32,
}

/// An organisation that the register does not know, and that the commit opens by what the
/// file tells of it.
#[derive(SimpleObject)]
pub struct ImportOpening {
    /// Its ODS code.
    ods_code: String,
    /// Its name.
    name: String,
    /// The ODS code of the sub-location of an ICB that it lies in.
    sub_icb: String,
}

/// One import of figures from a file: a preview of what each row would do, and what was
/// done of it.
#[Object]
impl Import {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        ids::id_of("Import", self.0.id)
    }

    /// What is in the file.
    async fn format(&self) -> ImportFormat {
        self.0.format.into()
    }

    /// The file's name, as its sender gave it.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// The SHA-256 of the file, in small hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// Where it stands.
    async fn state(&self) -> ImportState {
        self.0.state.into()
    }

    /// Whether its figures are recorded as approved, instead of as provisional.
    async fn approved(&self) -> bool {
        self.0.wanted_status != entity::observation::Status::Provisional
    }

    /// Whose import it is, as it is today.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.organisation_id, viewer(ctx).today())
    }

    /// Who started it, as the issuer of their token names them.
    async fn started_by(&self) -> &str {
        &self.0.started_by
    }

    /// When it was started.
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }

    /// When it was committed.
    async fn committed_at(&self) -> Option<DateTime<Utc>> {
        self.0.committed_at
    }

    /// When it was undone.
    async fn undone_at(&self) -> Option<DateTime<Utc>> {
        self.0.undone_at
    }

    /// How far the reading of its file has come.
    async fn progress(&self) -> ImportProgress {
        ImportProgress::from(&*self.0)
    }

    /// How many rows do what: while it is previewed, what they would do.
    async fn counts(&self) -> ImportCounts {
        ImportCounts {
            create: number(self.0.creates),
            change: number(self.0.changes),
            same: number(self.0.sames),
            conflict: number(self.0.conflicts),
            refused: number(self.0.refusals),
            skipped: number(self.0.skipped),
        }
    }

    /// Why the file was refused whole, and what to do about it.
    async fn failure(&self) -> Option<&str> {
        self.0.failure.as_deref()
    }

    /// Organisations that the register does not know, and that the commit opens.
    async fn openings(&self) -> Vec<ImportOpening> {
        let read = self.0.openings.as_deref().map(serde_json::from_str::<Vec<Opening>>);
        let read = read.and_then(std::result::Result::ok).unwrap_or_default();
        let shown =
            |Opening { code, name, sub_icb, .. }| ImportOpening { ods_code: code, name, sub_icb };
        read.into_iter().map(shown).collect()
    }

    /// Where to fetch, with the same token, the lines that are not taken: a CSV file under
    /// the headings of the one that was sent, to be put right and imported again.
    async fn rejects_path(&self) -> String {
        format!("/imports/{}/rejects.csv", ids::id_of("Import", self.0.id).as_str())
    }

    /// Rises by one with every change of its state; send it with commands.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Its rows, in the order of the file.
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only rows that do this.")] outcome: Option<ImportOutcome>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<ImportRow>> {
        let (viewer, id) = (viewer(ctx).clone(), self.0.id);
        let outcome = outcome.map(Into::into);
        let request = PageRequest { first, after, last, before };
        let page = read::rows(&viewer, id, outcome, &request).await?;
        let total = Total::new(move || {
            let viewer = viewer.clone();
            async move {
                let count = read::count_rows(&viewer, id, outcome).await?;
                Ok(i32::try_from(count).unwrap_or(i32::MAX))
            }
        });
        Ok(connected(page, total, ImportRow))
    }
}

pub(super) fn number(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
