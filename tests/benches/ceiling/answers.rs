//! The answers of the ceiling, in the shape of the GraphQL answers that they must equal.

use api::ids::GlobalId;
use serde::Serialize;
use tokio_postgres::Row;

#[derive(Serialize)]
pub(super) struct Answer<Data> {
    pub data: Data,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HubAnswer<'a> {
    training_hub: Option<Hub<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    id: String,
    name: &'a str,
    sites: Nodes<HubSite<'a>>,
}

#[derive(Serialize)]
struct Nodes<Node> {
    nodes: Vec<Node>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HubSite<'a> {
    id: String,
    ods_code: &'a str,
    name: &'a str,
    placement: HubPlacement<'a>,
}

#[derive(Serialize)]
struct HubPlacement<'a> {
    region: Option<Named<'a>>,
    pcn: Option<Coded<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Coded<'a> {
    ods_code: Option<&'a str>,
    name: &'a str,
}

fn named(row: &Row, column: usize) -> Option<Named<'_>> {
    row.get::<_, Option<&str>>(column).map(|name| Named { name })
}

fn id(type_name: &str, row: i64) -> String {
    GlobalId { type_name, row }.encode()
}

/// A hub without sites is one row of nulls.
pub(super) fn hub(rows: &[Row]) -> Answer<HubAnswer<'_>> {
    let sites = rows.iter().filter_map(|row| {
        Some(HubSite {
            id: id("Site", row.get::<_, Option<i64>>(2)?),
            name: row.get(3),
            ods_code: row.get(4),
            placement: HubPlacement {
                region: named(row, 5),
                pcn: row.get::<_, Option<&str>>(6).map(|name| Coded { ods_code: row.get(7), name }),
            },
        })
    });
    let training_hub = rows.first().map(|row| Hub {
        id: id("TrainingHub", row.get(0)),
        name: row.get(1),
        sites: Nodes { nodes: sites.collect() },
    });
    Answer { data: HubAnswer { training_hub } }
}

#[derive(Serialize)]
pub(super) struct SiteAnswer<'a> {
    site: Option<Site<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Site<'a> {
    id: String,
    ods_code: &'a str,
    name: &'a str,
    status: &'a str,
    postcode: Option<&'a str>,
    list_size: Option<ListSize>,
    placement: Option<SitePlacement<'a>>,
}

#[derive(Serialize)]
struct ListSize {
    patients: i32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SitePlacement<'a> {
    region: Option<Named<'a>>,
    icb: Option<Named<'a>>,
    pcn: Option<Named<'a>>,
    training_hub: Option<Named<'a>>,
}

pub(super) fn site(rows: &[Row]) -> Answer<SiteAnswer<'_>> {
    let site = rows.first().map(|row| Site {
        id: id("Site", row.get(0)),
        ods_code: row.get(1),
        name: row.get(2),
        status: row.get(3),
        postcode: row.get(4),
        list_size: row.get::<_, Option<i32>>(5).map(|patients| ListSize { patients }),
        // A site that is closed lies nowhere.
        placement: row.get::<_, Option<&str>>(6).is_some().then(|| SitePlacement {
            region: named(row, 6),
            icb: named(row, 7),
            pcn: named(row, 8),
            training_hub: named(row, 9),
        }),
    });
    Answer { data: SiteAnswer { site } }
}

#[derive(Serialize)]
pub(super) struct SearchAnswer<'a> {
    search: Vec<Hit<'a>>,
}

#[derive(Serialize)]
struct Hit<'a> {
    matched: &'static str,
    organisation: Found<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    id: String,
    ods_code: &'a str,
    name: &'a str,
}

pub(super) fn search(rows: &[Row]) -> Answer<SearchAnswer<'_>> {
    const MATCHED: [&str; 6] =
        ["CODE", "CODE_PREFIX", "NAME_PREFIX", "POSTCODE_PREFIX", "WORD_PREFIX", "NAME_PART"];
    let hit = |row| {
        let rank: i32 = Row::get(row, 3);
        let found = Found { id: id("Site", row.get(0)), ods_code: row.get(1), name: row.get(2) };
        Hit { matched: MATCHED[rank as usize], organisation: found }
    };
    Answer { data: SearchAnswer { search: rows.iter().map(hit).collect() } }
}
