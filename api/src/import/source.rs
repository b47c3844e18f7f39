//! The file itself: what kind of thing it is, its hash, and the edition its name tells.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read, Seek},
    path::{Path, PathBuf},
};

use chrono::{Months, NaiveDate};
use sha2::{Digest, Sha256};

use super::refused::{FileRefused, Why};

/// What was read: enough to tell a file that was loaded before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub path: PathBuf,
    /// The file's own name, as messages give it.
    pub name: String,
    /// SHA-256 of the whole file, in small hexadecimal digits.
    pub sha256: String,
    pub bytes: u64,
    /// Rows found, good and bad, without headings and blank lines.
    pub rows: u64,
}

/// A file that is there and can be read, but has not been.
#[derive(Debug)]
pub struct Opened {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) file: File,
    pub(super) start: [u8; 16],
    pub(super) most: usize,
}

impl Opened {
    pub fn open(path: &Path) -> Result<Self, FileRefused> {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        let refuse = |why| FileRefused { file: name.clone(), why };
        let mut file = File::open(path).map_err(|e| refuse(e.into()))?;
        let mut start = [0; 16];
        let found = fill(&mut file, &mut start).map_err(|e| refuse(e.into()))?;
        if found == 0 {
            return Err(refuse(Why::Empty));
        }
        file.rewind().map_err(|e| refuse(e.into()))?;
        Ok(Self { path: path.to_owned(), name, file, start, most: usize::MAX })
    }

    /// Calls the file what its sender calls it, whatever it is called here.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// Stops reading once more rows than this are bad; [`super::Findings::stopped`] tells.
    #[must_use]
    pub fn with_at_most_bad_rows(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// The date that the file's name tells, as [`edition_from_file_name`] reads it.
    pub fn edition(&self) -> Option<NaiveDate> {
        edition_from_file_name(&self.name)
    }

    /// Refuses what is plainly not CSV, by its first bytes.
    pub(super) fn refuse_other_than_text(&self) -> Result<(), FileRefused> {
        let start = self.start.to_ascii_lowercase();
        let why = match start.as_slice() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Why::Utf16,
            [b'p', b'k', 3 | 5 | 7, ..] => Why::Zip,
            [0x1f, 0x8b, ..] => Why::Gzip,
            [0xd0, 0xcf, 0x11, ..] => Why::CompoundFile,
            text if text.starts_with(b"%pdf") => Why::Pdf,
            text if text.starts_with(b"<!doctype") || text.starts_with(b"<html") => Why::WebPage,
            _ => return Ok(()),
        };
        Err(self.refused(why))
    }

    pub(super) fn refused(&self, why: impl Into<Why>) -> FileRefused {
        FileRefused { file: self.name.clone(), why: why.into() }
    }
}

fn fill(file: &mut File, start: &mut [u8]) -> io::Result<usize> {
    let mut found = 0;
    loop {
        match file.read(&mut start[found..])? {
            0 => return Ok(found),
            more => found += more,
        }
    }
}

