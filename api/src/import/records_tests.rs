//! The CSV layer on everything that a file may do wrong.

use std::io::{self, Read};

use super::*;

/// What each record says: its line and bytes, then its fields or its faults.
fn told(text: &[u8], wanted: Option<usize>) -> Vec<String> {
    told_of(text, wanted)
}

fn told_of(input: impl Read, wanted: Option<usize>) -> Vec<String> {
    let mut records = Records::new(input);
    let mut told = Vec::new();
    while let Some(record) = records.next(wanted).unwrap() {
        let fields = (1..=record.fields.count()).filter(|_| record.whole);
        let mut said: Vec<_> =
            fields.map(|n| record.fields.get(n).unwrap_or("?").to_owned()).collect();
        said.extend(record.faults.iter().map(|fault| match fault.column {
            Some(column) => format!("{column}: {}", fault.reason),
            None => fault.reason.clone(),
        }));
        let at = record.at;
        told.push(format!("{} {}..{} {}", at.line, at.start, at.end, said.join("|")));
    }
    told
}

#[test]
fn line_ends_of_every_kind_and_blank_lines() {
    assert_eq!(
        told(b"a,b\r\n\r\n  \nc,\"d\"\re,f", Some(2)),
        ["1 0..5 a|b", "4 10..16 c|d", "5 16..19 e|f"]
    );
    assert_eq!(told(b"", Some(2)), [""; 0]);
    assert_eq!(told(b"\n\n", Some(2)), [""; 0]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_field() {
    assert_eq!(told(b"\xef\xbb\xbf\"a\",b\n", Some(2)), ["1 3..9 a|b"]);
    assert_eq!(told(b"\xef\xbb\xbf", Some(2)), [""; 0]);
}

#[test]
fn quotes_hold_commas_quotes_and_line_breaks() {
    assert_eq!(
        told(b"\"a,\"\"b\"\"\",c\n\"d\r\ne\",f\ng,h\n", Some(2)),
        ["1 0..12 a,\"b\"|c", "2 12..21 d\r\ne|f", "4 21..25 g|h"]
    );
}

#[test]
fn short_and_long_rows_say_how_many_columns_they_have() {
    assert_eq!(
        told(b"a\na,b,c\na,b\n", Some(2)),
        [
            "1 0..2 the row has 1 columns, not 2",
            "2 2..8 the row has 3 columns, not 2",
            "3 8..12 a|b",
        ]
    );
}

#[test]
fn an_unclosed_quote_costs_its_own_row_only() {
    let open = "a quote is opened and never closed";
    assert_eq!(
        told(b"\"a\",\"b\n\"c\",\"d\"\ne,f\n", Some(2)),
        [format!("1 0..7 2: {open}"), "2 7..15 c|d".to_owned(), "3 15..19 e|f".to_owned()]
    );
    // Joined with the next line this has two columns, but not sound ones.
    assert_eq!(
        told(b"\"a\n\"c\",\"d\"\n", Some(2)),
        [format!("1 0..3 1: {open}"), "2 3..11 c|d".to_owned()]
    );
    assert_eq!(told(b"a,\"b", Some(2)), [format!("1 0..4 2: {open}")]);
    assert_eq!(
        told(b"a,\"b\"c\"\nd,e\n", Some(2)),
        ["1 0..8 2: text follows the closing quote", "2 8..12 d|e"]
    );
}

#[test]
fn a_row_that_is_not_utf8_names_the_column_and_the_byte() {
    assert_eq!(
        told(b"a,caf\xe9\nb,c\n", Some(2)),
        ["1 0..7 a|?|2: is not UTF-8: byte 0xe9 at 4", "2 7..11 b|c"]
    );
    // Two bytes of one character, torn apart by the comma.
    assert_eq!(
        told(b"\xc3,\xa9\n", Some(2)),
        ["1 0..4 ?|?|1: is not UTF-8: byte 0xc3 at 1|2: is not UTF-8: byte 0xa9 at 1"]
    );
}

#[test]
fn a_nul_character_is_a_fault_of_its_column() {
    assert_eq!(
        told(b"a\0b,c\nd,e\n", Some(2)),
        ["1 0..6 ?|c|1: holds a NUL character at 2", "2 6..10 d|e"]
    );
}

#[test]
fn a_field_over_64_kilobytes_is_refused_and_the_next_row_read() {
    let text = format!("a,{}\nb,c\n", "x".repeat(64 * 1024 + 1));
    assert_eq!(
        told(text.as_bytes(), Some(2)),
        ["1 0..65540 a|?|2: has 65537 bytes", "2 65540..65544 b|c"]
    );
}

#[test]
fn a_row_of_megabytes_is_skipped_without_being_kept() {
    const MB: usize = 1024 * 1024;
    let long = io::repeat(b'x').take(50 * MB as u64).chain(&b"\r\nb,c\n"[..]);
    let mut records = Records::new(long);
    let record = records.next(Some(2)).unwrap().unwrap();
    assert_eq!(record.faults[0].reason, "the row is longer than 1 MB");
    assert_eq!((record.at.line, record.at.end), (1, 50 * MB as u64 + 2));
    let next = records.next(Some(2)).unwrap().unwrap();
    assert_eq!((next.at.line, next.fields.get(2)), (2, Some("c")));
    assert!(records.lines.capacity() <= 4 * MB);
}

#[test]
fn an_unclosed_quote_before_a_long_file_costs_its_own_row_only() {
    let rows = "c,d\n".repeat(300_000);
    let text = format!("a,\"b\n{rows}");
    let mut records = Records::new(text.as_bytes());
    let mut whole = 0;
    while let Some(record) = records.next(Some(2)).unwrap() {
        whole += u32::from(record.whole);
    }
    assert_eq!(whole, 300_000);
}

#[test]
fn what_a_reader_gives_at_a_time_makes_no_difference() {
    struct Trickle<'a>(&'a [u8]);
    impl Read for Trickle<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let some = into.len().min(1);
            self.0.read(&mut into[..some])
        }
    }
    let text = b"\xef\xbb\xbfa,b\r\n\"c\r\nd\",e\r\rf,\"g\n\xff,h\n";
    assert_eq!(told_of(Trickle(text), Some(2)), told(text, Some(2)));
}

