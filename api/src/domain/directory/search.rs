//! Finding an organisation by a part of its name, its code or its postcode.
//!
//! All names stand in one text, in the order in which answers are given, so that a
//! part of a name is found in one pass over memory, and an answer's place in that order
//! is a number. Codes and postcodes stand sorted, for their beginnings.

use std::sync::Arc;

use entity::organisation::Kind;
use memchr::memmem;

use super::organisation::Organisation;

/// What can be looked for, folded once: capitals, words apart by one space.
#[derive(Default)]
pub struct SearchIndex {
    /// In the order of name, then id.
    organisations: Vec<Arc<Organisation>>,
    /// Their names in that order, each with [`END`] behind it.
    names: String,
    /// Where each name starts.
    starts: Vec<usize>,
    codes: Starts,
    postcodes: Starts,
}

/// No name holds it: the words of a name are joined by spaces.
const END: char = '\n';

/// Texts in their order, each with the place of the organisation that bears it.
type Starts = Vec<(Box<str>, usize)>;

/// How well an organisation answers a search, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    Code,
    CodePrefix,
    NamePrefix,
    PostcodePrefix,
    WordPrefix,
    NamePart,
}

impl SearchIndex {
    pub fn new(organisations: &[Arc<Organisation>]) -> Self {
        let name = |each: &Organisation| fold(each.name.latest().map_or("", |name| name));
        let mut named: Vec<_> = organisations.iter().map(|each| (name(each), each)).collect();
        named.sort_unstable_by(|(one, first), (other, second)| {
            (one, first.id()).cmp(&(other, second.id()))
        });
        let mut index = Self::default();
        for (name, organisation) in named {
            index.add(&name, organisation);
        }
        index.codes.sort_unstable();
        index.postcodes.sort_unstable();
        index
    }

    fn add(&mut self, name: &str, organisation: &Arc<Organisation>) {
        let place = self.organisations.len();
        self.starts.push(self.names.len());
        self.names.push_str(name);
        self.names.push(END);
        let codes = organisation.codes.iter().map(|code| code.code.to_uppercase().into());
        self.codes.extend(codes.map(|code| (code, place)));
        let postcode = organisation.postcode.latest().map(|code| close_up(code).into());
        self.postcodes.extend(postcode.map(|postcode| (postcode, place)));
        self.organisations.push(organisation.clone());
    }

    /// The best `limit` answers to `text` among `kinds` (all, if none are named),
    /// in the order of match, then name, then id.
    pub fn search(
        &self,
        text: &str,
        kinds: &[Kind],
        limit: usize,
    ) -> Vec<(Match, Arc<Organisation>)> {
        let wanted =
            |place: usize| kinds.is_empty() || kinds.contains(&self.organisations[place].kind());
        let matches = self.matches(text).into_iter().enumerate();
        let mut found: Vec<(Match, usize)> = matches
            .filter_map(|(place, best)| Some((best?, place)))
            .filter(|(_, place)| wanted(*place))
            .collect();
        if found.len() > limit && limit > 0 {
            found.select_nth_unstable(limit - 1);
            found.truncate(limit);
        }
        found.sort_unstable();
        found.into_iter().map(|(rank, place)| (rank, self.organisations[place].clone())).collect()
    }

    /// How well each organisation answers, by its place.
    fn matches(&self, text: &str) -> Vec<Option<Match>> {
        let mut best = vec![None; self.organisations.len()];
        let mut take = |place: usize, rank: Match| {
            let known = &mut best[place];
            *known = Some(known.map_or(rank, |known: Match| known.min(rank)));
        };
        let name = fold(text);
        if name.is_empty() {
            return best;
        }
        let code = close_up(&name);
        for (borne, place) in starting(&self.codes, &code) {
            take(*place, if **borne == *code { Match::Code } else { Match::CodePrefix });
        }
        for (_, place) in starting(&self.postcodes, &code) {
            take(*place, Match::PostcodePrefix);
        }
        let mut place = 0;
        for at in memmem::find_iter(self.names.as_bytes(), name.as_bytes()) {
            while self.starts.get(place + 1).is_some_and(|next| *next <= at) {
                place += 1;
            }
            take(place, self.within(at, self.starts[place]));
        }
        best
    }

