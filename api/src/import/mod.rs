//! From the NHS's files to typed rows, with a clear word for every row that is not right.
//!
//! Files of figures are read by [`figures`]; each format of the register has its reader:
//! [`ods`] (`epraccur`), [`pcn`] (`ePCN`), [`list_sizes`]
//! and [`hierarchy`]. A reader judges a file by itself: shapes, dates, and whether a
//! row contradicts itself or an earlier row. Whether a row agrees with the register is
//! for the caller to judge, who refuses further rows through [`Findings::reject`], so
//! that they too are reported and written to the reject file.
//!
//! A bad row never hides a good one, and a file is refused whole only where no row of
//! it can be trusted. Deliberately absent: the database, and what the register holds.

mod dates;
mod fields;
pub mod figures;
mod headings;
pub mod hierarchy;
mod lines;
pub mod list_sizes;
pub mod load;
pub mod ods;
pub mod pcn;
mod problem;
mod quotes;
mod reading;
mod records;
mod refused;
mod rejects;
mod source;
mod workbook;

pub use hierarchy::read_hierarchy;
pub use list_sizes::read_list_sizes;
pub use ods::read_ods;
pub use pcn::read_pcn;
pub use problem::{Column, Findings, Place, Problem};
pub use reading::{Read, Reading};
pub use refused::{FileRefused, Why};
pub use source::{Opened, Source, edition_from_file_name};

#[cfg(test)]
mod made;
#[cfg(test)]
mod real;
