//! Whether the quotes of a CSV record are sound.
//!
//! A CSV parser makes something of any text: a stray quote shifts the rest of a row
//! one column to the left, or swallows the rows that follow. So the quotes are checked
//! first, and only a record whose quotes are sound is parsed.

/// What the quotes of a record say; columns are counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    Sound {
        columns: usize,
    },
    /// The quote that opens this column is never closed.
    Open {
        column: usize,
    },
    /// This column goes on after its closing quote.
    TextAfter {
        column: usize,
    },
}

enum State {
    Start,
    Plain,
    Quoted,
    Closed,
    /// Space after a closing quote, which a doubled quote has not.
    Spaced,
}

/// Judges one record, with or without its line end.
pub(super) fn scan(record: &[u8]) -> Quotes {
    let mut state = State::Start;
    let mut column = 1;
    for &byte in record {
        state = match (state, byte) {
            (State::Quoted, b'"') => State::Closed,
            (State::Quoted, _) => State::Quoted,
            // Either a field's first quote, or the second of a doubled one.
            (State::Start | State::Closed, b'"') => State::Quoted,
            (_, b',') => {
                column += 1;
                State::Start
            }
            (State::Closed | State::Spaced, b' ' | b'\r' | b'\n') => State::Spaced,
            (State::Closed | State::Spaced, _) => return Quotes::TextAfter { column },
            (State::Start | State::Plain, _) => State::Plain,
        };
    }
    match state {
        State::Quoted => Quotes::Open { column },
        _ => Quotes::Sound { columns: column },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_records_are_counted() {
        for (record, columns) in [
            ("a,b,c\r\n", 3),
            (r#""a","b,c","""d""""#, 3),
            ("", 1),
            (",,", 3),
            (r#""a" ,b"#, 2),
            (r#"5" pipe,b"#, 2),
            ("\"a\nb\",c\n", 2),
        ] {
            assert_eq!(scan(record.as_bytes()), Quotes::Sound { columns }, "{record}");
        }
    }

    #[test]
    fn broken_quotes_are_named_by_column() {
        assert_eq!(scan(b"\"a\",\"b\n"), Quotes::Open { column: 2 });
        assert_eq!(scan(b"a,\"b\"\"\n"), Quotes::Open { column: 2 });
        assert_eq!(scan(b"\"a\",\"b\"c\",\"d\"\n"), Quotes::TextAfter { column: 2 });
        assert_eq!(scan(b"\"a\" \"b,c\",d\n"), Quotes::TextAfter { column: 1 });
        assert_eq!(scan(b"\"A1\n\"A2\",\"b\"\n"), Quotes::TextAfter { column: 1 });
    }
}
