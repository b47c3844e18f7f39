//! The differencing attacker: adds and subtracts everything that is shown, and what they
//! know of their own, and looks for a hidden count that only a few numbers are left for.
//!
//! The attacker's arithmetic shares nothing with the program's. Every sum of the register
//! is a line: a place is its parts, and a longer period its months.

use std::collections::{BTreeMap, BTreeSet};

use super::seen::{Cell, MONTHS, Shown, Site, record, scattered, seen, sites};
use crate::harness::{on_both, people};

/// What a count may still be.
type Range = (i64, i64);

const MANY: i64 = 1_000_000;
/// A count of so few people is hidden, and so many numbers must be left for it.
const FEW: std::ops::RangeInclusive<i64> = 1..=7;
const LEFT: i64 = 3;

/// What a reader makes of one cell by itself.
fn read(shown: &Shown) -> Range {
    match (shown.state.as_str(), shown.value) {
        ("NOT_SUBMITTED" | "NOT_APPLICABLE", _) | ("NIL", Some(0)) => (0, 0),
        (_, Some(0)) => (0, 0),
        (_, Some(value)) if shown.rounded => ((value - 2).max(8), value + 2),
        (_, Some(value)) => (value, value),
        _ => (0, MANY),
    }
}

/// A total and its parts; `rest` says that there may be more than the parts.
struct Line {
    total: Cell,
    parts: Vec<Cell>,
    rest: bool,
}

fn lines(sites: &[Site], labels: &[String]) -> Vec<Line> {
    let mut lines = Vec::new();
    let kind = |place: &str, kind: &str| place.split(' ').next() == Some(kind);
    let of =
        |site: &Site, wanted: &str| site.places.iter().find(|place| kind(place, wanted)).cloned();
    for label in labels {
        for (whole, part) in [
            ("ENGLAND", "REGION"),
            ("REGION", "ICB"),
            ("REGION", "TRAINING_HUB"),
            ("ICB", "SUB_ICB"),
            ("TRAINING_HUB", "ICB"),
            // Whoever knows some of the sites exactly takes them away.
            ("REGION", "SITE"),
            ("ICB", "SITE"),
            ("SUB_ICB", "SITE"),
            ("TRAINING_HUB", "SITE"),
        ] {
            let mut parts: BTreeMap<String, (BTreeSet<String>, bool)> = BTreeMap::new();
            let mut split = BTreeSet::new();
            let mut whole_of: BTreeMap<String, String> = BTreeMap::new();
            for site in sites {
                let total =
                    if whole == "ENGLAND" { Some("ENGLAND".to_owned()) } else { of(site, whole) };
                let Some(total) = total else { continue };
                let of_total = parts.entry(total.clone()).or_default();
                match of(site, part) {
                    Some(part) => {
                        let known = whole_of.entry(part.clone()).or_insert_with(|| total.clone());
                        if *known != total {
                            split.insert(part.clone());
                        }
                        of_total.0.insert(part);
                    }
                    None => of_total.1 = true,
                }
            }
            for (total, (parts, rest)) in parts {
                // A part that belongs to two wholes is no part of either.
                if parts.iter().any(|part| split.contains(part)) {
                    continue;
                }
                let cell = |place: String| (place, label.clone());
                let parts = parts.into_iter().map(cell).collect();
                lines.push(Line { total: (total, label.clone()), parts, rest });
            }
        }
    }
    let places: BTreeSet<String> = sites.iter().flat_map(|site| site.places.clone()).collect();
    for place in places.into_iter().chain(["ENGLAND".to_owned()]) {
        let months = || MONTHS.iter().map(|month| (place.clone(), (*month).to_owned())).collect();
        for longer in ["2025 Q4", "2025/26", "2025"] {
            let total = (place.clone(), longer.to_owned());
            lines.push(Line { total, parts: months(), rest: false });
        }
    }
    lines
}

/// Narrows every range until nothing more follows.
fn add_up(ranges: &mut BTreeMap<Cell, Range>, lines: &[Line]) {
    loop {
        let before = ranges.clone();
        for line in lines {
            let sum = |ranges: &BTreeMap<Cell, Range>| {
                line.parts.iter().fold((0, 0), |sum: Range, part| {
                    let range = ranges[part];
                    (sum.0 + range.0, (sum.1 + range.1).min(MANY))
                })
            };
            let (low, high) = sum(ranges);
            let total = ranges.get_mut(&line.total).unwrap();
            total.0 = total.0.max(low);
            if !line.rest {
                total.1 = total.1.min(high);
            }
            let total = *total;
            for part in &line.parts {
                let own = ranges[part];
                let others = (low - own.0, if high >= MANY { MANY } else { high - own.1 });
                let range = ranges.get_mut(part).unwrap();
                range.1 = range.1.min(total.1 - others.0);
                if !line.rest && others.1 < MANY {
                    range.0 = range.0.max(total.0 - others.1);
                }
            }
        }
        if *ranges == before {
            return;
        }
    }
}

