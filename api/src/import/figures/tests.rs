//! Readers of figures, on small files of every shape and on the published one.

use entity::import_run::Format;

use super::Reader;
use crate::{
    domain::{amount::Amount, imports::claim::Claim, observations::Said},
    import::made,
};

fn read(format: Format, name: &str, bytes: &[u8]) -> (Vec<Claim>, u64) {
    let file = made::file(name, bytes);
    all(Reader::open(file.open(), format).unwrap())
}

fn all(mut reader: Reader) -> (Vec<Claim>, u64) {
    let mut claims = Vec::new();
    while let Some(mut more) = reader.more().unwrap() {
        claims.append(&mut more);
    }
    (claims, reader.skipped())
}

fn value(claim: &Claim) -> i64 {
    match claim.said {
        Some(Said::Value { value: Some(Amount(value)), .. }) => value,
        _ => panic!("{claim:?}"),
    }
}

#[test]
fn a_million_lines_are_never_all_in_memory() {
    let mut text = b"organisation_code,metric,month,value\n".to_vec();
    for _ in 0..25_000 {
        text.extend_from_slice(b"Y90001,impact.gp_hours_released,2025-11,1\n");
    }
    let file = made::file("f.csv", &text);
    let mut reader = Reader::open(file.open(), Format::Observations).unwrap();
    assert_eq!(reader.progress(), (0, 25_001));
    let first = reader.more().unwrap().unwrap();
    assert_eq!((first.len(), reader.progress().0), (10_000, 10_000));
    assert_eq!(all(reader).0.len(), 15_000);
}

#[test]
fn a_record_is_kept_as_it_stands_in_the_file() {
    let text = b"organisation_code,metric,month,value,explanation\n\
                 A1,impact.gp_hours_released,2025-11,1,\"two\nlines, \"\"quoted\"\"\"\r\n\r\n\
                 A2,x,y,1,\xe9\n";
    let (claims, _) = read(Format::Observations, "f.csv", text);
    let raw = claims[0].raw.as_deref().unwrap();
    assert_eq!(raw, "A1,impact.gp_hours_released,2025-11,1,\"two\nlines, \"\"quoted\"\"\"");
    assert_eq!(claims[0].explanation.as_deref(), Some("two\nlines, \"quoted\""));
    assert_eq!((claims[1].line, claims[1].raw.as_deref()), (5, Some("A2,x,y,1,é")));
    assert!(!claims[1].findings.is_empty());
}

#[test]
fn only_brackets_count_in_a_template() {
    let text = "Organisation code,Organisation,Month,Whatever [of] it is [a.b],[c.d:numerator],x [c.d:denominator],Explanation\n\
                A1,,2025-11,1.5,NIL,NIL,\nA1,,2025-10,,1,2,why\nA1,,2025-09,,,,\n";
    let (claims, skipped) = read(Format::ReturnTemplate, "f.csv", text.as_bytes());
    let metrics: Vec<_> = claims.iter().map(|claim| (claim.line, &*claim.metric)).collect();
    assert_eq!(metrics, [(2, "a.b"), (2, "c.d"), (3, "c.d")]);
    assert_eq!((value(&claims[0]), claims[1].said, skipped), (1_500_000, Some(Said::Nil), 1));
    assert_eq!(claims[2].explanation.as_deref(), Some("why"));
    for wrong in [
        "Organisation code,Month,[a.b],[a.b]\n",
        "Organisation code,Month\n",
        "Month,[a.b]\n",
        "Organisation code,Month,[a.b],no code\n",
    ] {
        let file = made::file("f.csv", wrong.as_bytes());
        assert!(Reader::open(file.open(), Format::ReturnTemplate).is_err(), "{wrong}");
    }
}

#[test]
fn the_published_workforce_adds_up_to_what_was_published() {
    let Some(path) = made::sample("workforce/pcn_workforce_gpa_2025-11.csv") else { return };
    let opened = crate::import::Opened::open(&path).unwrap();
    let (claims, skipped) = all(Reader::open(opened, Format::PcnWorkforce).unwrap());
    let fte = claims.iter().filter(|claim| claim.metric == "gpa.fte").map(value).sum::<i64>();
    assert_eq!((claims.len(), skipped, Amount(fte).rounded(2)), (998, 0, Amount(1_505_640_000)));
    let networks = claims.iter().filter(|claim| !claim.persons.is_empty());
    assert_eq!(networks.clone().count(), 459);
    let persons: std::collections::BTreeSet<_> =
        networks.clone().flat_map(|claim| &claim.persons).collect();
    assert_eq!((persons.len(), networks.map(value).sum::<i64>()), (1_660, 1_667_000_000));
}
