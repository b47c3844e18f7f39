//! Finding an organisation by a part of its name, its code or its postcode.

use std::sync::Arc;

use entity::organisation::Kind;

use super::organisation::Organisation;

/// What can be looked for, folded once: capitals, words apart by one space.
#[derive(Default)]
pub struct SearchIndex(Vec<Folded>);

struct Folded {
    organisation: Arc<Organisation>,
    name: Box<str>,
    codes: Box<[Box<str>]>,
    postcode: Box<str>,
}

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
        Self(organisations.iter().map(Folded::new).collect())
    }

    /// The best `limit` answers to `text` among `kinds` (all, if none are named),
    /// in the order of match, then name, then id.
    pub fn search(
        &self,
        text: &str,
        kinds: &[Kind],
        limit: usize,
    ) -> Vec<(Match, Arc<Organisation>)> {
        let wanted = Wanted::new(text);
        let mut found: Vec<(Match, &Folded)> = self
            .0
            .iter()
            .filter(|each| kinds.is_empty() || kinds.contains(&each.organisation.kind()))
            .filter_map(|each| Some((wanted.matches(each)?, each)))
            .collect();
        let order = |(rank, folded): &(Match, &Folded)| (*rank, folded.organisation.id());
        let by_name = |one: &(Match, &Folded), other: &(Match, &Folded)| {
            let (rank, id) = order(one);
            let (other_rank, other_id) = order(other);
            (rank, &one.1.name, id).cmp(&(other_rank, &other.1.name, other_id))
        };
        if found.len() > limit && limit > 0 {
            found.select_nth_unstable_by(limit - 1, by_name);
            found.truncate(limit);
        }
        found.sort_unstable_by(by_name);
        found.into_iter().map(|(rank, each)| (rank, each.organisation.clone())).collect()
    }
}

impl Folded {
    fn new(organisation: &Arc<Organisation>) -> Self {
        let codes = organisation.codes.iter().map(|code| Box::from(code.code.to_uppercase()));
        Self {
            name: Box::from(fold(organisation.name.latest().map_or("", |name| name))),
            codes: codes.collect(),
            postcode: Box::from(close_up(organisation.postcode.latest().map_or("", |code| code))),
            organisation: organisation.clone(),
        }
    }
}

struct Wanted {
    name: String,
    code: String,
    finder: memchr::memmem::Finder<'static>,
}

impl Wanted {
    fn new(text: &str) -> Self {
        let name = fold(text);
        let finder = memchr::memmem::Finder::new(name.as_bytes()).into_owned();
        Self { code: close_up(&name), name, finder }
    }

    fn matches(&self, folded: &Folded) -> Option<Match> {
        if self.name.is_empty() {
            return None;
        }
        if folded.codes.iter().any(|code| **code == *self.code) {
            return Some(Match::Code);
        }
        if folded.codes.iter().any(|code| code.starts_with(&self.code)) {
            return Some(Match::CodePrefix);
        }
        let part = self.finder.find(folded.name.as_bytes());
        match part {
            Some(0) => return Some(Match::NamePrefix),
            _ if folded.postcode.starts_with(&self.code) => return Some(Match::PostcodePrefix),
            _ => {}
        }
        let name = folded.name.as_bytes();
        self.finder
            .find_iter(name)
            .any(|at| !name[at - 1].is_ascii_alphanumeric())
            .then_some(Match::WordPrefix)
            .or(part.map(|_| Match::NamePart))
    }
}

/// Capitals, with one space between words.
fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_uppercase()
}

fn close_up(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}
