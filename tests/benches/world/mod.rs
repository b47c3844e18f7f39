//! The directory that the benchmarks ask about: the real areas of the reference data,
//! and below them training hubs, networks and sites that are invented and the same in
//! every run. Some sites have moved, some changed their names, some are closed, so that
//! "today" has to be worked out as in the real register.

pub(crate) mod figures;
mod measures;
mod names;
mod rows;

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use api::{app, cli::Cli, clock::Clock, config::Config};
use chrono::NaiveDate;
use entity::{
    membership::Scheme,
    organisation::{self, Kind},
    organisation_code::{self, CodeScheme},
    organisation_fact::{Fact, Tier},
    placement, row_id,
};
use sea_orm::{
    ColumnTrait, Database, DatabaseConnection, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use self::rows::{Place, Rows};

pub(crate) const SITES: usize = 6_500;
const NETWORKS: usize = 1_250;
const HUBS: usize = 49;

const HUBS_OPENED: NaiveDate = day(2019, 4, 1);
/// Everything invented is known from here on; the areas above stand since before.
const KNOWN_FROM: NaiveDate = day(2023, 5, 1);

/// Whether the site under that code has closed.
pub(crate) fn is_closed(code: &str) -> bool {
    let number = code.get(1..).and_then(|digits| digits.parse::<usize>().ok());
    number.is_none_or(|number| rows::closes(number - 80_000))
}

/// Fills a database that is not there yet, or empty.
pub(crate) async fn fill(url: &str) -> anyhow::Result<()> {
    let cli = Cli::read(["gpa", "--database-url", url])?;
    let nothing: [(String, String); 0] = [];
    let config = Config::from_sources(&cli.settings, nothing)?;
    let store = app::open_store(&config, Clock::machine()).await?;
    measures::publish_all(&app::operator(&store)).await?;
    store.close().await;

    let connection = Database::connect(url).await?;
    let next = row_id::Entity::find().one(&connection).await?.context("the next id")?.next;
    let mut rows = Rows::new(next);
    let hubs = hubs(&connection, &mut rows).await?;
    let networks = networks(&connection, &mut rows).await?;
    for number in 0..SITES {
        rows.site(number, &networks, &hubs);
    }
    rows.write(&connection).await?;
    cover(&connection, &rows).await?;
    Ok(connection.close().await?)
}

/// Gives every ICB that has no hub one of its own, and makes further hubs up to their
/// number; gives those further ones, which train only sites that chose them.
async fn hubs(connection: &DatabaseConnection, rows: &mut Rows) -> anyhow::Result<Vec<i64>> {
    let count = organisation::Entity::find().filter(organisation::Column::Kind.eq("TRAINING_HUB"));
    let known = count.all(connection).await?.len();
    let icbs = places(connection, Kind::Icb).await?;
    let (uncovered, covered): (Vec<_>, Vec<_>) =
        icbs.into_iter().partition(|icb| icb.training_hub_id.is_none());
    ensure!(known + uncovered.len() < HUBS, "the reference data has more hubs than there are");
    for (number, icb) in uncovered.iter().enumerate() {
        let hub = hub(rows, number, icb, Tier::System);
        let seat = (Scheme::Training, Kind::TrainingHub);
        rows.belongs(icb.organisation_id, hub, seat, icb.valid_from, None);
        rows.covered.push((icb.organisation_id, hub));
    }
    let further = uncovered.len()..HUBS - known;
    let anywhere: Vec<_> = uncovered.iter().chain(&covered).collect();
    let made = further.map(|number| hub(rows, number, anywhere[number % 42], Tier::Locality));
    Ok(made.collect())
}

fn hub(rows: &mut Rows, number: usize, icb: &placement::Model, tier: Tier) -> i64 {
    let hub = rows.organisation(Kind::TrainingHub, HUBS_OPENED);
    rows.code(hub, CodeScheme::Slug, format!("hub-{number:02}"), HUBS_OPENED);
    rows.fact(hub, Fact::Name, HUBS_OPENED, format!("{} Training Hub", names::place(number)));
    rows.fact(hub, Fact::Status, HUBS_OPENED, "ACTIVE".to_owned());
    rows.fact(hub, Fact::Tier, HUBS_OPENED, sea_orm::ActiveEnum::to_value(&tier));
    if let Some(region) = icb.region_id {
        rows.belongs(hub, region, (Scheme::Training, Kind::Region), HUBS_OPENED, None);
        let place = Place { region: Some(region), ..Place::default() };
        rows.placed(hub, place, HUBS_OPENED, None);
    }
    hub
}

/// Makes the primary care networks; gives where their sites lie.
async fn networks(connection: &DatabaseConnection, rows: &mut Rows) -> anyhow::Result<Vec<Place>> {
    let sub_icbs = places(connection, Kind::SubIcb).await?;
    let mut made = Vec::new();
    for number in 0..NETWORKS {
        let above = &sub_icbs[number % sub_icbs.len()];
        let own = rows.covered.iter().find(|(icb, _)| Some(*icb) == above.icb_id);
        let place = Place {
            pcn: None,
            sub_icb: Some(above.organisation_id),
            icb: above.icb_id,
            region: above.region_id,
            training_hub: own.map(|(_, hub)| *hub).or(above.training_hub_id),
        };
        let network = rows.organisation(Kind::Pcn, HUBS_OPENED);
        rows.code(network, CodeScheme::Ods, format!("U{number:05}"), KNOWN_FROM);
        rows.fact(network, Fact::Name, KNOWN_FROM, names::network(number));
        rows.fact(network, Fact::Status, KNOWN_FROM, "ACTIVE".to_owned());
        let seat = (Scheme::Commissioning, Kind::SubIcb);
        rows.belongs(network, above.organisation_id, seat, KNOWN_FROM, None);
        rows.placed(network, place, KNOWN_FROM, None);
        made.push(Place { pcn: Some(network), ..place });
    }
    Ok(made)
}

/// Where the areas of one kind lie now.
async fn places(
    connection: &DatabaseConnection,
    kind: Kind,
) -> anyhow::Result<Vec<placement::Model>> {
    let of_kind = organisation::Entity::find().filter(organisation::Column::Kind.eq(kind));
    let ids: Vec<i64> = of_kind.all(connection).await?.into_iter().map(|row| row.id).collect();
    let open = placement::Entity::find()
        .filter(placement::Column::OrganisationId.is_in(ids))
        .filter(placement::Column::ValidTo.is_null())
        .order_by_asc(placement::Column::OrganisationId);
    Ok(open.all(connection).await?)
}

/// What an ICB's new hub means for the ICB and for the areas within.
async fn cover(connection: &DatabaseConnection, rows: &Rows) -> anyhow::Result<()> {
    for (icb, hub) in &rows.covered {
        let within = placement::Column::OrganisationId.eq(*icb);
        placement::Entity::update_many()
            .col_expr(placement::Column::TrainingHubId, Expr::value(*hub))
            .filter(within.or(placement::Column::IcbId.eq(*icb)))
            .filter(placement::Column::ValidTo.is_null())
            .filter(placement::Column::TrainingHubId.is_null())
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// The codes of the hubs and of the sites, as a client would send them.
pub(crate) async fn codes(
    url: &str,
    scheme: CodeScheme,
    kind: Kind,
) -> anyhow::Result<Vec<String>> {
    let connection = Database::connect(url).await?;
    let of_kind = organisation::Entity::find().filter(organisation::Column::Kind.eq(kind));
    let ids: BTreeSet<i64> = of_kind.all(&connection).await?.iter().map(|row| row.id).collect();
    let all = organisation_code::Entity::find()
        .filter(organisation_code::Column::Scheme.eq(scheme))
        .order_by_asc(organisation_code::Column::Code);
    let all = all.all(&connection).await?.into_iter();
    connection.close().await?;
    Ok(all.filter(|row| ids.contains(&row.organisation_id)).map(|row| row.code).collect())
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => panic!("no such day"),
    }
}