    /// What a part of the name that starts there is of it.
    fn within(&self, at: usize, start: usize) -> Match {
        if at == start {
            Match::NamePrefix
        } else if self.names.as_bytes()[at - 1].is_ascii_alphanumeric() {
            Match::NamePart
        } else {
            Match::WordPrefix
        }
    }
}

/// Those of the texts that start so.
fn starting<'a>(texts: &'a Starts, start: &'a str) -> impl Iterator<Item = &'a (Box<str>, usize)> {
    let first = texts.partition_point(|(text, _)| **text < *start);
    texts[first..].iter().take_while(move |(text, _)| text.starts_with(start))
}

/// Capitals, with one space between words.
fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_uppercase()
}

fn close_up(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use entity::{
        organisation::{self, Source},
        organisation_code::{self, CodeScheme},
    };

    use super::*;

    fn organisation(
        id: i64,
        kind: Kind,
        name: &str,
        code: &str,
        postcode: &str,
    ) -> Arc<Organisation> {
        let opened_on = NaiveDate::default();
        let source = Source::Ods;
        let row = organisation::Model { id, kind, source, opened_on, closed_on: None, version: 1 };
        let mut made = Organisation::new(row);
        made.name.push(opened_on, name.into());
        made.postcode.push(opened_on, postcode.into());
        made.codes.push(organisation_code::Model {
            scheme: CodeScheme::Ods,
            code: code.to_owned(),
            valid_from: opened_on,
            valid_to: None,
            organisation_id: id,
        });
        Arc::new(made)
    }

    fn register() -> SearchIndex {
        SearchIndex::new(&[
            organisation(1, Kind::Site, "Oak Street Surgery", "A81001", "AB1 2CD"),
            organisation(2, Kind::Site, "The Oak Practice", "A81002", "OA1 1AA"),
            organisation(3, Kind::Site, "Broaks  Medical", "OAK", "CD3 4EF"),
            organisation(4, Kind::Pcn, "Oak and Ash PCN", "U00001", ""),
            organisation(5, Kind::Site, "Broaks Medical", "A8100", "ZZ9 9ZZ"),
            organisation(6, Kind::Site, "Soak-Oak House", "OAKS9", "ZZ9 8ZZ"),
        ])
    }

    fn found(text: &str, kinds: &[Kind], limit: usize) -> Vec<(Match, i64)> {
        let found = register().search(text, kinds, limit);
        found.into_iter().map(|(rank, each)| (rank, each.id())).collect()
    }

    #[test]
    fn the_best_answers_come_first_and_equal_ones_by_name_and_id() {
        assert_eq!(
            found(" oak ", &[], 50),
            [
                (Match::Code, 3),
                (Match::CodePrefix, 6),
                (Match::NamePrefix, 4),
                (Match::NamePrefix, 1),
                (Match::WordPrefix, 2),
                (Match::NamePart, 5),
            ]
        );
        assert_eq!(found("oak", &[Kind::Pcn], 50), [(Match::NamePrefix, 4)]);
        assert_eq!(found("medical", &[], 50), [(Match::WordPrefix, 3), (Match::WordPrefix, 5)]);
    }

    #[test]
    fn no_more_are_given_than_wanted_and_those_are_the_best() {
        let all = found("oak", &[], 50);
        for limit in 1..all.len() {
            assert_eq!(found("oak", &[], limit), all[..limit]);
        }
    }

    #[test]
    fn a_postcode_is_found_by_its_beginning_however_it_is_spaced() {
        assert_eq!(found("ab12", &[], 50), [(Match::PostcodePrefix, 1)]);
        assert_eq!(found("zz9 9", &[], 50), [(Match::PostcodePrefix, 5)]);
        assert_eq!(found("oa1", &[], 50), [(Match::PostcodePrefix, 2)]);
    }

    #[test]
    fn nothing_is_found_across_two_names_or_by_nothing() {
        assert_eq!(found("pcn broaks", &[], 50), []);
        assert_eq!(found("medical\nbroaks", &[], 50), []);
        assert_eq!(found("  ", &[], 50), []);
        assert_eq!(found("2cd", &[], 50), []);
    }
}
