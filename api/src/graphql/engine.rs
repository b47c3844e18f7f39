//! The one way in which documents are run: admitted, bounded in time, and answered
//! with a code on every error.
//!
//! A query is run the swift way first. Only one that met an error is run again, from the
//! start, the way that tells errors as the specification has them: that way watches every
//! field, which costs a third of a query's time. Mutations go that way at once.
//!
//! Queries are cut off at the deadline. Mutations never are, not even by a client that
//! hangs up: a future dropped inside a transaction can poison its connection, so they
//! run in tasks of their own that outlive whoever waits for them.

use std::{panic::AssertUnwindSafe, time::Duration};

use async_graphql::{
    Executor, Request, Response, ServerError, Value, Variables,
    parser::types::{ExecutableDocument, OperationType},
    value,
};
use futures_util::{FutureExt, StreamExt};

use super::{
    limits::{Admitted, Gate, operation},
    operations::{check, parameters, table::Table},
    refusal::{Code, INTERNAL, Refusal},
};

/// A schema behind its gate.
pub struct Engine<E> {
    /// The schema without extensions.
    swift: E,
    /// The same schema, with errors as the specification has them.
    exact: E,
    gate: Gate,
    deadline: Duration,
}

/// One operation that somebody wants to run.
#[derive(Debug, Default)]
pub struct Call {
    pub query: String,
    /// The digest of a registered document, which may stand in for the query.
    pub document_id: Option<String>,
    /// Whether its sender sends the query too once it is told that the digest is not known,
    /// as clients do that persist queries by themselves.
    pub persists: bool,
    pub operation_name: Option<String>,
    pub variables: Variables,
    /// Whether the answer shall say what it cost.
    pub wants_cost: bool,
    /// A cursor of the change feed: the answer must hold every change up to there.
    pub not_before: Option<String>,
    pub request_id: String,
}

/// A query that is wanted as a file.
#[derive(Debug)]
pub struct Wanted {
    pub variables: Variables,
    /// None for a reason where it is no table; its plain answer can be had still.
    pub table: Result<Table, Refusal>,
}

impl<E: Executor> Engine<E> {
    pub fn new(swift: E, exact: E, gate: Gate, deadline: Duration) -> Self {
        Self { swift, exact, gate, deadline }
    }

    /// Decides whether a call may run; nothing has been resolved when it may not.
    pub fn admit(&self, call: &Call) -> Result<Admitted, Refusal> {
        self.gate.admit(&call.query, call.operation_name.as_deref(), &call.variables)
    }

    /// Whether a document with one operation could be run, whatever its variables.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it, and where.
    pub async fn check(&self, document: &str) -> Result<(), Refusal> {
        let call = Call { query: document.to_owned(), ..Call::default() };
        let admitted = self.admit(&call)?;
        let checked = check::alone(request(&call, &admitted.document));
        let response = self.exact.execute(checked).await;
        match response.errors.into_iter().next() {
            None => Ok(()),
            Some(error) => {
                let refusal = Refusal::bad_request(error.message);
                Err(error.locations.first().map_or(refusal.clone(), |place| refusal.at(*place)))
            }
        }
    }

    /// What the answers of a query become as a table, which is found for its first page.
    ///
    /// # Errors
    ///
    /// Where the document is no query, or no table.
    pub fn table(&self, document: &str, given: Vec<(String, String)>) -> Result<Wanted, Refusal> {
        let call = Call { query: document.to_owned(), ..Call::default() };
        let admitted = self.admit(&call)?;
        if admitted.kind != OperationType::Query {
            return Err(Refusal::bad_request("Files are made of queries alone."));
        }
        let operation = operation(&admitted.document, None)?;
        let variables = parameters::read(self.gate.prices(), operation, given)?;
        let table = Table::read(self.gate.prices(), &admitted.document, operation);
        Ok(Wanted { variables, table })
    }

    /// Runs an admitted call; `furnish` puts the viewer and their loaders into a request.
    pub async fn run(
        &self,
        call: Call,
        admitted: Admitted,
        furnish: impl Fn(Request) -> Request,
    ) -> Result<Response, Refusal> {
        let Admitted { document, kind, cost, .. } = admitted;
        let request = || furnish(request(&call, &document));
        let response = match kind {
            OperationType::Mutation => self.finish(request()).await,
            OperationType::Query | OperationType::Subscription => self.hurry(request).await,
        }?;
        Ok(self.completed(response, &call, cost))
    }

    /// Runs an admitted subscription for one step: see [`super::subscriptions`]. Gives what
    /// comes of it first, if anything does.
    pub async fn step(
        &self,
        call: &Call,
        admitted: &Admitted,
        furnish: impl Fn(Request) -> Request,
    ) -> Result<Option<Response>, Refusal> {
        let request = || furnish(request(call, &admitted.document));
        let first = self.bounded(async {
            let first = self.swift.execute_stream(request(), None).next().await;
            match first {
                Some(response) if response.is_err() => {
                    self.exact.execute_stream(request(), None).next().await
                }
                first => first,
            }
        });
        let first = first.await?;
        Ok(first.map(|response| self.completed(response, call, admitted.cost)))
    }

    fn completed(&self, mut response: Response, call: &Call, cost: u64) -> Response {
        for error in &mut response.errors {
            complete(error, &call.request_id);
        }
        if call.wants_cost {
            let cost = value!({ "requested": cost, "maximum": self.gate.max_cost() });
            response.extensions.insert("cost".to_owned(), cost);
        }
        response
    }

    async fn finish(&self, request: Request) -> Result<Response, Refusal> {
        let schema = self.exact.clone();
        let task = tokio::spawn(async move { schema.execute(request).await });
        task.await.map_err(|_| Refusal::internal())
    }

