//! A learner's reference, such as `L-4F7K2M`: it says nothing of the person, nor how many
//! there are, and is unique because it is the row's id, told in another way.

/// Crockford's digits: none that is taken for another when it is read aloud.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Every odd number has an inverse, so that no two ids come out the same.
const FACTORS: [u64; 3] = [0x5bd1_e995_9d1c_a3b5, 0x9e37_79b9_7f4a_7c15, 0xc2b2_ae3d_27d4_eb4f];
const SHORTEST: u32 = 6;
const LONGEST: u32 = 12;

/// The reference of the learner whose row has that id.
pub fn reference(id: i64) -> String {
    let id = id.unsigned_abs();
    let fits = |digits: &u32| id >> (5 * digits) == 0;
    let digits = (SHORTEST..LONGEST).find(fits).unwrap_or(LONGEST);
    let mixed = mix(id, 5 * digits);
    let digit = |place: u32| char::from(DIGITS[(mixed >> (5 * place) & 31) as usize]);
    std::iter::once("L-".to_owned())
        .chain((0..digits).rev().map(|place| digit(place).to_string()))
        .collect()
}

/// A permutation of the numbers of so many bits.
fn mix(number: u64, bits: u32) -> u64 {
    let mask = (1 << bits) - 1;
    FACTORS.into_iter().fold(number, |number, factor| {
        let number = number.wrapping_mul(factor) & mask;
        number ^ (number >> (bits / 2))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_ids_have_the_same_reference() {
        let ids = (0..200_000).chain((1 << 30)..(1 << 30) + 50_000).chain([i64::MAX]);
        let all: Vec<i64> = ids.collect();
        let references: HashSet<String> = all.iter().map(|id| reference(*id)).collect();
        assert_eq!(references.len(), all.len());
    }

    #[test]
    fn a_reference_is_short_and_does_not_count_on() {
        let (one, next) = (reference(1000), reference(1001));
        assert_eq!(one.len(), "L-4F7K2M".len());
        let same = one.bytes().zip(next.bytes()).filter(|(one, next)| one == next).count();
        assert!(same < 6, "{one} {next}");
        assert!(one[2..].bytes().all(|byte| DIGITS.contains(&byte)));
    }
}
