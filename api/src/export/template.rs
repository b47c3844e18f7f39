//! The form of a return as a CSV file or an Excel workbook, to be filled in and imported.
//!
//! No text in it can be taken for a formula by a spreadsheet: one that could begins with
//! an apostrophe, in both formats, so that saving one as the other is safe as well.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::domain::returns::template::{Cell, Template};

/// Why a form could not be written: a fault of ours.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    #[error("CSV: {0}")]
    Csv(String),
    #[error("XLSX: {0}")]
    Xlsx(#[from] XlsxError),
}

/// As CSV in UTF-8 with a byte order mark, by which Excel knows it, and CRLF.
pub fn csv(template: &Template) -> Result<Vec<u8>, NotWritten> {
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    let mut write = |record: Vec<Cow<'_, str>>| {
        let fields = record.iter().map(|field| field.as_bytes());
        writer.write_record(fields).map_err(|error| NotWritten::Csv(error.to_string()))
    };
    write(template.headings.iter().map(|heading| harmless(heading)).collect())?;
    for row in &template.rows {
        write(row.iter().map(text).collect())?;
    }
    writer.flush().map_err(|error| NotWritten::Csv(error.to_string()))?;
    drop(writer);
    Ok(bytes)
}

/// As a workbook of one sheet, its headings in bold and always in sight.
pub fn xlsx(template: &Template) -> Result<Vec<u8>, NotWritten> {
    const WIDTH: f64 = 18.0;
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold().set_text_wrap();
    let sheet = workbook.add_worksheet().set_name("Return")?;
    sheet.set_freeze_panes(1, 3)?;
    for (column, heading) in (0..).zip(&template.headings) {
        sheet.write_string_with_format(0, column, harmless(heading), &bold)?;
        sheet.set_column_width(column, WIDTH)?;
    }
    for (number, row) in (1..).zip(&template.rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Blank => continue,
                Cell::Number(amount) => sheet.write_number(number, column, amount.number())?,
                Cell::Text(_) => sheet.write_string(number, column, text(cell))?,
            };
        }
    }
    Ok(workbook.save_to_buffer()?)
}

fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Blank => Cow::Borrowed(""),
        Cell::Number(amount) => Cow::Owned(amount.to_string()),
        Cell::Text(text) => harmless(text),
    }
}

/// A text that no spreadsheet takes for a formula.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};

    use super::*;
    use crate::domain::amount::Amount;

    fn template() -> Template {
        Template {
            headings: vec!["Organisation".to_owned(), "GP hours, released".to_owned()],
            rows: vec![
                vec![Cell::Text("=1+1".to_owned()), Cell::Number(Amount(-12_500_000))],
                vec![Cell::Text("Moor \"View\"".to_owned()), Cell::Text("NIL".to_owned())],
                vec![Cell::Blank, Cell::Blank],
            ],
        }
    }

    #[test]
    fn a_csv_file_holds_no_formula_and_says_its_encoding() {
        let written = String::from_utf8(csv(&template()).unwrap()).unwrap();
        let expected = "\u{feff}Organisation,\"GP hours, released\"\r\n'=1+1,-12.5\r\n\
                        \"Moor \"\"View\"\"\",NIL\r\n,\r\n";
        assert_eq!(written, expected);
        for text in ["=1", "+1", "-1", "@a", "\ta", "\ra", "\na"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        assert_eq!(harmless("a=1"), "a=1");
    }

    #[test]
    fn a_workbook_holds_numbers_as_numbers() {
        let written = xlsx(&template()).unwrap();
        let mut book = Xlsx::new(std::io::Cursor::new(written)).unwrap();
        let sheet = book.worksheet_range("Return").unwrap();
        assert_eq!(sheet.get_value((1, 0)), Some(&Data::String("'=1+1".to_owned())));
        assert_eq!(sheet.get_value((1, 1)), Some(&Data::Float(-12.5)));
        assert_eq!(sheet.get_value((2, 1)), Some(&Data::String("NIL".to_owned())));
    }
}
