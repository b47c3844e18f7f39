//! `gpa token`: sign in as anybody, on the embedded default's own key.

use std::{collections::BTreeSet, io::Write};

use anyhow::{Context, bail};
use chrono::TimeDelta;

use crate::{
    app::App,
    auth::{
        actor::{Role, Scope},
        token::TokenRequest,
    },
    cli,
    clock::Clock,
    config::Config,
    domain::{organisations, viewer::Viewer},
    ids::OrganisationCode,
};

pub async fn run(config: Config, asked: cli::Token) -> anyhow::Result<()> {
    if config.is_production() {
        bail!("in production tokens come from the issuers: the embedded key is not used");
    }
    let app = App::open(config, Clock::machine()).await?;
    app.demonstrate().await?;
    let mut out = std::io::stdout().lock();
    if asked.list {
        for (role, organisation) in examples(&crate::app::operator(&app.store)) {
            let token = sign(&app, &asked, role, organisation.clone())?;
            writeln!(out, "# {} of {organisation}\n{token}\n", role.name())?;
        }
        return Ok(());
    }
    let role = asked.role.context("say --role, or --list")?;
    let organisation = asked.organisation.clone().context("say --organisation, or --list")?;
    writeln!(out, "{}", sign(&app, &asked, role, organisation)?)?;
    Ok(())
}

fn sign(
    app: &App,
    asked: &cli::Token,
    role: Role,
    organisation: OrganisationCode,
) -> anyhow::Result<String> {
    let known = crate::app::operator(&app.store).holding(role, &organisation);
    if role.suits(&organisation) && known.is_none() {
        bail!("{organisation} is not in the register, or not one that can hold {}", role.name());
    }
    let mut scopes: BTreeSet<Scope> = asked.scopes.iter().copied().collect();
    if asked.list && role == Role::Integrator {
        scopes.extend(Scope::ALL);
    }
    let lifetime = TimeDelta::minutes(asked.minutes.into());
    let subject = asked.subject.clone();
    let request = TokenRequest { role, organisation, subject, scopes, lifetime };
    app.tokens().issue(&request, app.store.clock().unmoved()).map_err(anyhow::Error::msg)
}

/// One organisation for each role, of those that the register holds.
fn examples(viewer: &Viewer) -> Vec<(Role, OrganisationCode)> {
    let site = organisations::an_active_site(viewer);
    let named = |role| match role {
        Role::ProgrammeTeam | Role::ProgrammeAnalyst => "programme:national".parse().ok(),
        Role::RegionTeam => "ods:Y63".parse().ok(),
        Role::SystemTeam => "ods:QWO".parse().ok(),
        Role::HubTeam => "hub:west-yorkshire".parse().ok(),
        Role::SiteTeam | Role::Assessor => site.clone().map(OrganisationCode::Ods),
        Role::Integrator => "client:example".parse().ok(),
        Role::ProviderTeam => "provider:university-of-examples".parse().ok(),
    };
    // The demonstration's, where the register is the real one, are not there.
    let known = |(role, organisation): &(Role, OrganisationCode)| {
        viewer.holding(*role, organisation).is_some()
    };
    let examples = Role::ALL.into_iter().filter_map(|role| Some((role, named(role)?)));
    examples.filter(known).collect()
}
