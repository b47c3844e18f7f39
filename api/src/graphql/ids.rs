//! Typed ids, as arguments and as answers.

use async_graphql::ID;

use super::{error::Result, refusal::Refusal};
use crate::ids::{GlobalId, ReturnId, decode_global_id};

/// The id of a row, as clients see it.
pub fn id_of(type_name: &'static str, row: i64) -> ID {
    ID(GlobalId { type_name, row }.encode())
}

/// Any id of this service: its type's name and the row.
pub fn read(id: &ID) -> Result<(String, i64)> {
    decode_global_id(id).map_err(|malformed| Refusal::bad_request(malformed.0))
}

/// The id of a return, whether or not anybody has begun it.
pub fn read_return(id: &ID) -> Result<ReturnId> {
    match ReturnId::decode(id) {
        Some(id) => Ok(id),
        None => Err(match read(id) {
            Ok((type_name, _)) => mistaken(&type_name, ReturnId::TYPE_NAME),
            Err(malformed) => malformed,
        }),
    }
}

/// An id that must be of one type.
pub fn read_as(id: &ID, wanted: &str) -> Result<i64> {
    let (type_name, row) = read(id)?;
    if type_name == wanted { Ok(row) } else { Err(mistaken(&type_name, wanted)) }
}

fn mistaken(type_name: &str, wanted: &str) -> Refusal {
    Refusal::bad_request(format!("that is the id of a {type_name}; send one of a {wanted}"))
}
