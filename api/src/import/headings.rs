//! Finding columns by their headings, which change from edition to edition.
//!
//! Line breaks, underscores and capitals do not matter, nor whether a heading speaks
//! of clinical commissioning groups or of the sub-ICB locations that followed them.

use super::{fields::Fields, problem::Column, refused::Why};
use crate::ids::shortened;

/// The headings of one table, each in its one spelling; their columns count from 1.
#[derive(Debug)]
pub(super) struct Headings(Vec<String>);

impl Headings {
    pub(super) fn new(fields: Fields<'_>) -> Self {
        let text = |number| fields.get(number).unwrap_or_default();
        Self((1..=fields.count()).map(|number| plain(text(number))).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether every one of these headings is here.
    pub(super) fn have(&self, wanted: &[&str]) -> bool {
        wanted.iter().all(|wanted| self.0.iter().any(|heading| heading == wanted))
    }

    /// How many of these headings are here.
    pub(super) fn score(&self, wanted: &[&str]) -> usize {
        wanted.iter().filter(|wanted| self.0.iter().any(|heading| heading == *wanted)).count()
    }

    /// The column under a heading, given in its plain spelling.
    pub(super) fn find(&self, wanted: &'static str, name: &'static str) -> Result<Column, Why> {
        let mut columns = (1..).zip(&self.0).filter(|(_, heading)| *heading == wanted);
        match (columns.next(), columns.next()) {
            (Some((number, _)), None) => Ok(Column::new(number, name)),
            (Some(_), Some(_)) => Err(Why::RepeatedHeading(wanted)),
            (None, _) => Err(Why::MissingHeading { missing: wanted, found: self.listed() }),
        }
    }

    /// The headings as a message gives them.
    pub(super) fn listed(&self) -> String {
        const MOST: usize = 12;
        let mut listed: Vec<_> =
            self.0.iter().take(MOST).map(|heading| shortened(heading)).collect();
        if self.0.len() > MOST {
            listed.push("…".to_owned());
        }
        listed.join(", ")
    }
}

/// A heading in small letters and single spaces, in the words of today.
fn plain(heading: &str) -> String {
    let words = heading.split(|c: char| c.is_whitespace() || c == '_').filter(|w| !w.is_empty());
    let words: Vec<_> = words.map(str::to_lowercase).collect();
    let mut text = format!(" {} ", words.join(" "));
    for older in [" clinical commissioning group ", " ccg ", " sub icb location ", " sub icb loc "]
    {
        text = text.replace(older, " sub icb ");
    }
    text.trim().trim_start_matches("current ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::workbook::SheetRow;

    fn headings(texts: &[&str]) -> Headings {
        Headings::new(Fields::Cells(&SheetRow::new(1, texts)))
    }

    #[test]
    fn both_eras_have_one_spelling() {
        for heading in [
            "Current Clinical \nCommissioning \nGroup Code",
            "Current Sub ICB Loc Code",
            "SUB_ICB_LOCATION_CODE",
            "CCG_CODE",
            " ccg  code ",
        ] {
            assert_eq!(plain(heading), "sub icb code", "{heading}");
        }
        assert_eq!(plain("PCN Parent\nCCG Code"), "pcn parent sub icb code");
        assert_eq!(plain("ONS_CCG_CODE"), "ons sub icb code");
        assert_eq!(plain("sub_icb_ods"), "sub icb ods");
        assert_eq!(
            plain("Practice Sub ICB Loc and PCN Sub ICB Loc Match "),
            "practice sub icb and pcn sub icb match"
        );
    }

    #[test]
    fn a_column_is_found_wherever_it_is() {
        let found = headings(&["", "Postcode", "PCN\nCode "]);
        assert_eq!(found.find("pcn code", "PCN code").unwrap(), Column::new(3, "PCN code"));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_missing_or_repeated_heading_is_named() {
        let found = headings(&["A", "B", "b"]);
        let missing = found.find("c", "c").unwrap_err().to_string();
        assert_eq!(
            missing,
            r#"there is no column headed "c"; the headings are a, b, b: use the file as published"#
        );
        let repeated = found.find("b", "b").unwrap_err().to_string();
        assert_eq!(repeated, r#"two columns are headed "b": remove the one that is not meant"#);
    }
}