/// The true counts, from which the attacker is judged.
fn truth(sites: &[Site], count: &impl Fn(usize, usize) -> u64) -> BTreeMap<Cell, i64> {
    let mut truth: BTreeMap<Cell, i64> = BTreeMap::new();
    for (number, site) in sites.iter().enumerate() {
        for (month, name) in MONTHS.iter().enumerate() {
            let count = count(number, month) as i64;
            for place in site.places.iter().map(String::as_str).chain(["ENGLAND"]) {
                for label in [name, "2025 Q4", "2025/26", "2025"] {
                    *truth.entry((place.to_owned(), label.to_owned())).or_default() += count;
                }
            }
        }
    }
    truth
}

#[test]
fn nobody_works_out_a_hidden_count() {
    for seed in 1..=3 {
        on_both(async |world| {
            let sites = sites(world).await;
            let count = scattered(seed);
            record(world, &sites, "attack", &count).await;
            let truth = truth(&sites, &count);
            let labels: Vec<String> = MONTHS
                .iter()
                .copied()
                .chain(["2025 Q4", "2025/26", "2025"])
                .map(str::to_owned)
                .collect();
            let lines = lines(&sites, &labels);
            let hidden_alone = lines.iter().filter(|line| {
                let few = |part: &&Cell| FEW.contains(&truth[*part]);
                line.parts.iter().filter(few).count() == 1
            });
            assert!(hidden_alone.count() > 5, "hiding small counts alone would do: no attack");
            let public = seen(world, people::PUBLIC, serde_json::json!({})).await;
            for who in [people::PUBLIC, people::CHESHIRE, people::YORKSHIRE] {
                let known = seen(world, who, serde_json::json!({})).await;
                attack(&sites, &truth, &lines, &public, &known);
            }
        });
    }
}

fn attack(
    sites: &[Site],
    truths: &BTreeMap<Cell, i64>,
    lines: &[Line],
    public: &BTreeMap<Cell, Shown>,
    known: &BTreeMap<Cell, Shown>,
) {
    let mut ranges: BTreeMap<Cell, Range> =
        truths.keys().map(|cell| (cell.clone(), read(&known[cell]))).collect();
    for (cell, truth) in truths {
        let (low, high) = ranges[cell];
        assert!(
            (low..=high).contains(truth),
            "{cell:?} is {truth}, and shown as {:?}",
            known[cell]
        );
    }
    add_up(&mut ranges, lines);
    let mut hidden = 0;
    for (cell, truth) in truths.iter().filter(|(cell, _)| known[*cell].state == "SUPPRESSED") {
        let (low, high) = ranges[cell];
        if cell.0.starts_with("SITE") {
            // Never shown: that there is nothing may follow, but no number of people.
            assert!(high > low || *truth == 0, "{cell:?} is worked out to be {truth}");
            continue;
        }
        hidden += 1;
        let of_place = sites.iter().filter(|site| site.places.contains(&cell.0));
        let own: i64 = of_place
            .map(|site| &known[&(format!("SITE {}", site.code), cell.1.clone())])
            .map(|shown| shown.value.unwrap_or(0))
            .sum();
        if own == *truth {
            // Everybody in it is the reader's own, and no secret to them.
            continue;
        }
        assert!(high > low, "{cell:?} is worked out to be {truth}");
        if own == 0 && FEW.contains(truth) {
            assert!(
                high - low + 1 >= LEFT,
                "{cell:?} is {truth}: {low} to {high} are left\n{}",
                around(cell, lines, &ranges, truths, known)
            );
        }
    }
    for (cell, truth) in truths.iter().filter(|(_, truth)| FEW.contains(*truth)) {
        assert!(cell.0 == "ENGLAND" || public[cell].state == "SUPPRESSED", "{cell:?} {truth}");
    }
    let shown = truths.iter().filter(|(cell, truth)| **truth >= 8 && public[*cell].value.is_some());
    assert!(hidden > 5, "little was hidden: {hidden}");
    assert!(shown.count() > 20, "little was shown");
}

/// The lines that a cell stands in, for whoever must understand how it was found out.
fn around(
    cell: &Cell,
    lines: &[Line],
    ranges: &BTreeMap<Cell, Range>,
    truths: &BTreeMap<Cell, i64>,
    known: &BTreeMap<Cell, Shown>,
) -> String {
    let word = |cell: &Cell| {
        let shown = known[cell].value.map_or("hidden".to_owned(), |value| value.to_string());
        format!("{} {} {shown} {:?} ({})", cell.0, cell.1, ranges[cell], truths[cell])
    };
    let of = lines.iter().filter(|line| line.total == *cell || line.parts.contains(cell));
    of.map(|line| {
        let parts: Vec<_> = line.parts.iter().map(word).collect();
        format!(
            "{} = {}{}\n",
            word(&line.total),
            parts.join(" + "),
            if line.rest { " + …" } else { "" }
        )
    })
    .collect()
}
