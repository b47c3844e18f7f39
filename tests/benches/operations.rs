//! What is asked, of ours in GraphQL and of the ceiling by its own paths, with as many
//! different parameters as clients would send.

use entity::{organisation::Kind, organisation_code::CodeScheme};
use serde_json::{Value, json};

use crate::{load::Requests, world};

/// One operation of the targets, with a request of each kind for every parameter.
pub(crate) struct Operation {
    pub name: &'static str,
    pub title: &'static str,
    pub ours: Requests,
    pub ceiling: Requests,
}

const HUB: &str = "query HubPortal($by: Slug!) {
  trainingHub(by: { slug: $by }) {
    id
    name
    sites(first: 50) {
      nodes { id odsCode name placement { region { name } pcn { odsCode name } } }
    }
  }
}";

const SITE: &str = "query Site($by: OdsCode!) {
  site(by: { odsCode: $by }) {
    id
    odsCode
    name
    status
    postcode
    listSize { patients }
    placement { region { name } icb { name } pcn { name } trainingHub { name } }
  }
}";

const SEARCH: &str = "query TypeAhead($by: String!) {
  search(text: $by, kinds: [SITE], first: 10) {
    matched
    organisation { id odsCode name }
  }
}";

/// The operations so named; all of them for `all`.
pub(crate) async fn operations(url: &str, wanted: &str) -> anyhow::Result<Vec<Operation>> {
    let hubs = world::codes(url, CodeScheme::Slug, Kind::TrainingHub).await?;
    let sites = world::codes(url, CodeScheme::Ods, Kind::Site).await?;
    let sites: Vec<_> = sites.into_iter().step_by(world::SITES / 1_000).collect();
    let all = [
        operation("q2", "Q2 hub portal", HUB, "/hub", &hubs),
        operation("q4", "Q4 site by code", SITE, "/site", &sites),
        operation("q5", "Q5 typeahead", SEARCH, "/search", &typed()),
    ];
    Ok(all.into_iter().filter(|each| wanted == "all" || wanted == each.name).collect())
}

fn operation(
    name: &'static str,
    title: &'static str,
    query: &str,
    path: &str,
    parameters: &[String],
) -> Operation {
    let ours = parameters.iter().map(|by| {
        let body = json!({ "query": query, "variables": { "by": by } }).to_string();
        let head = "POST /graphql HTTP/1.1\r\nhost: localhost\r\n\
                    content-type: application/json\r\n\
                    accept: application/graphql-response+json, application/json\r\n";
        format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
    });
    let ceiling = parameters.iter().map(|by| {
        let by = by.replace('&', "%26").replace(' ', "+");
        format!("GET {path}?by={by} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes()
    });
    Operation { name, title, ours: ours.collect(), ceiling: ceiling.collect() }
}

/// What people type: beginnings and middles of names, 3 to 8 letters of them, words in
/// the wrong case, codes, postcodes, and what is not there.
fn typed() -> Vec<String> {
    const WORDS: [&str; 25] = [
        "ashbury",
        "BROOKFIELD",
        "castle",
        "dale surgery",
        "ELMWOOD",
        "field med",
        "Greenham",
        "hill",
        "HIGHSTEAD",
        "KINGSTOW",
        "ley health",
        "Medical Centre",
        "millthorpe",
        "NORTHGATE",
        "oakley",
        "park",
        "PARTNERS",
        "queens",
        "ROSEDALE",
        "surgery",
        "The White",
        "thorn",
        "WELL GROUP",
        "Wind",
        "wood fam",
    ];
    let starts = WORDS.iter().flat_map(|word| (3..9).filter_map(|length| word.get(..length)));
    let codes = (0..25).map(|number| format!("{}80{number:02}", ['A', 'C', 'F', 'K'][number % 4]));
    let postcodes = ["LS1", "YO12", "M1 4", "BD7", "SE11"].map(str::to_owned);
    let misses = ["zzz", "QUIXOTE", "surgerie", "Ashbury Medicinal"].map(str::to_owned);
    let words = WORDS.iter().copied().map(str::to_owned);
    starts
        .map(|start| start.trim().to_owned())
        .chain(words)
        .chain(codes)
        .chain(postcodes)
        .chain(misses)
        .collect()
}

/// Whether two answers say the same, whatever the order of their members.
pub(crate) fn same(ours: &[u8], ceiling: &[u8]) -> anyhow::Result<bool> {
    let (ours, ceiling): (Value, Value) =
        (serde_json::from_slice(ours)?, serde_json::from_slice(ceiling)?);
    Ok(ours == ceiling)
}
