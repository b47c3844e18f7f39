//! `GET /export/{name}.csv` and its like, of a registered query: page after page of it, as
//! whoever asks may see it, with its variables as parameters.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{HttpRequest, HttpResponse, web::Data};
use async_graphql::{Response, Value, Variables};
use async_trait::async_trait;
use entity::operation;

use super::{
    Door,
    budget::Account,
    export::LONGEST,
    fault::Fault,
    graphql::{told, written},
    negotiate::Media,
};
use crate::{
    domain::{error::Failure, viewer::Viewer},
    export::{Broken, Cells, Format, Group, MOST_ROWS, Pieces, Source},
    graphql::{
        engine::Call,
        operations::table::{Row, Table},
        rate_limit::RateLimit,
        refusal::{Code, Refusal},
    },
};

/// The plain answer in place of a table.
const PLAIN: &str = "json";

/// The name and the extension of a file.
pub(super) fn parts(file: &str) -> Option<(&str, &str)> {
    let (name, extension) = file.rsplit_once('.')?;
    let known = extension == PLAIN || Format::named(extension).is_some();
    known.then_some((name, extension))
}

/// One who asks for a query's answer, and pays for it.
pub(super) struct Asker {
    pub door: Data<Door>,
    pub viewer: Viewer,
    pub account: Option<Account>,
}

/// What somebody gets: the answer itself, or the pieces of a file.
pub(super) enum Answered {
    Plain(HttpResponse),
    File(Format, Pieces),
}

impl Asker {
    pub(super) fn new(request: &HttpRequest, door: Data<Door>, viewer: Viewer) -> Self {
        let account = door.budgets.account(door.budgets.address(request), &viewer);
        Self { door, viewer, account }
    }

    /// Runs a registered query, its first page at once.
    pub(super) async fn answer(
        self,
        operation: Arc<operation::Model>,
        extension: &str,
        given: Vec<(String, String)>,
    ) -> Result<Answered, Fault> {
        let wanted = self.door.engine.table(&operation.document, given).map_err(Fault::of)?;
        let Some(format) = Format::named(extension) else {
            let (response, left) =
                self.page(&operation, &wanted.variables).await.map_err(Fault::of)?;
            let answer = written(&response, Media::Json);
            return Ok(Answered::Plain(told(answer, left.as_ref(), &self.viewer)));
        };
        let table = wanted.table.map_err(Fault::of)?;
        let (asker, variables) = (self, wanted.variables);
        let (first, rows, more, began) = (None, 0, true, Instant::now());
        let mut pages =
            Pages { asker, operation, table, variables, format, rows, first, more, began };
        // Whatever fails at the first page can still be told.
        pages.first = Some(pages.ask().await.map_err(Fault::of)?);
        Ok(Answered::File(format, Pieces::new(format, Box::new(pages))))
    }

    async fn page(
        &self,
        operation: &operation::Model,
        variables: &Variables,
    ) -> Result<(Response, Option<RateLimit>), Refusal> {
        let mut call = Call {
            query: operation.document.clone(),
            variables: variables.clone(),
            request_id: self.viewer.request_id().to_owned(),
            ..Call::default()
        };
        let (admitted, left) = self.door.admit(&mut call, &self.viewer, self.account.as_ref())?;
        let furnish = |request| self.door.furnish(request, &self.viewer, &left);
        let response = self.door.engine.run(call, admitted, furnish).await?;
        Ok((response, left))
    }
}

/// The pages of a query.
struct Pages {
    asker: Asker,
    operation: Arc<operation::Model>,
    table: Table,
    variables: Variables,
    format: Format,
    /// How many rows there were until now.
    rows: usize,
    /// The first page, until it is taken.
    first: Option<Vec<Row>>,
    /// Whether there is a page to ask for.
    more: bool,
    began: Instant,
}

impl Pages {
    /// The rows of the next page, and the variables of the one after it.
    async fn ask(&mut self) -> Result<Vec<Row>, Refusal> {
        let (response, _) = self.asker.page(&self.operation, &self.variables).await?;
        // What could not be answered in part would be a hole in the file.
        if let Some(error) = response.errors.first() {
            return Err(refused(error));
        }
        let rows = self.table.rows(&response.data)?;
        self.rows += rows.len();
        if self.format == Format::Xlsx && self.rows > MOST_ROWS {
            return Err(Refusal::bad_request(format!(
                "That is more than the {MOST_ROWS} rows that a sheet holds: ask for CSV, or for \
                 less."
            )));
        }
        self.more = self.table.go_on(&response.data, &mut self.variables);
        Ok(rows)
    }

    /// The next page, for which a spent account is waited for, but not for ever.
    async fn patiently(&mut self) -> Result<Vec<Row>, Refusal> {
        loop {
            self.asker.viewer.stands().map_err(Refusal::from)?;
            match self.ask().await {
                Err(Refusal { code: Code::RateLimited, retry_after: Some(seconds), .. })
                    if self.began.elapsed() < LONGEST =>
                {
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                }
                asked => return asked,
            }
        }
    }
}

#[async_trait]
impl Source for Pages {
    fn headings(&self) -> Arc<[String]> {
        self.table.columns().into()
    }

    async fn next(&mut self) -> Result<Option<Box<dyn Group>>, Broken> {
        let rows = match self.first.take() {
            Some(rows) => rows,
            None if self.more => self.patiently().await.map_err(broken)?,
            None => return Ok(None),
        };
        Ok(Some(Box::new(Rows(rows))))
    }
}

/// Some rows of values.
struct Rows(Vec<Row>);

impl Group for Rows {
    fn write(&self, cells: &mut dyn Cells) -> io::Result<()> {
        for row in &self.0 {
            for value in row {
                write(value, cells)?;
            }
            cells.end_row()?;
        }
        Ok(())
    }
}

fn write(value: &Value, cells: &mut dyn Cells) -> io::Result<()> {
    match value {
        Value::Null => cells.nothing(),
        Value::Number(number) => cells.json(number),
        Value::Boolean(flag) => cells.flag(*flag),
        Value::String(text) => cells.text(text),
        Value::Enum(name) => cells.text(name),
        Value::List(items) => cells.text(&items.iter().map(plain).collect::<Vec<_>>().join("; ")),
        Value::Object(_) | Value::Binary(_) => cells.text(&value.to_string()),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Enum(name) => name.to_string(),
        value => value.to_string(),
    }
}

/// The refusal that an error of an answer tells of.
fn refused(error: &async_graphql::ServerError) -> Refusal {
    let code = error.extensions.as_ref().and_then(|values| values.get("code"));
    let code = match code {
        Some(Value::String(name)) => Code::named(name),
        _ => None,
    };
    Refusal::new(code.unwrap_or(Code::Internal), error.message.clone())
}

/// A refusal of a later page, of which the answer's status can tell no more.
fn broken(refusal: Refusal) -> Broken {
    let sentence = refusal.message.into_owned();
    match refusal.code {
        Code::BadRequest | Code::TooComplex => Broken::Failed(Failure::BadRequest(sentence)),
        Code::Unauthenticated => Broken::Failed(Failure::Unauthenticated),
        Code::Forbidden => Broken::Failed(Failure::Forbidden(sentence)),
        Code::NotFound => Broken::Failed(Failure::NotFound),
        Code::RateLimited | Code::Timeout | Code::Unavailable | Code::Internal => {
            Broken::Stuck(sentence)
        }
    }
}
