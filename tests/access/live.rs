//! What the matrix asks of the subscriptions: the first thing that each is told.

use api::domain::page::{By, Key};
use serde_json::{Value, json};

use super::{
    requests::{Place, unknown},
    targets::Target,
};

/// The row of a root field; a query of the same name has a row of its own.
pub(super) fn row(field: &str) -> String {
    format!("{field} live")
}

pub(super) fn query(field: &str, place: Place, target: &Target) -> Option<(String, Value)> {
    let field = field.strip_suffix(" live")?;
    let gone = place == Place::Unknown;
    let asked = match field {
        "changes" => {
            let first = Key { by: By::Nothing, id: 0 }.cursor();
            format!("(after: \"{first}\") {{ node {{ type nodeId }} }}")
        }
        "figuresUpdated" => {
            let site = if gone { unknown("Site") } else { target.site.clone() };
            format!(
                "(metrics: [\"survey.engaged\", \"survey.started\"], current: true,
                    of: {{ organisations: [{{ id: {site} }}] }}) {{ value {{ state value }} }}"
            )
        }
        "importProgress" => {
            let import = if gone { unknown("Import") } else { target.import["id"].clone() };
            format!("(id: {import}) {{ state read }}")
        }
        other => panic!("{other} is no subscription"),
    };
    Some((format!("subscription {{ {field}{asked} }}"), json!({})))
}
