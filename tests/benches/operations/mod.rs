//! What is asked, of ours in GraphQL and of the ceiling by its own paths, with as many
//! different parameters as clients would send.

mod figures;

use std::sync::Arc;

use entity::{organisation::Kind, organisation_code::CodeScheme};
use serde_json::{Value, json};

use crate::{ceiling::Plan, load::Requests, world};

/// One operation of the targets, with a request of each kind for every parameter.
pub(crate) struct Operation {
    pub name: &'static str,
    pub title: &'static str,
    pub ours: Requests,
    pub ceiling: Requests,
    /// The ceilings that have an answer to it.
    pub against: &'static [Plan],
}

impl Operation {
    fn of(
        name: &'static str,
        title: &'static str,
        asked: impl Iterator<Item = (Vec<u8>, Vec<u8>)>,
    ) -> Self {
        let (ours, ceiling): (Vec<_>, Vec<_>) = asked.unzip();
        let (ours, ceiling) = (Requests::kept(ours), Requests::kept(ceiling));
        Self { name, title, ours, ceiling, against: &[Plan::Facts, Plan::Flat] }
    }
}

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

/// The operations so named; all of them for `all`. `token` is of somebody who may record.
pub(crate) async fn operations(
    url: &str,
    wanted: &str,
    token: String,
) -> anyhow::Result<Vec<Operation>> {
    let hubs = world::codes(url, CodeScheme::Slug, Kind::TrainingHub).await?;
    let regions = world::codes(url, CodeScheme::Ods, Kind::Region).await?;
    let sites = world::codes(url, CodeScheme::Ods, Kind::Site).await?;
    let some: Vec<_> = sites.iter().step_by(world::SITES / 1_000).cloned().collect();
    let open = open(sites);
    let all = [
        figures::national(),
        figures::portal(&hubs),
        figures::observations(url, &regions).await?,
        by("q4", "Q4 site by code", SITE, "/site", &some),
        by("q5", "Q5 typeahead", SEARCH, "/search", &typed()),
        figures::record(&open, token),
    ];
    Ok(all.into_iter().filter(|each| wanted == "all" || wanted == each.name).collect())
}

/// The national dashboard asked after a write, and the writes.
pub(crate) async fn after_a_write(
    url: &str,
    token: String,
) -> anyhow::Result<(Operation, Requests)> {
    let sites = world::codes(url, CodeScheme::Ods, Kind::Site).await?;
    Ok(figures::after_a_write(&open(sites), token))
}

fn open(sites: Vec<String>) -> Arc<[String]> {
    sites.into_iter().filter(|code| !world::is_closed(code)).collect()
}

fn by(
    name: &'static str,
    title: &'static str,
    query: &str,
    path: &str,
    parameters: &[String],
) -> Operation {
    let asked = parameters.iter().map(|by| {
        let ours = post(query, &json!({ "by": by }), None);
        let by = by.replace('&', "%26").replace(' ', "+");
        (ours, get(&format!("{path}?by={by}")))
    });
    Operation::of(name, title, asked)
}

/// A request of ours, from the public or from whoever holds the token.
fn post(query: &str, variables: &Value, token: Option<&str>) -> Vec<u8> {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let head = "POST /graphql HTTP/1.1\r\nhost: localhost\r\n\
                content-type: application/json\r\n\
                accept: application/graphql-response+json, application/json\r\n";
    let bearer =
        token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!("{head}{bearer}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A request of a ceiling.
fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes()
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
