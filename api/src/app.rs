//! The program's parts, put together: once by `main`, and by every test.

use std::{path::Path, sync::Arc, time::Duration};

use crate::{
    auth::{
        actor::{Actor, Client, Credential, Holder},
        keys::{Issuer, KeysRefused, OwnKey},
        policy::Permit,
        token::{TokenRefused, Tokens},
    },
    clock::Clock,
    config::{Config, Environment},
    domain::{
        api_clients,
        error::Declined,
        founding,
        opening::{self, NotOpened},
        reference::{self, Loaded},
        store::Store,
        viewer::Viewer,
        webhooks::target::Targets,
    },
    graphql::{self, Schema},
    ids::OrganisationCode,
    webhooks::{
        Couriers, Following,
        names::{Names, SystemNames},
    },
};

/// What tokens of the embedded key are for.
const EMBEDDED_AUDIENCE: &str = "gpa";

/// How long what was counted of requests waits to be written.
const COUNTING: Duration = Duration::from_secs(10);

/// How far one instance may lag behind what another has written.
const FOLLOWING: Duration = Duration::from_millis(500);

pub struct App {
    pub config: Arc<Config>,
    pub schema: Schema,
    pub store: Arc<Store>,
    tokens: Tokens,
}

/// Why the program did not start.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    #[error(transparent)]
    Database(#[from] NotOpened),
    #[error(transparent)]
    Keys(#[from] KeysRefused),
    #[error("the reference data could not be loaded: {0}")]
    Reference(String),
}

/// Why a bearer is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInRefused {
    /// The token is not good; the sentence says what to do, and nothing of the token.
    Token(&'static str),
    /// Nobody can be signed in at the moment.
    Unavailable,
}

impl App {
    /// Opens the database, brings it up to date, and reads the keys.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, NotStarted> {
        let tokens = tokens(&config)?;
        let store = open_store(&config, clock).await?;
        Ok(Self { config: Arc::new(config), schema: graphql::schema(), store, tokens })
    }

    /// Loads the demonstration, unless the register holds any site already or this is
    /// production; says whether it did.
    pub async fn demonstrate(&self) -> Result<bool, NotStarted> {
        if self.config.is_production() {
            return Ok(false);
        }
        founding::demonstrate(&self.store).await.map_err(told)
    }

    /// Loads a demonstration of so many sites, each with its story and what came of it;
    /// gives how many take part, or nothing if the register holds any site already.
    pub async fn demonstrate_at_size(
        &self,
        sites: usize,
        seed: u64,
    ) -> Result<Option<usize>, NotStarted> {
        let (viewer, permit) = loading(&self.store)?;
        let loaded = reference::load_demonstration(&viewer, permit, Some(sites)).await;
        if loaded.map_err(told)? == Loaded::Already {
            return Ok(None);
        }
        let (viewer, permit) = loading(&self.store)?;
        let told_of = reference::tell_stories(&viewer, permit, seed, true).await;
        told_of.map(Some).map_err(told)
    }

    /// Loads the demonstration's organisations alone, as [`App::demonstrate`] does.
    pub async fn demonstrate_register(&self) -> Result<bool, NotStarted> {
        let (viewer, permit) = loading(&self.store)?;
        let loaded = reference::load_demonstration(&viewer, permit, None).await;
        Ok(loaded.map_err(told)? != Loaded::Already)
    }

    /// Follows what other instances write for as long as the program runs, and sends it on
    /// until whoever does is told to stop; None where nobody can.
    pub fn follow(&self) -> Option<Following> {
        tokio::spawn(self.store.clone().follow(FOLLOWING));
        tokio::spawn(self.store.clone().keep_usage(COUNTING));
        self.tokens.follow(self.store.clock());
        let couriers = self.couriers(Arc::new(SystemNames));
        let couriers =
            couriers.inspect_err(|error| tracing::error!(%error, "nothing is sent to webhooks"));
        Some(couriers.ok()?.start(FOLLOWING))
    }

    /// What sends changes to webhooks, which finds where names lead by `names`.
    pub fn couriers(&self, names: Arc<dyn Names>) -> Result<Couriers, reqwest::Error> {
        Couriers::new(self.store.clone(), &self.config.public_url, names)
    }

    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Nobody in particular, who sends a request.
    pub fn public(&self, request_id: &str) -> Viewer {
        Viewer::new(self.store.clone(), Actor::Public, request_id)
    }

    /// Who sends a request: the public without a token, somebody with a good one. A bad
    /// token is refused, never taken for none.
    pub async fn sign_in(
        &self,
        bearer: Option<&str>,
        request_id: &str,
    ) -> Result<Viewer, SignInRefused> {
        let public = self.public(request_id);
        let Some(bearer) = bearer else { return Ok(public) };
        let refused = |refused: TokenRefused| {
            tracing::info!(reason = refused.reason(), "a token was refused");
            SignInRefused::Token(refused.sentence())
        };
        let now = self.store.clock().unmoved();
        let credential = self.tokens.admit(bearer, now).await.map_err(refused)?;
        let holder = holder(&public, credential).ok_or(SignInRefused::Token(
            "The token's organisation is not known, or not one that can hold its role.",
        ))?;
        if let Some(client) = &holder.client {
            api_clients::was_here(&public, client.id);
        }
        Ok(Viewer::new(self.store.clone(), Actor::Holder(holder), request_id))
    }

    pub async fn ready(&self) -> bool {
        self.store.answers().await
    }
}