/// A reader that hashes what passes through it, so that a file is read once.
pub(super) struct Hashing<R> {
    input: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Hashing<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, hash: Sha256::new(), bytes: 0 }
    }

    /// Reads what is left, for the hash is always of the whole file.
    pub(super) fn finish(mut self) -> io::Result<(String, u64)> {
        io::copy(&mut self, &mut io::sink())?;
        Ok((hexadecimal(&self.hash.finalize()), self.bytes))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let found = self.input.read(into)?;
        self.hash.update(&into[..found]);
        self.bytes += found as u64;
        Ok(found)
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The edition's date where a file's name tells it: `…_2024-05-24…` is that day, and
/// `…_2024-05…` the last day of that month, for an edition holds what was known by then.
pub fn edition_from_file_name(name: &str) -> Option<NaiveDate> {
    let stem = Path::new(name).file_stem().and_then(OsStr::to_str)?;
    let words = stem.split(|c: char| !c.is_ascii_digit() && c != '-');
    words.map(|word| word.trim_matches('-')).find_map(edition)
}

fn edition(word: &str) -> Option<NaiveDate> {
    let mut parts = word.split('-');
    let year = number(parts.next()?, 4)?;
    let month = u32::try_from(number(parts.next()?, 2)?).ok()?;
    let date = match (parts.next(), parts.next()) {
        (Some(day), None) => {
            NaiveDate::from_ymd_opt(year, month, u32::try_from(number(day, 2)?).ok()?)
        }
        (None, _) => NaiveDate::from_ymd_opt(year, month, 1)
            .and_then(|first| (first + Months::new(1)).pred_opt()),
        _ => None,
    };
    date.filter(|_| (1900..=2100).contains(&year))
}

fn number(digits: &str, length: usize) -> Option<i32> {
    if digits.len() == length { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::made;

    #[test]
    fn an_edition_is_read_from_the_name() {
        let told = |name| edition_from_file_name(name).map(|date| date.to_string());
        for (name, date) in [
            ("epraccur_2019-08_edition.csv", "2019-08-31"),
            ("gp-reg-pat-prac-all_2025-10.csv", "2025-10-31"),
            ("ePCN_2023-01.xlsx", "2023-01-31"),
            ("epraccur_2024-02.csv", "2024-02-29"),
            ("epraccur_2024-05-24_final.csv", "2024-05-24"),
            ("epraccur-2024-05-24.csv", "2024-05-24"),
            ("2023-12.csv", "2023-12-31"),
        ] {
            assert_eq!(told(name).as_deref(), Some(date), "{name}");
        }
        for name in [
            "epraccur.csv",
            "region_icb_subicb_2023.csv",
            "x_2024-13.csv",
            "x_2024-02-30.csv",
            "x_9999-01.csv",
            "x_12024-01.csv",
            "x_2024-01-02-03.csv",
            "",
        ] {
            assert_eq!(told(name), None, "{name}");
        }
    }

    #[test]
    fn a_file_that_is_not_text_is_refused_with_what_to_do() {
        let refusal = |bytes: &[u8]| {
            let file = made::file("f.csv", bytes);
            let opened = Opened::open(&file.path).unwrap();
            opened.refuse_other_than_text().unwrap_err().to_string()
        };
        assert_eq!(
            refusal(b"\xff\xfea\0b\0"),
            "f.csv: the file is UTF-16 text: save it again as CSV UTF-8"
        );
        assert!(refusal(b"\xfe\xff\0a\0b").contains("UTF-16"));
        assert!(refusal(b"PK\x03\x04rest").contains("workbook or ZIP"));
        assert!(refusal(b"\x1f\x8b\x08rest").contains("gunzip"));
        assert!(refusal(b"\xd0\xcf\x11\xe0\xa1\xb1").contains(".xls"));
        assert!(refusal(b"<!DOCTYPE html><html>").contains("web page"));
        assert!(refusal(b"%PDF-1.7").contains("PDF"));
    }

    #[test]
    fn an_empty_or_missing_file_is_refused() {
        let empty = made::file("empty.csv", b"");
        assert_eq!(
            Opened::open(&empty.path).unwrap_err().to_string(),
            "empty.csv: the file is empty: download it again"
        );
        let missing = Opened::open(Path::new("/nowhere/none.csv")).unwrap_err().to_string();
        assert!(missing.starts_with("none.csv: cannot be read: "), "{missing}");
        let folder = made::file("x", b"x");
        assert!(Opened::open(folder.path.parent().unwrap()).is_err());
    }

    #[test]
    fn the_hash_is_of_the_whole_file() {
        let mut half = Hashing::new(&b"abc"[..]);
        half.read_exact(&mut [0; 1]).unwrap();
        let (hash, bytes) = half.finish().unwrap();
        assert_eq!(bytes, 3);
        assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
