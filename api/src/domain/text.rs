//! Texts that people send: one way to read them, one set of sentences for what is wrong.

use std::borrow::Cow;

use super::error::{ProblemCode, Problems};

/// A name with single spaces, 1 to 200 characters, none of them a control character.
pub(super) fn name(
    text: &str,
    path: impl Into<Cow<'static, str>>,
    problems: &mut Problems,
) -> String {
    const LONGEST: usize = 200;
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = words.join(" ");
    if name.is_empty() {
        problems.add(path, ProblemCode::Required, "a name has at least one character");
    } else if name.chars().count() > LONGEST {
        let sentence = format!("a name has at most {LONGEST} characters");
        problems.add(path, ProblemCode::OutOfRange, sentence);
    } else if name.chars().any(char::is_control) {
        problems.add(path, ProblemCode::Malformed, "a name holds no control characters");
    }
    name
}

/// What somebody says in a sentence or two: 1 to 2,000 characters, none of them a control
/// character but for line breaks.
pub(super) fn sentence(
    text: &str,
    path: impl Into<Cow<'static, str>>,
    problems: &mut Problems,
) -> String {
    const LONGEST: usize = 2_000;
    let said = text.trim();
    if said.is_empty() || said.chars().count() > LONGEST {
        let sentence = "send 1 to 2,000 characters that say it to those who read it later";
        problems.add(path, ProblemCode::Required, sentence);
    } else if said.chars().any(|each| each.is_control() && each != '\n') {
        problems.add(path, ProblemCode::Malformed, "leave out control characters");
    }
    said.to_owned()
}

/// A British postcode in its usual spelling: capitals, one space before the last three.
pub(super) fn postcode(text: &str, path: &'static str, problems: &mut Problems) -> String {
    let closed: String =
        text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let plain = closed.bytes().all(|b| b.is_ascii_alphanumeric());
    if !plain || !(5..=7).contains(&closed.len()) {
        problems.add(path, ProblemCode::Malformed, "a postcode looks like TS18 1HU");
        return closed;
    }
    let (outward, inward) = closed.split_at(closed.len() - 3);
    format!("{outward} {inward}")
}