#[test]
fn headings_may_have_any_number_of_columns_up_to_a_thousand() {
    assert_eq!(told(b"a,b,c\n", None), ["1 0..6 a|b|c"]);
    let many = ",".repeat(70_000);
    assert_eq!(
        told(many.as_bytes(), None),
        ["1 0..70000 the row has 70001 columns, more than 1000"]
    );
}

proptest::proptest! {
    /// Whatever the bytes, records tile the file, what is not in one is blank, and a whole
    /// record has as many columns as were wanted.
    #[test]
    fn no_byte_is_lost(text in proptest::collection::vec(
        proptest::sample::select(b"a,\"\r\n\xe9\0 ".to_vec()), 0..200)) {
        let mut records = Records::new(&text[..]);
        let mut end = 0;
        let mut line = 0;
        while let Some(record) = records.next(Some(2)).unwrap() {
            let at = record.at;
            proptest::prop_assert!(!record.whole || record.fields.count() == 2);
            let between = &text[end..usize::try_from(at.start).unwrap()];
            proptest::prop_assert!(between.trim_ascii().is_empty());
            proptest::prop_assert!(at.line > line && at.end > at.start);
            (end, line) = (usize::try_from(at.end).unwrap(), at.line);
        }
        proptest::prop_assert!(text[end..].trim_ascii().is_empty());
    }

    /// What the csv crate writes is read back as it was.
    #[test]
    fn what_is_written_is_read(rows in proptest::collection::vec(
        proptest::collection::vec("[a-z,\"\n]{0,5}", 3), 1..6)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let mut records = Records::new(&text[..]);
        for row in &rows {
            // More lines than that are taken for an open quote.
            proptest::prop_assume!(row.concat().matches('\n').count() < 8);
            let record = records.next(Some(3)).unwrap().unwrap();
            proptest::prop_assert!(record.whole, "{:?}", record.faults);
            for (number, field) in (1..).zip(row) {
                proptest::prop_assert_eq!(record.fields.get(number), Some(field.trim()));
            }
        }
        proptest::prop_assert!(records.next(Some(3)).unwrap().is_none());
    }
}
