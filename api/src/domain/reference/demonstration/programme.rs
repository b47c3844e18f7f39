//! Invented networks and practices: two networks and four to six sites in each ICB.
//!
//! Most of the sites are plain practices; the fourth of each ICB has a story of its
//! own, so that every state and every kind of change can be seen somewhere. All of
//! it lies after the editions of the real register that ends in May 2024, so that a
//! question about an earlier day is not answered with inventions.

use chrono::NaiveDate;
use entity::{
    membership::Scheme,
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
    succession::{Confidence, SuccessionKind},
};

use super::{
    super::day,
    Scribe,
    scribe::{Code, tell},
};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        error::Failure,
        sites::close::shut,
        successions::{RecordSuccession, follow},
    },
    ids::OrganisationId,
};

pub(super) const OPENED: NaiveDate = day(2024, 6, 1);
const MOVED: NaiveDate = day(2025, 4, 1);
const ENDED: NaiveDate = day(2025, 10, 1);
const COUNTED: [NaiveDate; 2] = [day(2024, 7, 1), day(2025, 7, 1)];

/// Names that could stand anywhere, so that none points at a real practice.
const STREETS: [&str; 12] = [
    "Mill Lane",
    "Station Road",
    "Church Street",
    "Park View",
    "Meadow Bank",
    "Bridge Street",
    "Orchard Way",
    "Market Place",
    "Hill Top",
    "River Walk",
    "Green Lane",
    "Castle Yard",
];

/// What happens to the fourth site of an ICB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    Plain,
    /// From one network to the other.
    Moves,
    /// Closes, and the ICB's first site takes over.
    Merges,
    Sleeps,
    /// Has not opened its doors yet.
    Proposed,
    /// Is a walk-in centre: never eligible.
    WalkIn,
    /// Is trained by a hub other than the one that serves its ICB.
    TrainedElsewhere,
}

impl Story {
    const ALL: [Self; 7] = [
        Self::Merges,
        Self::Moves,
        Self::TrainedElsewhere,
        Self::Sleeps,
        Self::Proposed,
        Self::WalkIn,
        Self::Plain,
    ];
}

/// As in England, where 6,500 practices form 1,250 networks.
const SITES_OF_A_NETWORK: usize = 5;

/// A network, and the sub-ICB location that it lies in.
type Network = (OrganisationId, OrganisationId);

/// `wanted` sites, or as many as show every story once.
pub(super) fn write(
    scribe: &mut Scribe,
    before: &Directory,
    wanted: Option<usize>,
) -> Result<(), Failure> {
    let (mut written, mut joined) = (0, 0);
    let stories = Story::ALL.into_iter().cycle();
    let icbs = before.of_kind(Kind::Icb);
    for (number, (icb, story)) in icbs.iter().zip(stories).enumerate() {
        // Shares that add up to what is wanted, however many boards there are.
        let share =
            |wanted: usize| (number + 1) * wanted / icbs.len() - number * wanted / icbs.len();
        let here = wanted.map_or(4 + number % 3, share);
        let parts = before.members(icb.id()).iter().filter_map(|id| before.find(*id));
        let mut parts = parts.filter(|part| part.kind() == Kind::SubIcb).map(|part| part.id());
        let Some(first) = parts.next() else { continue };
        let places: Vec<_> = [first].into_iter().chain(parts).collect();
        let mut networks = Vec::new();
        for network in 0..(here / SITES_OF_A_NETWORK).max(2) {
            joined += 1;
            // The second of two lies at the other end of the board.
            let last = places.len() - 1;
            let place = if network == 1 { last } else { network % places.len() };
            networks.push(write_network(scribe, joined, places[place])?);
        }
        let mut sites = Vec::new();
        for place in 0..here {
            written += 1;
            let story = if place == 3 { story } else { Story::Plain };
            let network = networks[place % networks.len()];
            sites.push(write_site(scribe, written, network, story)?);
        }
        let is_told = here > 3;
        match story {
            _ if !is_told => {}
            Story::Moves => join(scribe, sites[3], networks[0], MOVED)?,
            Story::Merges => merge(scribe, sites[3], sites[0])?,
            Story::TrainedElsewhere => train_elsewhere(scribe, sites[3], icb, before)?,
            Story::Plain | Story::Sleeps | Story::Proposed | Story::WalkIn => {}
        }
    }
    Ok(())
}

