//! One pass over a file before it is read: its hash, how many lines it has, and whether
//! it is UTF-8.

use std::{
    fs::File,
    io::{self, Read, Seek},
};

use encoding_rs::WINDOWS_1252;
use sha2::{Digest, Sha256};

use crate::import::source::hexadecimal;

const CHUNK: usize = 256 * 1024;

/// What a file is, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) sha256: String,
    pub(super) bytes: u64,
    pub(super) line_breaks: u64,
    pub(super) is_utf8: bool,
}

/// Reads the file to its end, and goes back to its beginning.
pub(super) fn scan(file: &mut File) -> io::Result<Scan> {
    let mut hash = Sha256::new();
    let mut found = Scan { sha256: String::new(), bytes: 0, line_breaks: 0, is_utf8: true };
    let mut buffer = vec![0; CHUNK];
    // The beginning of a character whose end is in the next chunk.
    let mut kept = 0;
    file.rewind()?;
    loop {
        let read = file.read(&mut buffer[kept..])?;
        if read == 0 {
            break;
        }
        let new = &buffer[kept..kept + read];
        hash.update(new);
        found.bytes += read as u64;
        found.line_breaks += memchr::memchr_iter(b'\n', new).count() as u64;
        let filled = kept + read;
        kept = 0;
        if found.is_utf8
            && let Err(broken) = str::from_utf8(&buffer[..filled])
        {
            let sound = broken.valid_up_to();
            found.is_utf8 = broken.error_len().is_none();
            kept = if found.is_utf8 { filled - sound } else { 0 };
            buffer.copy_within(sound..sound + kept, 0);
        }
    }
    found.is_utf8 &= kept == 0;
    found.sha256 = hexadecimal(&hash.finalize());
    file.rewind()?;
    Ok(found)
}

/// A file's text as UTF-8, whichever of the two it is written in.
pub(super) enum Decoded {
    Plain(File),
    /// Windows-1252, in which every byte is a character.
    Windows {
        file: File,
        decoded: Vec<u8>,
        given: usize,
    },
}

impl Decoded {
    pub(super) fn windows(file: File) -> Self {
        Self::Windows { file, decoded: Vec::new(), given: 0 }
    }
}

impl Read for Decoded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(into),
            Self::Windows { file, decoded, given } => {
                if *given == decoded.len() {
                    let mut chunk = [0; 8 * 1024];
                    let read = file.read(&mut chunk)?;
                    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&chunk[..read]);
                    *decoded = text.into_owned().into_bytes();
                    *given = 0;
                }
                let more = into.len().min(decoded.len() - *given);
                into[..more].copy_from_slice(&decoded[*given..*given + more]);
                *given += more;
                Ok(more)
            }
        }
    }
}

/// Bytes of a file as text that can be kept: whatever is no UTF-8 is taken for
/// Windows-1252, and the one character that no database takes is left out.
pub(super) fn kept(raw: &[u8]) -> String {
    let text = match str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(raw).0.into_owned(),
    };
    let text = if text.contains('\0') { text.replace('\0', "") } else { text };
    text.trim_end_matches(['\r', '\n']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::made;

    #[test]
    fn a_character_across_two_chunks_is_still_utf8() {
        let mut text = "x".repeat(CHUNK - 1);
        text.push_str("é\n");
        let file = made::file("f.csv", text.as_bytes());
        let found = scan(&mut File::open(&file.path).unwrap()).unwrap();
        assert!(found.is_utf8 && found.line_breaks == 1 && found.bytes == CHUNK as u64 + 2);
        let half = made::file("g.csv", &text.as_bytes()[..CHUNK]);
        assert!(!scan(&mut File::open(&half.path).unwrap()).unwrap().is_utf8);
    }

    #[test]
    fn windows_bytes_become_their_characters() {
        let file = made::file("f.csv", b"Director \x96 Medical");
        let mut text = String::new();
        let mut decoded = Decoded::windows(File::open(&file.path).unwrap());
        decoded.read_to_string(&mut text).unwrap();
        assert_eq!(text, "Director – Medical");
        assert_eq!(kept(b"a\0\x96b\r\n"), "a–b");
    }
}
