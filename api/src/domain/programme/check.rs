//! What every draft must fulfil: its number, its words, and codes that stand once.

use std::collections::HashSet;

use entity::job_description::State;

use super::content::{Versioned, Versions};
use crate::{
    domain::{
        error::{ProblemCode, Problems},
        text,
    },
    ids::Slug,
};

/// What stands at the head of a version.
#[derive(Debug, Clone)]
pub struct Head {
    pub title: String,
    pub description: String,
    /// Who wrote it, and from what.
    pub source: String,
}

impl Head {
    pub(super) fn read(self, problems: &mut Problems) -> Self {
        Self {
            title: text::name(&self.title, "input.content.title", problems),
            description: text::sentence(&self.description, "input.content.description", problems),
            source: text::sentence(&self.source, "input.content.source", problems),
        }
    }
}

/// Whether a version may be drafted under that number.
pub(super) fn number<T: Versioned>(
    versions: &Versions<T>,
    numbers: (i32, i32, i32),
    problems: &mut Problems,
) {
    let same = versions.all().iter().find(|each| each.numbers() == numbers);
    if let Some(same) = same {
        let sentence = if same.state() == State::Draft {
            "there is a draft of that version: redraft it"
        } else {
            "that version is published, and a published one is never changed: draft the next one"
        };
        problems.add("input.version", ProblemCode::AlreadyExists, sentence);
    }
    follows(versions, numbers, "input.version", problems);
}

/// Whether nothing that was published stands after that number.
pub(super) fn follows<T: Versioned>(
    versions: &Versions<T>,
    numbers: (i32, i32, i32),
    path: &'static str,
    problems: &mut Problems,
) {
    let published = versions.all().iter().rfind(|each| each.state() != State::Draft);
    if let Some(later) = published.filter(|later| later.numbers() > numbers) {
        let sentence = format!("version {} is published: draft one after it", later.version());
        problems.add(path, ProblemCode::OutOfRange, sentence);
    }
}

/// A list that holds something, and not too much.
pub(super) fn size(count: usize, most: usize, path: String, problems: &mut Problems) {
    if count == 0 {
        problems.add(path, ProblemCode::Required, "send at least one");
    } else if count > most {
        problems.add(path, ProblemCode::OutOfRange, format!("send at most {most}"));
    }
}

/// The codes that stood so far: each stands once.
#[derive(Default)]
pub(super) struct Codes(HashSet<String>);

impl Codes {
    pub(super) fn read(&mut self, code: &str, path: String, problems: &mut Problems) {
        if let Err(malformed) = code.parse::<Slug>() {
            problems.add(path, ProblemCode::Malformed, malformed.to_string());
        } else if !self.0.insert(code.to_owned()) {
            let sentence = format!("{code} stands here twice: a code names one thing");
            problems.add(path, ProblemCode::AlreadyExists, sentence);
        }
    }
}
