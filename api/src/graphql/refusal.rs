//! Why a request was not carried out, in the words that clients can rely on.

use std::borrow::Cow;

use async_graphql::{ErrorExtensionValues, Pos, ServerError};

/// `extensions.code` of a top-level error; the same word always means the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The request itself is wrong; sending it again will not help.
    BadRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    /// More was asked for than one request may.
    TooComplex,
    RateLimited,
    Timeout,
    /// We cannot answer now; later we may.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Code {
    const ALL: [Self; 9] = [
        Self::BadRequest,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::TooComplex,
        Self::RateLimited,
        Self::Timeout,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The code of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::TooComplex => "TOO_COMPLEX",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// All that a client learns about a fault of ours, besides the request's id.
pub const INTERNAL: &str = "Something went wrong here. Please report it with the request id.";

/// A request that is refused whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub message: Cow<'static, str>,
    pub place: Option<Pos>,
    /// In how many seconds to come again, where that is known.
    pub retry_after: Option<u64>,
}

impl Refusal {
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), place: None, retry_after: None }
    }

    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::BadRequest, message)
    }

    /// `what` was counted beyond its limit.
    pub fn too_complex(what: &str, counted: u64, limit: u64) -> Self {
        Self::new(Code::TooComplex, format!("{what} is {counted}; the limit is {limit}."))
    }

    pub fn internal() -> Self {
        Self::new(Code::Internal, INTERNAL)
    }

    pub fn at(self, place: Pos) -> Self {
        Self { place: Some(place), ..self }
    }

    pub fn rate_limited(limit: u32, retry_after: u64) -> Self {
        let sentence = format!(
            "You may spend a cost of {limit} in a minute, and too little of it is left: \
             come again in {retry_after} s."
        );
        Self { retry_after: Some(retry_after), ..Self::new(Code::RateLimited, sentence) }
    }
}

impl From<Refusal> for ServerError {
    fn from(refusal: Refusal) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", refusal.code.name());
        if let Some(seconds) = refusal.retry_after {
            extensions.set("retryAfter", seconds);
        }
        let mut error = Self::new(refusal.message, refusal.place);
        error.extensions = Some(extensions);
        error
    }
}
