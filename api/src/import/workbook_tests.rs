//! What may be given as a workbook, and what its cells become.

use rust_xlsxwriter::{ExcelDateTime, Format};

use super::*;
use crate::import::made;

fn refused(bytes: &[u8]) -> String {
    Workbook::open(&mut &bytes[..]).err().unwrap().to_string()
}

fn archive(entries: &[(&str, usize)]) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, megabytes) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        let zeros = vec![0; 1024 * 1024];
        for _ in 0..*megabytes {
            archive.write_all(&zeros).unwrap();
        }
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn what_is_no_workbook_is_refused_with_what_to_do() {
    assert!(refused(b"\"A81001\",\"X\"\n").contains("not an Excel workbook"));
    assert!(refused(b"PK\x03\x04 and no more").contains("cannot be read"));
    assert!(refused(&archive(&[("readme.txt", 0)])).contains("not an Excel workbook"));
    assert!(refused(&archive(&[("xl/workbook.xml", 0)])).contains("cannot be read"));
    let mut older = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    older.resize(512, 0);
    assert!(refused(&older).contains("older Excel form"));
    older.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&older), "the workbook is encrypted: save it again without a password");
}

#[test]
fn a_workbook_that_inflates_without_end_is_refused_before_it_is_opened() {
    let bomb = archive(&[("xl/workbook.xml", 2), ("xl/sharedStrings.xml", 3)]);
    assert!(bomb.len() < 64 * 1024);
    assert!(measure(&bomb, 5).is_ok());
    assert_eq!(
        measure(&bomb, 4).unwrap_err().to_string(),
        "the workbook is too large: it may hold 4 MB when unpacked"
    );
}

#[test]
fn every_kind_of_cell_becomes_the_text_of_a_csv() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let date = ExcelDateTime::from_ymd(2019, 10, 1).unwrap();
    let noon = date.clone().and_hms(12, 0, 0).unwrap();
    let sheet = book.add_worksheet().set_name("S").unwrap();
    sheet.write_string(1, 0, " text ").unwrap();
    sheet.write_datetime_with_format(1, 1, &date, &day).unwrap();
    sheet.write_number(1, 2, 20_191_001).unwrap();
    sheet.write_number(1, 3, 43_739).unwrap();
    sheet.write_number(1, 4, 0.5).unwrap();
    sheet.write_boolean(1, 5, true).unwrap();
    sheet.write_datetime_with_format(1, 6, &noon, &day).unwrap();
    sheet.write_string(1, 7, "").unwrap();
    sheet.write_string(1, 8, "  ").unwrap();
    sheet.write_string(4, 16_383, "far").unwrap();
    let file = made::saved("w.xlsx", book);
    let mut book = Workbook::open(&mut file.open().file).unwrap();
    let rows = book.rows("S").unwrap();
    let texts: Vec<_> = rows[0].cells.iter().map(|(_, text)| &**text).collect();
    assert_eq!(
        texts,
        [" text ", "20191001", "20191001", "43739", "0.5", "TRUE", "2019-10-01 12:00"]
    );
    // A cell far away costs one cell.
    assert_eq!((rows[1].number, rows[1].last(), rows[1].cells.len()), (5, 16_384, 1));
    assert_eq!((rows.len(), rows[1].get(3), rows[1].get(16_384)), (2, "", "far"));
    assert_eq!(book.day_zero().to_string(), "1899-12-30");
}

#[test]
fn sheets_go_by_their_plain_names() {
    let file = made::workbook("w.xlsx", &[(" pcn-Details", vec![]), ("Other", vec![])]);
    let book = Workbook::open(&mut file.open().file).unwrap();
    assert_eq!(book.find("PCNDetails").unwrap(), " pcn-Details");
    assert_eq!(
        book.find("Partners").unwrap_err().to_string(),
        r#"the workbook has no sheet named "Partners"; its sheets are  pcn-Details, Other: use the file as published"#
    );
    let twice = made::workbook("w.xlsx", &[("PCN Details", vec![]), ("PCNDetails", vec![])]);
    let book = Workbook::open(&mut twice.open().file).unwrap();
    assert!(book.find("PCNDetails").unwrap_err().to_string().contains("two sheets"));
}
