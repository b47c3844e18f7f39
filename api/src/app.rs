//! The program's parts, put together.

use std::sync::Arc;

use crate::{
    config::Config,
    graphql::{self, Schema},
};

pub struct App {
    pub config: Arc<Config>,
    pub schema: Schema,
}

pub struct Viewer {
    role: &'static str,
}

impl Viewer {
    pub fn role_name(&self) -> &'static str {
        self.role
    }
}

/// Why a bearer is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInRefused {
    /// The token is not good, whatever the reason.
    Token,
    /// Nobody can be signed in at the moment.
    Unavailable,
}

impl App {
    pub fn new(config: Config) -> Self {
        Self { config: Arc::new(config), schema: graphql::schema() }
    }

    pub async fn sign_in(
        &self,
        bearer: Option<&str>,
        _request_id: &str,
    ) -> Result<Viewer, SignInRefused> {
        match bearer {
            None => Ok(Viewer { role: "public" }),
            Some("good") => Ok(Viewer { role: "hub_team" }),
            Some("later") => Err(SignInRefused::Unavailable),
            Some(_) => Err(SignInRefused::Token),
        }
    }

    pub async fn ready(&self) -> bool {
        true
    }
}
