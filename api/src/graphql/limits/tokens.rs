//! Counts a query's tokens and nesting before it is parsed.
//!
//! The parser builds a tree of everything it reads and descends one frame for each
//! bracket, so what is too long or too deep must be seen first. This reader knows
//! where tokens begin and end and nothing else; whether they make sense is for the
//! parser to say.

use crate::graphql::refusal::Refusal;

/// Brackets within brackets; far above any query that the depth limit allows.
const MAX_NESTING: u64 = 50;

/// Bytes of a document; what is longer than this is data and belongs in variables.
const MAX_LENGTH: usize = 100_000;

/// The number of tokens, if the document is at most [`MAX_LENGTH`] long, they are at most `limit` and nest at most [`MAX_NESTING`] deep.
pub(super) fn count(query: &str, limit: usize) -> Result<usize, Refusal> {
    if query.len() > MAX_LENGTH {
        let (length, limit) = (query.len() as u64, MAX_LENGTH as u64);
        return Err(Refusal::too_complex("The length of the query", length, limit));
    }
    let mut reader = Reader { rest: query.as_bytes() };
    let (mut tokens, mut nesting) = (0, 0_u64);
    while let Some(first) = reader.next_token()? {
        tokens += 1;
        match first {
            b'{' | b'[' | b'(' => nesting += 1,
            b'}' | b']' | b')' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if tokens > limit {
            let message = format!("The query has more than {limit} tokens, which is the limit.");
            return Err(Refusal::new(crate::graphql::refusal::Code::TooComplex, message));
        }
        if nesting > MAX_NESTING {
            return Err(Refusal::too_complex("The nesting of brackets", nesting, MAX_NESTING));
        }
    }
    Ok(tokens)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    /// Passes over one token and gives its first byte.
    fn next_token(&mut self) -> Result<Option<u8>, Refusal> {
        self.skip_ignored();
        let Some(&first) = self.rest.first() else { return Ok(None) };
        match first {
            0 => return Err(nul()),
            b'"' if self.rest.starts_with(b"\"\"\"") => self.block_string()?,
            b'"' => self.string()?,
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                self.skip_while(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
            }
            b'-' | b'0'..=b'9' => self.number(),
            _ if self.rest.starts_with(b"...") => self.skip(3),
            _ => self.skip(1),
        }
        Ok(Some(first))
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn skip_while(&mut self, belongs: impl Fn(u8) -> bool) {
        let end = self.rest.iter().position(|&byte| !belongs(byte));
        self.skip(end.unwrap_or(self.rest.len()));
    }

    fn skip_ignored(&mut self) {
        loop {
            match self.rest {
                [b' ' | b',' | b'\t' | b'\r' | b'\n', ..] => self.skip(1),
                [0xEF, 0xBB, 0xBF, ..] => self.skip(3),
                [b'#', ..] => self.skip_while(|byte| byte != b'\n' && byte != b'\r'),
                _ => return,
            }
        }
    }

    fn number(&mut self) {
        self.skip(1);
        self.skip_while(|byte| byte.is_ascii_digit());
        if matches!(self.rest, [b'.', b'0'..=b'9', ..]) {
            self.skip(1);
            self.skip_while(|byte| byte.is_ascii_digit());
        }
        match self.rest {
            [b'e' | b'E', b'+' | b'-', b'0'..=b'9', ..] => self.skip(2),
            [b'e' | b'E', b'0'..=b'9', ..] => self.skip(1),
            _ => return,
        }
        self.skip_while(|byte| byte.is_ascii_digit());
    }

    fn string(&mut self) -> Result<(), Refusal> {
        self.skip(1);
        loop {
            self.skip_while(|byte| !matches!(byte, b'"' | b'\\' | b'\n' | b'\r' | 0));
            match self.rest {
                [0, ..] | [b'\\', b'u', b'0', b'0', b'0', b'0', ..] => return Err(nul()),
                [b'\\', ..] => self.skip(2),
                [b'"', ..] => {
                    self.skip(1);
                    return Ok(());
                }
                _ => return Ok(()),
            }
        }
    }

    fn block_string(&mut self) -> Result<(), Refusal> {
        self.skip(3);
        loop {
            self.skip_while(|byte| !matches!(byte, b'"' | b'\\' | 0));
            match self.rest {
                [] => return Ok(()),
                [0, ..] => return Err(nul()),
                [b'"', b'"', b'"', ..] => {
                    self.skip(3);
                    return Ok(());
                }
                [b'\\', b'"', b'"', b'"', ..] => self.skip(4),
                _ => self.skip(1),
            }
        }
    }
}

/// PostgreSQL's text cannot hold this character, so no text here may.
fn nul() -> Refusal {
    Refusal::bad_request("The query holds the character U+0000, which is not allowed.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::refusal::Code;

    fn tokens(query: &str) -> usize {
        count(query, 1000).unwrap()
    }

    #[test]
    fn tokens_are_counted_as_the_specification_counts_them() {
        assert_eq!(tokens(""), 0);
        assert_eq!(tokens("\u{feff} ,,\n# { a comment }\r"), 0);
        assert_eq!(tokens("{ a, b }"), 4);
        assert_eq!(tokens("{a(x:$v)@d{...f}}"), 15);
        assert_eq!(tokens("[1-2-3 -4.5e+6 1.5.5]"), 9);
        assert_eq!(tokens(r#""a \" { b" "" """c " \""" { d""" e"#), 4);
    }

    #[test]
    fn a_string_that_does_not_end_hides_nothing_after_its_line() {
        assert_eq!(tokens("\"a\n{b}"), 4);
        assert_eq!(tokens("\"\"\"a {b}"), 1);
    }

    #[test]
    fn what_is_too_long_or_too_deep_is_refused() {
        let code = |query: &str| count(query, 1000).unwrap_err().code;
        assert_eq!(code(&"a ".repeat(1001)), Code::TooComplex);
        for bracket in ["{", "[", "(", "{a"] {
            assert_eq!(code(&bracket.repeat(90_000 / bracket.len())), Code::TooComplex);
        }
        assert_eq!(code(&"{a".repeat(51)), Code::TooComplex);
        assert_eq!(code(&" ".repeat(100_001)), Code::TooComplex);
        assert_eq!(tokens(&format!("{}{}", "[".repeat(50), "]".repeat(50))), 100);
        assert_eq!(tokens(&"[]".repeat(100)), 200);
    }

    #[test]
    fn nul_is_refused_however_it_is_written() {
        for query in ["\0", "{a(x: \"\0\")}", r#"{a(x: "\u0000")}"#, "\"\"\"\0\"\"\""] {
            assert_eq!(count(query, 1000).unwrap_err().code, Code::BadRequest, "{query:?}");
        }
        assert_eq!(tokens(r#""\\u0000" """\u0000""" # \u0000"#), 2);
    }
}
