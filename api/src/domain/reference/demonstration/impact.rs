//! What the role came to at the sites of the stories: GPs' time on correspondence falls
//! once somebody is in post, a good deal though not by what was claimed for it, and a few
//! letters go astray in the first months.

use entity::observation::{Source, Status};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

use super::{plan::Plan, programme::OPENED};
use crate::{
    domain::{
        amount::Amount,
        error::Declined,
        observations::{
            Entry, Said,
            record::{Provenance, record},
        },
        turn::Turn,
    },
    ids::{Month, OrganisationId},
};

/// As many entries as are recorded at once.
const AT_ONCE: usize = 20_000;

/// Records the months of every site that came to a post: three before, and all since.
pub(super) async fn report(
    turn: &mut Turn,
    told: &[(OrganisationId, Plan)],
) -> Result<(), Declined> {
    let last = Month::of(turn.today()).plus(-1);
    let mut entries = Vec::new();
    for (site, plan) in told {
        let Some(first) = plan.posts.iter().map(|post| post.from).min() else { continue };
        entries.extend(of_site(turn, *site, Month::of(first), last));
    }
    let provenance = Provenance {
        status: Status::Approved,
        source: Source::Recorded,
        return_id: None,
        import_id: None,
    };
    for entries in entries.chunks(AT_ONCE) {
        record(turn, entries, &vec![None; entries.len()], provenance).await?;
    }
    Ok(())
}

fn of_site(turn: &Turn, site: OrganisationId, post: Month, last: Month) -> Vec<Entry> {
    let catalogue = turn.catalogue();
    let Some(organisation) = turn.directory().find(site) else { return Vec::new() };
    let mut chances = ChaCha8Rng::seed_from_u64(site.unsigned_abs());
    let before = chances.random_range(70.0..110.0_f64);
    let first = post.plus(-3).max(Month::of(OPENED));
    let mut entries = Vec::new();
    for month in first.to(last) {
        let since = month.since(post).max(0);
        // Half of what can be saved is saved within five months.
        let share = 1.0 - 0.55 * (1.0 - 0.5_f64.powf(f64::from(since) / 5.0));
        let days = 60.0;
        let minutes = (before * share * chances.random_range(0.93..1.07) * days).round();
        let letters = chances.random_range(500.0..900.0_f64).round();
        let to_gp = (letters * (0.25 + 0.55 * share) * chances.random_range(0.95..1.05)).round();
        for (code, numerator, denominator) in [
            ("impact.gp_correspondence_minutes", minutes, days),
            ("impact.letters_to_gp_share", to_gp.min(letters), letters),
        ] {
            let Some(definition) = catalogue.in_effect(code, month).cloned() else { continue };
            let amount = |number: f64| Amount::of(number).ok();
            let said = Said::Value {
                value: None,
                numerator: amount(numerator),
                denominator: amount(denominator),
            };
            let organisation = organisation.clone();
            entries.push(Entry { definition, organisation, month, said, persons: Vec::new() });
        }
    }
    entries
}