fn write_network(
    scribe: &mut Scribe,
    number: usize,
    sub_icb: OrganisationId,
) -> Result<Network, Failure> {
    let code = format!("DEMOP{number:03}");
    let code = Code { scheme: CodeScheme::Ods, code: &code, from: OPENED };
    let network = scribe.organisation(Kind::Pcn, OPENED, code)?;
    let id = network.id();
    let street = STREETS[number * 7 % STREETS.len()];
    let name = format!("Demonstration Network {number:03} {street} (synthetic)");
    tell(&mut network.name, [(OPENED, name.into())]);
    tell(&mut network.status, [(OPENED, Status::Active)]);
    scribe.moves(id, sub_icb, OPENED)?;
    Ok((id, sub_icb))
}

fn write_site(
    scribe: &mut Scribe,
    number: usize,
    network: Network,
    story: Story,
) -> Result<OrganisationId, Failure> {
    const GP_PRACTICE: &str = "4";
    const WALK_IN_CENTRE: &str = "1";
    let code = format!("DEMO{number:04}");
    let code = Code { scheme: CodeScheme::Ods, code: &code, from: OPENED };
    let site = scribe.organisation(Kind::Site, OPENED, code)?;
    let id = site.id();
    let street = STREETS[number * 5 % STREETS.len()];
    let name = format!("Demonstration Practice {number:03} {street} (synthetic)");
    tell(&mut site.name, [(OPENED, name.into())]);
    let opens = if story == Story::Proposed { Status::Proposed } else { Status::Active };
    tell(&mut site.status, [(OPENED, opens)]);
    if story == Story::Sleeps {
        site.status.set(ENDED, Status::Dormant);
    }
    let setting = if story == Story::WalkIn { WALK_IN_CENTRE } else { GP_PRACTICE };
    tell(&mut site.prescribing_setting, [(OPENED, setting.into())]);
    // No postcode of the Royal Mail begins with ZZ.
    let postcode = format!("ZZ{} {}ZZ", 10 + number / 10 % 90, number % 10);
    tell(&mut site.postcode, [(OPENED, postcode.into())]);
    if !matches!(story, Story::Proposed | Story::WalkIn) {
        site.list_sizes = COUNTED.into_iter().zip(list_sizes(number)).collect();
    }
    join(scribe, id, network, OPENED)?;
    Ok(id)
}

/// Between 2,500 and 14,000 patients, and a little more or less a year later.
fn list_sizes(number: usize) -> [i32; 2] {
    let spread = |step: usize, range: usize| i32::try_from(number * step % range).unwrap_or(0);
    let first = 2_500 + spread(1_931, 11_000);
    [first, first + spread(137, 501) - 150]
}

fn join(
    scribe: &mut Scribe,
    site: OrganisationId,
    (network, sub_icb): Network,
    from: NaiveDate,
) -> Result<(), Failure> {
    scribe.moves(site, network, from)?;
    scribe.moves(site, sub_icb, from)
}

fn merge(
    scribe: &mut Scribe,
    predecessor: OrganisationId,
    successor: OrganisationId,
) -> Result<(), Failure> {
    let edit = scribe.edit();
    shut(edit.change(predecessor)?, ENDED);
    let command = RecordSuccession {
        predecessor,
        successor,
        occurred_on: ENDED,
        kind: SuccessionKind::Merger,
        confidence: Confidence::Confirmed,
    };
    let row = edit.next_row_id();
    follow(edit, row, &command, Source::Demonstration)
}

/// Lets the hub of another ICB of the region train the site.
fn train_elsewhere(
    scribe: &mut Scribe,
    site: OrganisationId,
    icb: &Organisation,
    before: &Directory,
) -> Result<(), Failure> {
    let edit = scribe.edit();
    let hub_of = |icb| {
        let icb = edit.find(icb).filter(|each| each.kind() == Kind::Icb)?;
        let served = icb.membership_at(Scheme::Training, Kind::TrainingHub, OPENED)?;
        Some(served.parent_id)
    };
    let (own, region) =
        (hub_of(icb.id()), icb.placement_at(OPENED).and_then(|place| place.region_id));
    let others = region.map_or(&[][..], |region| before.members(region));
    match others.iter().filter_map(|other| hub_of(*other)).find(|hub| Some(*hub) != own) {
        Some(hub) => scribe.moves(site, hub, MOVED),
        None => Ok(()),
    }
}
