//! Tables small enough to follow by hand.

use super::attacker::values;
use super::made::{Made, Region};
use crate::analytics::disclosure::{
    Cell, Exposure, Protected, Showing, Shown, Sum, Table, Unsound, protect, round,
};
use Shown::{Exact, Rounded, Suppressed};

fn shown(table: &Table) -> Vec<Shown> {
    let Protected { shown, exposed } = protect(table).unwrap();
    assert_eq!(exposed, []);
    shown
}

#[test]
fn rounds_to_the_nearest_five() {
    let counts = [(0, 0), (8, 10), (9, 10), (12, 10), (13, 15), (17, 15), (18, 20)];
    for (count, figure) in counts {
        assert_eq!(round(count), figure, "{count}");
    }
}

#[test]
fn only_rounds_where_nothing_is_small() {
    let made = Made::of(&[Region::of(&[8, 0, 13]), Region::of(&[21, 11])], true);
    let figures = [20, 10, 0, 15, 30, 20, 10].map(Rounded);
    assert_eq!(shown(&made.table), [&figures[..], &[Exact(53)]].concat());
}

#[test]
fn hides_the_next_smallest_beside_a_lone_small_count() {
    let made = Made::of(&[Region::of(&[30, 3, 0, 20, 40])], false);
    assert_eq!(
        shown(&made.table),
        [Rounded(95), Rounded(30), Suppressed, Rounded(0), Suppressed, Rounded(40)]
    );
}

#[test]
fn hides_a_total_that_is_its_only_part() {
    let made = Made::of(&[Region::of(&[0, 3, 0]), Region::of(&[20, 30])], true);
    let Protected { shown, .. } = protect(&made.table).unwrap();
    assert_eq!(shown[..4], [Suppressed, Rounded(0), Suppressed, Rounded(0)]);
    // and so the other region, which would give it away
    assert_eq!(shown[4], Suppressed);
}

#[test]
fn hides_what_the_rounding_does_not() {
    // "40" is at most 42, which five times 8 leave no more than 2 of
    let made = Made::of(&[Region::of(&[8, 8, 8, 8, 8, 1, 1])], false);
    let shown = shown(&made.table);
    assert_eq!(shown[6..], [Suppressed, Suppressed]);
    let hidden = shown[1..6].iter().filter(|figure| **figure == Suppressed).count();
    assert_eq!((hidden, shown[0]), (1, Rounded(40)));
    assert_eq!(values(&made.table, &shown, &[])[6..], [3, 3]);
}

#[test]
fn keeps_a_training_hub_from_its_only_neighbour() {
    let mut made = Made::of(
        &[Region { icbs: vec![12], hubs: vec![11, 1], nowhere: None }, Region::of(&[50])],
        false,
    );
    let [neighbour, hub] = [made.regions[0].hubs[0], made.regions[0].hubs[1]];
    made.table.insiders = vec![vec![neighbour]];
    let shown = shown(&made.table);
    assert_eq!(shown[hub], Suppressed);
    assert_eq!(values(&made.table, &shown, &[neighbour])[hub], 3);
    // "10" would have left one value only
    assert_eq!(shown[made.regions[0].region], Suppressed);
}

#[test]
fn hides_zeros_beside_a_lone_region_of_england() {
    let made = Made::of(&[Region::of(&[5]), Region::of(&[0]), Region::of(&[0])], true);
    let shown = shown(&made.table);
    let hidden = made.regions.iter().filter(|cells| shown[cells.region] == Suppressed).count();
    assert_eq!(hidden, 2, "{shown:?}");
    assert_eq!(values(&made.table, &shown, &[])[made.regions[0].region], 3);
}

#[test]
fn says_what_cannot_be_hidden() {
    let made = Made::of(&[Region::of(&[0, 0]), Region::of(&[1]), Region::of(&[0])], true);
    let Protected { shown, exposed } = protect(&made.table).unwrap();
    let cell = made.regions[1].region;
    assert!(exposed.contains(&Exposure { cell, insider: None, values: 2 }), "{exposed:?}");
    // which of them it is, at least, nobody is told
    assert!(made.regions.iter().all(|cells| shown[cells.region] == Suppressed));
    let values = values(&made.table, &shown, &[]);
    assert!(made.regions.iter().all(|cells| values[cells.region] == 2), "{values:?}");
}

#[test]
fn says_where_a_neighbour_has_all_the_rest() {
    let mut made = Made::of(&[Region::of(&[30]), Region::of(&[3])], true);
    let [own, other] = [0, 1].map(|at| made.regions[at].region);
    made.table.insiders = vec![vec![other], vec![own]];
    let Protected { exposed, .. } = protect(&made.table).unwrap();
    let told = |cell| exposed.contains(&Exposure { cell, insider: Some(1), values: 1 });
    assert!(told(other) && !told(own), "{exposed:?}");
}

#[test]
fn trusts_no_remainder_of_zero() {
    let lone = |nowhere| {
        let region = Region { icbs: vec![3, 0], hubs: vec![], nowhere: Some(nowhere) };
        Made::of(&[region, Region::of(&[20]), Region::of(&[30])], true).table
    };
    assert_eq!(shown(&lone(0))[0], Suppressed);
    // eight others that nobody is told of leave it open
    assert_eq!(shown(&lone(8))[..3], [Rounded(10), Suppressed, Rounded(0)]);
}

#[test]
fn refuses_a_table_that_does_not_add_up() {
    let cells = [5, 2, 3].map(|exact| Cell { exact, showing: Showing::Controlled });
    let table = |parts: &[usize]| Table {
        cells: cells.to_vec(),
        sums: vec![Sum { total: 0, parts: parts.to_vec() }],
        insiders: vec![],
    };
    assert!(protect(&table(&[1, 2])).is_ok());
    assert_eq!(protect(&table(&[1])), Err(Unsound::DoesNotHold(0)));
    assert_eq!(protect(&table(&[1, 2, 3])), Err(Unsound::NoSuchCell(3)));
    assert_eq!(protect(&table(&[1, 2, 2])), Err(Unsound::Twice(2)));
    let stranger = Table { insiders: vec![vec![9]], ..table(&[1, 2]) };
    assert_eq!(protect(&stranger), Err(Unsound::NoSuchCell(9)));
}
