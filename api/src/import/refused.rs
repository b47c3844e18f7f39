//! Why a file is refused whole: no row of it could be trusted.

use std::io;

/// A refused file: its name and why, in one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {why}")]
pub struct FileRefused {
    pub file: String,
    pub why: Why,
}

#[derive(Debug, thiserror::Error)]
pub enum Why {
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error("the file is empty: download it again")]
    Empty,
    #[error("the file has headings and no rows: download it again")]
    OnlyHeadings,
    #[error("the file is UTF-16 text: save it again as CSV UTF-8")]
    Utf16,
    #[error(
        "the file is a workbook or ZIP archive, not CSV: save the sheet as CSV UTF-8, or unpack the archive"
    )]
    Zip,
    #[error("the file is compressed with gzip, not CSV: unpack it with gunzip")]
    Gzip,
    #[error(
        "the file is an older Excel workbook (.xls) or is protected, not CSV: save the sheet as CSV UTF-8"
    )]
    CompoundFile,
    #[error("the file is a web page, not data: download it again, not the page about it")]
    WebPage,
    #[error("the file is a PDF document, not data: download the CSV or XLSX file")]
    Pdf,
    #[error(
        "there is no column headed {missing:?}; the headings are {found}: use the file as published"
    )]
    MissingHeading { missing: &'static str, found: String },
    #[error("two columns are headed {0:?}: remove the one that is not meant")]
    RepeatedHeading(&'static str),
    #[error("there is no column headed {missing}; the headings are {found}: write it as described")]
    MissingColumn { missing: &'static str, found: String },
    #[error("two columns are headed {0:?}: remove the one that is not meant")]
    RepeatedColumn(String),
    #[error(
        "no column is headed {0:?} in files of this kind: correct the heading, or remove the column"
    )]
    UnknownColumn(String),
    #[error(
        "the headings are those of no file known here ({0}): use the region, ICB and sub-ICB lookup or the CCG to ICB lookup"
    )]
    UnknownHeadings(String),
    #[error("line {line} holds the headings and is not right: {reason}: {remedy}")]
    BrokenHeadings { line: u64, reason: String, remedy: String },
    #[error("the file is not an Excel workbook (.xlsx): use the file as published")]
    NotAWorkbook,
    #[error("the workbook cannot be read ({0}): open it in Excel and save it again")]
    BrokenWorkbook(String),
    #[error("the workbook is encrypted: save it again without a password")]
    Encrypted,
    #[error("the workbook is of the older Excel form (.xls): save it again as .xlsx")]
    OldWorkbook,
    #[error(
        "the workbook has no sheet named {missing:?}; its sheets are {found}: use the file as published"
    )]
    MissingSheet { missing: &'static str, found: String },
    #[error("the workbook has two sheets named like {0:?}: remove the one that is not meant")]
    RepeatedSheet(&'static str),
    #[error("the workbook is too large: it may hold {most} MB {what}")]
    TooLarge { most: u64, what: &'static str },
}
