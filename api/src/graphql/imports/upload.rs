//! A file that comes with a request, as the GraphQL multipart request specification has it.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Context, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use tempfile::TempPath;

/// A file that was received and waits for whoever asks for it; it is gone when nobody
/// holds it any more.
pub struct Received {
    pub path: TempPath,
    /// What its sender calls it.
    pub name: String,
}

/// The file of a request, to be taken once.
#[derive(Clone, Default)]
pub struct Uploaded(Arc<Mutex<Option<Received>>>);

impl Uploaded {
    pub fn new(received: Received) -> Self {
        Self(Arc::new(Mutex::new(Some(received))))
    }

    fn take(&self) -> Option<Received> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What stands in the variables where the file belongs.
pub const MARK: &str = "the file of this request";

/// A file, sent as `multipart/form-data` by the GraphQL multipart request specification:
/// null stands in the variables in its place, and the header `graphql-require-preflight`
/// comes with the request.
#[derive(Debug, Clone, Copy)]
pub struct Upload;

/// A file, sent as `multipart/form-data` by the GraphQL multipart request specification:
/// null stands in the variables in its place, and the header `graphql-require-preflight`
/// comes with the request.
#[Scalar(specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec")]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) if text == MARK => Ok(Self),
            _ => Err(InputValueError::custom("send the file as a part of a multipart request")),
        }
    }

    fn to_value(&self) -> Value {
        Value::Null
    }
}

impl Upload {
    /// The file itself, if it came and nobody has taken it.
    pub fn receive(self, ctx: &Context<'_>) -> Option<Received> {
        ctx.data_opt::<Uploaded>()?.take()
    }
}
