//! Typed ids, as arguments and as answers.

use async_graphql::ID;

use super::{error::Result, refusal::Refusal};
use crate::ids::{GlobalId, decode_global_id};

/// The id of a row, as clients see it.
pub fn id_of(type_name: &'static str, row: i64) -> ID {
    ID(GlobalId { type_name, row }.encode())
}

/// Any id of this service: its type's name and the row.
pub fn read(id: &ID) -> Result<(String, i64)> {
    decode_global_id(id).map_err(|malformed| Refusal::bad_request(malformed.0))
}

/// An id that must be of one type.
pub fn read_as(id: &ID, wanted: &str) -> Result<i64> {
    let (type_name, row) = read(id)?;
    if type_name == wanted {
        Ok(row)
    } else {
        Err(Refusal::bad_request(format!(
            "that is the id of a {type_name}; send one of a {wanted}"
        )))
    }
}
