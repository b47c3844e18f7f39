//! Invented names and postcodes: every number gives one, always the same.

const FIRST: [&str; 40] = [
    "ASH", "BAR", "BIRCH", "BLACK", "BRAD", "BRIDGE", "BROOK", "CASTLE", "CHURCH", "CLAY", "COLD",
    "DEEP", "EAST", "ELM", "FAIR", "FERN", "GREEN", "HAMP", "HARE", "HAZEL", "HIGH", "HOLLY",
    "KING", "LANG", "LONG", "MARSH", "MILL", "NEW", "NORTH", "OAK", "PARK", "QUEENS", "ROSE",
    "SALT", "SOUTH", "STAN", "THORN", "WEST", "WHITE", "WIND",
];
const SECOND: [&str; 25] = [
    "BOROUGH", "BOURNE", "BRIDGE", "BURY", "BY", "COMBE", "COTE", "DALE", "DEN", "FIELD", "FORD",
    "GATE", "HAM", "HILL", "HURST", "LEY", "MERE", "MOOR", "PORT", "STEAD", "STOW", "THORPE",
    "TON", "WELL", "WOOD",
];
const KIND: [&str; 10] = [
    "SURGERY",
    "MEDICAL CENTRE",
    "HEALTH CENTRE",
    "PRACTICE",
    "GROUP PRACTICE",
    "FAMILY PRACTICE",
    "MEDICAL PRACTICE",
    "PRIMARY CARE CENTRE",
    "HOUSE SURGERY",
    "& PARTNERS",
];
const TOWNS: [&str; 16] =
    ["B", "BD", "BS", "CB", "DE", "EX", "GL", "HU", "LE", "LS", "M", "NG", "NR", "PL", "SE", "YO"];

pub(super) fn place(number: usize) -> String {
    let number = scattered(number, 1_000);
    format!("{}{}", FIRST[number % 40], SECOND[number / 40])
}

pub(super) fn network(number: usize) -> String {
    format!("{} AND {} PCN", place(number), place(number + 3_011))
}

/// No two of ten thousand are the same; a site that takes a new name takes a far one.
pub(super) fn site(number: usize) -> String {
    let number = scattered(number, 10_000);
    let (place, kind) = (number / 10, KIND[number % 10]);
    let article = if number.is_multiple_of(9) { "THE " } else { "" };
    format!("{article}{}{} {kind}", FIRST[place % 40], SECOND[place / 40])
}

pub(super) fn postcode(number: usize) -> String {
    let letter = |number: usize| char::from(b"ABDEFGHJLNPQRSTUWXYZ"[number % 20]);
    let (town, district) = (TOWNS[number % 16], 1 + number / 16 % 40);
    let (sector, street) = (number / 7 % 10, scattered(number, 400));
    format!("{town}{district} {sector}{}{}", letter(street), letter(street / 20))
}

/// Goes through all numbers below `all` in an order that looks like none.
fn scattered(number: usize, all: usize) -> usize {
    // Prime, so that it shares no factor with any of the sizes here.
    const STRIDE: usize = 7_919;
    number * STRIDE % all
}