    async fn hurry(&self, request: impl Fn() -> Request) -> Result<Response, Refusal> {
        self.bounded(async {
            let response = self.swift.execute(request()).await;
            if response.is_ok() { response } else { self.exact.execute(request()).await }
        })
        .await
    }

    /// Runs something up to the deadline.
    async fn bounded<T>(&self, running: impl Future<Output = T>) -> Result<T, Refusal> {
        let running = AssertUnwindSafe(running).catch_unwind();
        match tokio::time::timeout(self.deadline, running).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => Err(Refusal::internal()),
            Err(_) => {
                let seconds = self.deadline.as_secs_f32();
                let message = format!("The query was cut off after {seconds} seconds.");
                Err(Refusal::new(Code::Timeout, message))
            }
        }
    }
}

/// The call as async-graphql takes it; the text is not needed beside its document.
fn request(call: &Call, document: &ExecutableDocument) -> Request {
    let mut request = Request::new("").variables(call.variables.clone());
    request.operation_name.clone_from(&call.operation_name);
    request.set_parsed_query(document.clone());
    request
}

/// Gives an error its code and the request's id.
///
/// Our resolvers set a code always. What has none comes from async-graphql itself,
/// which found the request wrong: a field that is not there, a value of the wrong type.
fn complete(error: &mut ServerError, request_id: &str) {
    let extensions = error.extensions.get_or_insert_default();
    match extensions.get("code") {
        None => extensions.set("code", Code::BadRequest.name()),
        Some(Value::String(code)) if code == Code::Internal.name() => {
            INTERNAL.clone_into(&mut error.message);
        }
        Some(_) => {}
    }
    extensions.set("requestId", request_id);
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use async_graphql::{Context, EmptySubscription, Error, ErrorExtensions, Object, Schema};

    use super::*;
    use crate::config::Limits;

    struct Query;
    struct Mutation;
    #[derive(Clone, Default)]
    struct Done(Arc<AtomicUsize>);

    #[Object]
    impl Query {
        async fn panic(&self, index: usize) -> i32 {
            [1][index]
        }
        async fn slow(&self) -> i32 {
            tokio::time::sleep(Duration::from_secs(60)).await;
            1
        }
        async fn broken(&self) -> Result<Option<i32>, Error> {
            Err(Error::new("a secret").extend_with(|_, e| e.set("code", "INTERNAL")))
        }
    }

    #[Object]
    impl Mutation {
        async fn write(&self, ctx: &Context<'_>, panics: bool) -> i32 {
            tokio::time::sleep(Duration::from_secs(60)).await;
            assert!(!panics);
            ctx.data_unchecked::<Done>().0.fetch_add(1, Ordering::SeqCst);
            1
        }
    }

    type Tested = Engine<Schema<Query, Mutation, EmptySubscription>>;

    fn engine() -> Tested {
        let schema = || Schema::build(Query, Mutation, EmptySubscription);
        let swift = schema().finish();
        let exact = schema().extension(crate::graphql::spec_nulls::SpecNulls).finish();
        let limits =
            Limits { depth: 9, cost: 99, aliases: 9, directives: 9, selections: 99, tokens: 99 };
        let gate = Gate::new(&swift.sdl(), limits, true).unwrap();
        Engine::new(swift, exact, gate, Duration::from_secs(10))
    }

    async fn run(engine: &Tested, query: &str, done: Done) -> Result<Response, Refusal> {
        let call = Call {
            query: query.to_owned(),
            wants_cost: true,
            request_id: "r1".to_owned(),
            ..Call::default()
        };
        let admitted = engine.admit(&call)?;
        engine.run(call, admitted, |request| request.data(done.clone())).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_query_is_cut_off_at_the_deadline() {
        let refusal = run(&engine(), "{ slow }", Done::default()).await.unwrap_err();
        assert_eq!(refusal.code, Code::Timeout);
    }

    #[tokio::test(start_paused = true)]
    async fn a_mutation_ends_whatever_the_deadline_and_whoever_waits() {
        let (engine, done) = (engine(), Done::default());
        let query = "mutation { write(panics: false) }";
        assert!(run(&engine, query, done.clone()).await.unwrap().is_ok());

        let left = tokio::time::timeout(Duration::from_secs(1), run(&engine, query, done.clone()));
        assert!(left.await.is_err());
        assert_eq!(done.0.load(Ordering::SeqCst), 1);
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert_eq!(done.0.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_one_fixed_sentence() {
        for query in ["{ panic(index: 1) }", "mutation { write(panics: true) }"] {
            let refusal = run(&engine(), query, Done::default()).await.unwrap_err();
            assert_eq!(refusal, Refusal::internal());
        }
    }

    #[tokio::test]
    async fn every_error_has_a_code_and_the_request_id() {
        let response = run(&engine(), "{ nothing }", Done::default()).await.unwrap();
        let extensions = response.errors[0].extensions.clone().unwrap();
        assert_eq!(extensions.get("code"), Some(&value!("BAD_REQUEST")));
        assert_eq!(extensions.get("requestId"), Some(&value!("r1")));
        assert_eq!(response.extensions["cost"], value!({"requested": 1, "maximum": 99}));
    }

    #[tokio::test]
    async fn an_error_leaves_what_stands_beside_it() {
        let response = run(&engine(), "{ broken it: __typename }", Done::default()).await.unwrap();
        assert_eq!(response.data, value!({"broken": null, "it": "Query"}));
        assert_eq!(response.errors.len(), 1);
    }

    #[tokio::test]
    async fn a_fault_of_ours_never_shows_its_message() {
        let response = run(&engine(), "{ broken }", Done::default()).await.unwrap();
        assert_eq!(response.errors[0].message, INTERNAL);
    }
}