fn loading(store: &Arc<Store>) -> Result<(Viewer, Permit), NotStarted> {
    founding::loading(store).map_err(|failure| told(failure.into()))
}

fn told(declined: Declined) -> NotStarted {
    NotStarted::Reference(format!("{declined:?}"))
}

/// Opens the database with its reference data: what every command of the program needs.
pub async fn open_store(config: &Config, clock: Clock) -> Result<Arc<Store>, NotStarted> {
    let url = config.database_url.reveal();
    let store = opening::open(url, config.database_pool_size, clock, config.environment).await?;
    store.lead_webhooks_to(Targets {
        this_machine: config.environment == Environment::Development,
        private: config.webhook_private_addresses,
    });
    founding::found(&store).await.map_err(told)?;
    Ok(store)
}

/// The person at the machine itself.
pub fn operator(store: &Arc<Store>) -> Viewer {
    founding::operator(store)
}

/// Production trusts its issuers alone; the embedded default and a sandbox trust their own
/// key too, which their operator keeps. The
/// tokens of machine clients are signed with the key that is configured for them, or with
/// the embedded one; where there is neither, none are issued.
fn tokens(config: &Config) -> Result<Tokens, KeysRefused> {
    let configured = config.issuers.iter().map(Issuer::configured);
    let mut issuers: Vec<Issuer> = configured.collect::<Result<_, _>>()?;
    let embedded = key_file(&config.data_dir);
    if !config.is_production() {
        issuers.push(Issuer::embedded(&embedded, EMBEDDED_AUDIENCE)?);
    }
    let tokens = Tokens::new(issuers)?;
    let key = match &config.signing_key_file {
        Some(file) => OwnKey::open(file)?,
        None if config.is_production() => return Ok(tokens),
        None => OwnKey::open_or_create(&embedded)?,
    };
    let other = config.other_signing_key_file.as_deref().map(OwnKey::open).transpose()?;
    tokens.with_clients(&key, other.as_ref(), &config.public_url, EMBEDDED_AUDIENCE)
}

fn key_file(data_dir: &Path) -> std::path::PathBuf {
    data_dir.join("signing-key.pem")
}

/// The actor behind a credential, if the organisation is known today and its kind is
/// one that can hold the role.
fn holder(viewer: &Viewer, credential: Credential) -> Option<Holder> {
    let Credential { issuer, subject, role, organisation, scopes, .. } = credential;
    if let OrganisationCode::Client(code) = &organisation {
        let client = api_clients::active(viewer, code.as_str())?;
        let terms = client.terms();
        let client = Client { id: client.row.id, grants: client.grants.clone(), terms };
        let (organisation, client) = (None, Some(client));
        return Some(Holder { issuer, subject, role, organisation, scopes, client });
    }
    let organisation = viewer.holding(role, &organisation)?;
    Some(Holder { issuer, subject, role, organisation, scopes, client: None })
}
