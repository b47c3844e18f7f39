//! Pages by keyset: after this one, the next so many. A page never depends on how
//! many came before it, and stays right while rows come and go.

use std::{borrow::Cow, cmp::Ordering, collections::BinaryHeap};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::error::Failure;

pub const LARGEST: usize = 100;
pub const DEFAULT: usize = 20;

/// What a list is ordered by; the id settles what is otherwise equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key<'a> {
    pub by: By<'a>,
    pub id: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum By<'a> {
    /// Nothing known: comes before everything that is.
    Nothing,
    Number(i64),
    Text(Cow<'a, str>),
}

impl Key<'_> {
    /// The key as an opaque word for clients.
    pub fn cursor(&self) -> String {
        let by = match &self.by {
            By::Nothing => "-".to_owned(),
            By::Number(number) => format!("n{number}"),
            By::Text(text) => format!("t{text}"),
        };
        URL_SAFE_NO_PAD.encode(format!("{}:{by}", self.id))
    }

    fn into_owned(self) -> Key<'static> {
        let by = match self.by {
            By::Nothing => By::Nothing,
            By::Number(number) => By::Number(number),
            By::Text(text) => By::Text(Cow::Owned(text.into_owned())),
        };
        Key { by, id: self.id }
    }
}

/// Reads what [`Key::cursor`] wrote.
pub fn read_cursor(cursor: &str) -> Option<Key<'static>> {
    let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (id, by) = plain.split_once(':')?;
    let by = match by.split_at_checked(1)? {
        ("-", "") => By::Nothing,
        ("n", number) => By::Number(number.parse().ok()?),
        ("t", text) => By::Text(Cow::Owned(text.to_owned())),
        _ => return None,
    };
    Some(Key { by, id: id.parse().ok()? })
}

/// What a client asks for: the first so many after a cursor, or the last so many before one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PageRequest {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// A page request that makes sense.
#[derive(Debug, Clone)]
pub struct Window {
    pub size: usize,
    pub backward: bool,
    pub after: Option<Key<'static>>,
    pub before: Option<Key<'static>>,
}

/// A window on rows that are listed, one way or the other, by a rising id alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Span {
    pub size: usize,
    pub backward: bool,
    pub after: Option<i64>,
    pub before: Option<i64>,
}

/// A page, in the order of the list, each with the key that its cursor says.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<(Key<'static>, T)>,
    pub has_next: bool,
    pub has_previous: bool,
}

impl<T> Page<T> {
    pub fn empty() -> Self {
        Self { items: Vec::new(), has_next: false, has_previous: false }
    }
}

impl PageRequest {
    pub fn window(&self) -> Result<Window, Failure> {
        self.window_of(LARGEST)
    }

    /// As [`PageRequest::window`], for a list with pages of another size.
    pub fn window_of(&self, largest: usize) -> Result<Window, Failure> {
        let (asked, backward) = match (self.first, self.last) {
            (Some(_), Some(_)) => {
                return Err(Failure::BadRequest("send first or last, not both".to_owned()));
            }
            (None, Some(last)) => (last, true),
            (first, None) => (first.unwrap_or(DEFAULT as i32), false),
        };
        let size = usize::try_from(asked).ok().filter(|size| (1..=largest).contains(size));
        let size = size.ok_or_else(|| {
            Failure::BadRequest(format!("a page holds 1 to {largest}, not {asked}"))
        })?;
        let cursor = |cursor: &Option<String>| {
            let read = |text: &String| {
                read_cursor(text).ok_or_else(|| {
                    Failure::BadRequest("that cursor is not one that this list gave".to_owned())
                })
            };
            cursor.as_ref().map(read).transpose()
        };
        Ok(Window { size, backward, after: cursor(&self.after)?, before: cursor(&self.before)? })
    }
}

impl Window {
    pub fn span(&self) -> Span {
        let id = |key: &Option<Key>| key.as_ref().map(|key| key.id);
        Span {
            size: self.size,
            backward: self.backward,
            after: id(&self.after),
            before: id(&self.before),
        }
    }
}

/// The order of a list: which key, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    fn compare(self, one: &Key, other: &Key) -> Ordering {
        match self {
            Self::Ascending => one.cmp(other),
            Self::Descending => other.cmp(one),
        }
    }
}

/// One candidate for a page; the heap keeps the worst of them on top.
struct Candidate<'a, T> {
    key: Key<'a>,
    item: T,
    /// The way in which the page is filled, from its edge onwards.
    toward: Direction,
}

impl<T> Ord for Candidate<'_, T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.toward.compare(&self.key, &other.key)
    }
}

impl<T> PartialOrd for Candidate<'_, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Candidate<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<T> Eq for Candidate<'_, T> {}

/// The page of `candidates` that the window shows; holds no more than the page.
pub fn page<'a, T>(
    candidates: impl Iterator<Item = (Key<'a>, T)>,
    direction: Direction,
    window: &Window,
) -> Page<T> {
    let toward = match (direction, window.backward) {
        (Direction::Ascending, false) | (Direction::Descending, true) => Direction::Ascending,
        (Direction::Ascending, true) | (Direction::Descending, false) => Direction::Descending,
    };
    let after = |key: &Key, edge: &Key| direction.compare(key, edge) == Ordering::Greater;
    let (mut outside_before, mut outside_after) = (false, false);
    let mut kept: BinaryHeap<Candidate<'a, T>> = BinaryHeap::with_capacity(window.size + 2);
    for (key, item) in candidates {
        if window.after.as_ref().is_some_and(|edge| !after(&key, edge)) {
            outside_before = true;
        } else if window.before.as_ref().is_some_and(|edge| !after(edge, &key)) {
            outside_after = true;
        } else if kept.len() <= window.size
            || kept.peek().is_some_and(|worst| toward.compare(&key, &worst.key) == Ordering::Less)
        {
            kept.push(Candidate { key, item, toward });
            if kept.len() > window.size + 1 {
                kept.pop();
            }
        }
    }
    let more = kept.len() > window.size;
    if more {
        kept.pop();
    }
    let mut items: Vec<_> = kept.into_sorted_vec();
    if window.backward {
        items.reverse();
    }
    Page {
        items: items.into_iter().map(|each| (each.key.into_owned(), each.item)).collect(),
        has_next: if window.backward { outside_after } else { more },
        has_previous: if window.backward { more } else { outside_before },
    }
}

/// The page out of rows that the database sent in the order of the list (against it, if
/// the span goes backward) and one more than the page holds, keyed by an id.
pub fn page_of<T>(mut rows: Vec<T>, span: &Span, id: impl Fn(&T) -> i64) -> Page<T> {
    let more = rows.len() > span.size;
    rows.truncate(span.size);
    if span.backward {
        rows.reverse();
    }
    let key = |row: &T| Key { by: By::Nothing, id: id(row) };
    Page {
        items: rows.into_iter().map(|row| (key(&row), row)).collect(),
        has_next: if span.backward { span.before.is_some() } else { more },
        has_previous: if span.backward { more } else { span.after.is_some() },
    }
}
