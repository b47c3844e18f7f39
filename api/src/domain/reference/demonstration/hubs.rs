//! Stand-in training hubs: one for each ICB that no hub is known to serve, and one
//! of them to lead each region whose lead is not known.

use entity::{
    membership::Scheme,
    organisation::Kind,
    organisation_code::CodeScheme,
    organisation_fact::{Status, Tier},
};

use super::{
    BOARDS_BEGAN, Scribe,
    scribe::{Code, tell},
};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        error::Failure,
    },
    ids::OrganisationId,
};

pub(super) fn write(scribe: &mut Scribe, before: &Directory) -> Result<(), Failure> {
    for icb in before.of_kind(Kind::Icb) {
        let region = icb.placement_at(BOARDS_BEGAN).and_then(|place| place.region_id);
        let served = icb.membership_at(Scheme::Training, Kind::TrainingHub, BOARDS_BEGAN);
        let name = place_name(icb);
        let slug = slug(name);
        let taken = before.bears_from(CodeScheme::Slug, &slug, BOARDS_BEGAN);
        let Some(region) = region.filter(|_| served.is_none() && !taken) else { continue };
        let hub = write_hub(scribe, name, &slug)?;
        scribe.moves(hub, region, BOARDS_BEGAN)?;
        scribe.moves(icb.id(), hub, BOARDS_BEGAN)?;
        let led = scribe.edit().find(region).is_some_and(|region| !region.leads.is_empty());
        if !led {
            scribe.leads(hub, region, BOARDS_BEGAN)?;
        }
    }
    Ok(())
}

fn write_hub(scribe: &mut Scribe, name: &str, slug: &str) -> Result<OrganisationId, Failure> {
    let from = BOARDS_BEGAN;
    let code = Code { scheme: CodeScheme::Slug, code: slug, from };
    let hub = scribe.organisation(Kind::TrainingHub, from, code)?;
    let name = format!("{name} Training Hub (demonstration)");
    tell(&mut hub.name, [(from, name.into())]);
    tell(&mut hub.status, [(from, Status::Active)]);
    tell(&mut hub.tier, [(from, Tier::System)]);
    Ok(hub.id())
}

/// "NHS Kent and Medway Integrated Care Board" is the board of Kent and Medway.
fn place_name(icb: &Organisation) -> &str {
    let name = icb.name_at(BOARDS_BEGAN);
    let name = name.strip_prefix("NHS ").unwrap_or(name);
    name.strip_suffix(" Integrated Care Board").unwrap_or(name)
}

fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}
