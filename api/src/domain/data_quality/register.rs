//! What may be wrong with the register, seen in memory.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{organisation::Kind, organisation_fact::Status, succession::Confidence};

use super::{Issue, Rule};
use crate::domain::directory::{Directory, organisation::Organisation};

/// An active GP practice that does not belong where every practice belongs: its figures
/// are missing from those of the places that it should lie in.
pub(super) fn without_placement(
    organisation: &Arc<Organisation>,
    today: NaiveDate,
) -> Option<Issue> {
    if !is_practice(organisation, today) {
        return None;
    }
    let place = organisation.placement_at(today);
    let levels = [
        ("region", place.and_then(|at| at.region_id)),
        ("ICB", place.and_then(|at| at.icb_id)),
        ("sub-ICB location", place.and_then(|at| at.sub_icb_id)),
        ("training hub", place.and_then(|at| at.training_hub_id)),
    ];
    let lacking: Vec<&str> =
        levels.iter().filter(|(_, id)| id.is_none()).map(|(level, _)| *level).collect();
    if lacking.is_empty() {
        return None;
    }
    let since = place.map_or(organisation.lifetime().0, |place| place.valid_from);
    let what = format!("an active practice that has no {}", lacking.join(", no "));
    let to_do = "record where it belongs with recordMembershipChange, or let a training hub \
                 cover its ICB with setCoverage";
    let about = lacking.join("+").replace(' ', "-");
    let said = (what, to_do.to_owned());
    Some(Issue::new(Rule::SiteWithoutPlacement, organisation, about, since, said))
}

/// Like an eligible site, but for the region that it may lack.
fn is_practice(organisation: &Organisation, today: NaiveDate) -> bool {
    organisation.kind() == Kind::Site
        && organisation.status_at(today) == Some(Status::Active)
        && organisation.is_practice_at(today)
}

/// Those who are said to have followed the organisation, and not by everybody: its past
/// is nobody's until that is settled.
pub(super) fn disputed(
    directory: &Directory,
    organisation: &Arc<Organisation>,
    today: NaiveDate,
) -> Vec<Issue> {
    let rows = organisation.successors.iter();
    let disputed = rows.filter(|row| row.confidence == Confidence::Disputed);
    let issue = disputed.map(|row| {
        let successor = directory.find(row.successor_id);
        let successor = successor.map_or("another", |successor| successor.name_at(today));
        let what = format!("it is disputed that {successor} followed it on {}", row.occurred_on);
        let to_do =
            "settle it with the NHS register, or accept that its past is followed by nobody";
        let said = (what, to_do.to_owned());
        Issue::new(Rule::DisputedSuccession, organisation, row.id, row.occurred_on, said)
    });
    issue.collect()
}
