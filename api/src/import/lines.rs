//! Physical lines of a stream, in a buffer that can look a few lines ahead.

use std::io::{self, Read};

use super::{problem::Place, records::LONGEST_RECORD};

const CHUNK: usize = 64 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    /// The part of the buffer that was read and not consumed.
    start: usize,
    filled: usize,
    /// Where `start` is in the file.
    offset: u64,
    line: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: vec![0; CHUNK], start: 0, filled: 0, offset: 0, line: 1 }
    }

    /// The next bytes, which [`Lines::line_after`] has brought in.
    pub(super) fn ahead(&self, length: usize) -> &[u8] {
        &self.buffer[self.start..self.start + length]
    }

    /// The last bytes that were consumed, until more are brought in.
    pub(super) fn behind(&self, length: usize) -> &[u8] {
        &self.buffer[self.start.saturating_sub(length)..self.start]
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    pub(super) fn into_input(self) -> R {
        self.input
    }

    /// The length, with its end, of the line that begins `skip` bytes ahead. A line that
    /// does not end within [`LONGEST_RECORD`] is given as somewhat longer than that.
    pub(super) fn line_after(&mut self, skip: usize) -> io::Result<Option<usize>> {
        if self.offset == 0 && self.start == 0 && self.filled == 0 {
            self.skip_byte_order_mark()?;
        }
        let mut searched = 0;
        loop {
            let line = &self.buffer[self.start + skip..self.filled];
            if let Some(end) = line[searched..].iter().position(|&b| b == b'\n' || b == b'\r') {
                let end = searched + end;
                // A carriage return ends a line alone or with the line feed after it.
                if line[end] == b'\n' {
                    return Ok(Some(end + 1));
                }
                if let Some(&after) = line.get(end + 1) {
                    return Ok(Some(end + 1 + usize::from(after == b'\n')));
                }
                searched = end;
                if self.fill()? == 0 {
                    return Ok(Some(end + 1));
                }
                continue;
            }
            searched = line.len();
            if skip + line.len() > LONGEST_RECORD || self.fill()? == 0 {
                let rest = self.filled - self.start - skip;
                return Ok((rest > 0).then_some(rest));
            }
        }
    }

    /// Moves past so many bytes, which were so many lines.
    pub(super) fn consume(&mut self, length: usize, lines: u64) -> Place {
        let place = Place {
            sheet: 0,
            line: self.line,
            start: self.offset,
            end: self.offset + length as u64,
        };
        self.start += length;
        self.offset += length as u64;
        self.line += lines;
        place
    }

    /// Moves past a line of any length, without keeping it.
    pub(super) fn skip_line(&mut self) -> io::Result<Place> {
        let (line, start) = (self.line, self.offset);
        while let Some(length) = self.line_after(0)? {
            let ended = matches!(self.ahead(length).last(), Some(b'\n' | b'\r'));
            self.consume(length, 0);
            if ended {
                break;
            }
        }
        self.line += 1;
        Ok(Place { sheet: 0, line, start, end: self.offset })
    }

    fn skip_byte_order_mark(&mut self) -> io::Result<()> {
        while self.filled < BYTE_ORDER_MARK.len() && self.fill()? > 0 {}
        if self.buffer[..self.filled].starts_with(BYTE_ORDER_MARK) {
            self.consume(BYTE_ORDER_MARK.len(), 0);
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<usize> {
        if self.filled == self.buffer.len() {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.filled, 0);
                self.filled -= self.start;
                self.start = 0;
            }
            if self.filled * 2 > self.buffer.len() {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
        }
        loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                found => {
                    self.filled += *found.as_ref().unwrap_or(&0);
                    return found;
                }
            }
        }
    }
}
