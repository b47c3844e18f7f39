//! Null propagation and error paths as the GraphQL specification has them.
//!
//! async-graphql 8.0.0-rc.5 loses the list indices in the path of an error, and lets
//! an error on a nullable field that is not written as `Option` void its parent. This
//! extension watches every field and list item: an error is recorded once, where it
//! arose, with its whole path; the null then climbs to the nearest nullable place.
//!
//! An extension costs every field a look-up, so this is the only one. Anything that
//! concerns a whole request belongs in [`super::engine`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::{
    PathSegment, Pos, QueryPathNode, QueryPathSegment, Response, ServerError, ServerResult, Value,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextRequest, NextResolve, NextSubscribe,
        ResolveInfo,
    },
};
use futures_util::{StreamExt, stream::BoxStream};

/// Makes one recorder for each request.
pub struct SpecNulls;

impl ExtensionFactory for SpecNulls {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Recorder::default())
    }
}

#[derive(Default)]
struct Recorder(Arc<Mutex<Vec<ServerError>>>);

/// The source of an error that is already recorded and only carries a null upwards.
struct Recorded;

/// The answer with the errors that were recorded, in place of those that carried nulls.
fn settle(errors: &Mutex<Vec<ServerError>>, mut response: Response) -> Response {
    let mut errors = errors.lock().unwrap_or_else(PoisonError::into_inner);
    response.errors.retain(|error| error.source::<Recorded>().is_none());
    response.errors.append(&mut errors);
    response
}

impl Recorder {
    fn errors(&self) -> MutexGuard<'_, Vec<ServerError>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, mut error: ServerError, at: &QueryPathNode<'_>) {
        if error.source::<Recorded>().is_none() {
            error.path = path(at);
            self.errors().push(error);
        }
    }
}

#[async_trait::async_trait]
impl Extension for Recorder {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        settle(&self.0, next.run(ctx).await)
    }

    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let errors = self.0.clone();
        next.run(ctx, stream).map(move |response| settle(&errors, response)).boxed()
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (at, nullable) = (info.path_node, !info.return_type.ends_with('!'));
        match next.run(ctx, info).await {
            Ok(value) => Ok(value),
            Err(error) => {
                let place = error.locations.first().copied();
                self.record(error, at);
                if nullable { Ok(Some(Value::Null)) } else { Err(climbing(place)) }
            }
        }
    }
}

fn climbing(place: Option<Pos>) -> ServerError {
    let mut error = ServerError::new("a null climbs", place);
    error.source = Some(Arc::new(Recorded));
    error
}

fn path(at: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let mut path: Vec<_> = std::iter::once(at)
        .chain(at.parents())
        .map(|node| match node.segment {
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
            QueryPathSegment::Index(index) => PathSegment::Index(index),
        })
        .collect();
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, Error, Object, Schema, SimpleObject, Subscription};
    use futures_util::stream;

    use super::*;

    struct Query;
    struct Seasons;
    struct Leaf(bool);

    #[derive(SimpleObject)]
    struct Branch {
        all: Vec<Leaf>,
        some: Vec<Option<Leaf>>,
    }

    impl Branch {
        fn grown() -> Self {
            let leaves = || [true, false].map(Leaf);
            Self { all: leaves().into(), some: leaves().map(Some).into() }
        }
    }

    #[Object]
    impl Leaf {
        async fn sound(&self) -> Result<i32, Error> {
            if self.0 { Ok(1) } else { Err(Error::new("rotten")) }
        }

        async fn maybe(&self) -> Result<Option<i32>, Error> {
            if self.0 { Ok(Some(1)) } else { Err(Error::new("rotten")) }
        }
    }

    #[Object]
    impl Query {
        async fn branch(&self) -> Option<Branch> {
            Some(Branch::grown())
        }

        async fn trunk(&self) -> Branch {
            Branch::grown()
        }
    }

    #[Subscription]
    impl Seasons {
        async fn branch(&self) -> stream::Iter<std::array::IntoIter<Branch, 2>> {
            stream::iter([Branch::grown(), Branch::grown()])
        }
    }

    fn schema() -> Schema<Query, EmptyMutation, Seasons> {
        Schema::build(Query, EmptyMutation, Seasons).extension(SpecNulls).finish()
    }

    async fn answer(query: &str) -> (String, Vec<String>) {
        told(&schema().execute(query).await)
    }

    fn told(response: &Response) -> (String, Vec<String>) {
        let error = |error: &ServerError| {
            assert_eq!(error.message, "rotten");
            serde_json::to_string(&error.path).unwrap()
        };
        (response.data.to_string(), response.errors.iter().map(error).collect())
    }

    #[tokio::test]
    async fn an_error_on_a_nullable_field_nulls_that_field_only() {
        let (data, paths) = answer("{ branch { all { maybe sound: __typename } } }").await;
        assert_eq!(
            data,
            r#"{branch: {all: [{maybe: 1, sound: "Leaf"}, {maybe: null, sound: "Leaf"}]}}"#
        );
        assert_eq!(paths, [r#"["branch","all",1,"maybe"]"#]);
    }

    #[tokio::test]
    async fn each_event_of_a_subscription_tells_its_own_errors() {
        let query = "subscription { branch { some { sound } all { maybe } } }";
        let events: Vec<_> = schema().execute_stream(query).collect().await;
        assert_eq!(events.len(), 2);
        for event in &events {
            let (data, mut paths) = told(event);
            let all = "all: [{maybe: 1}, {maybe: null}]";
            assert_eq!(data, format!("{{branch: {{some: [{{sound: 1}}, null], {all}}}}}"));
            paths.sort();
            assert_eq!(paths, [r#"["branch","all",1,"maybe"]"#, r#"["branch","some",1,"sound"]"#]);
        }
    }

    #[tokio::test]
    async fn a_null_climbs_to_the_nearest_nullable_place() {
        let (data, paths) = answer("{ branch { some { sound } } }").await;
        assert_eq!(data, "{branch: {some: [{sound: 1}, null]}}");
        assert_eq!(paths, [r#"["branch","some",1,"sound"]"#]);

        let (data, paths) = answer("{ branch { all { sound } } trunk { __typename } }").await;
        assert_eq!(data, r#"{branch: null, trunk: {__typename: "Branch"}}"#);
        assert_eq!(paths, [r#"["branch","all",1,"sound"]"#]);
    }

    #[tokio::test]
    async fn a_null_that_finds_no_such_place_voids_the_answer() {
        let (data, paths) = answer("{ it: trunk { leaves: all { sound } } }").await;
        assert_eq!(data, "null");
        assert_eq!(paths, [r#"["it","leaves",1,"sound"]"#]);
    }
}
