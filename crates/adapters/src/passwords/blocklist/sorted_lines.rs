//! Finds a line in a sorted text by binary search, without reading all of it.

use std::{fs::File, io, os::unix::fs::FileExt};

/// The maximum length of a line in bytes: 128 code points of four bytes each.
const WINDOW: usize = 1024;

/// A text with random access.
pub(super) trait Text {
    fn length(&self) -> io::Result<u64>;

    /// Reads bytes from an offset, up to the size of the buffer or the end of the text.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

impl Text for &[u8] {
    fn length(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        io::Read::read(&mut &*rest, buffer)
    }
}

impl Text for &File {
    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = 0;
        while let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match FileExt::read_at(*self, rest, offset + read as u64) {
                Ok(0) => break,
                Ok(bytes) => read += bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(read)
    }
}

/// Returns `true` if a line of the text has this key. The lines must be sorted by the bytes of their keys, and
/// `key_of` returns the key of a line.
///
/// # Errors
/// The text can't be read.
pub(super) fn contains(
    text: &impl Text,
    key: &[u8],
    key_of: impl Fn(&[u8]) -> &[u8],
) -> io::Result<bool> {
    // The line begins in `low..high`, where `low` is the beginning of a line.
    let (mut low, mut high) = (0, text.length()?);
    let mut buffer = [0; WINDOW];
    while low < high {
        let middle = low + (high - low) / 2;
        let Some((start, end)) = line_from(text, low, middle, high, &mut buffer)? else {
            high = middle;
            continue;
        };
        let line = buffer.get(..usize::try_from(end - start).unwrap_or(0)).unwrap_or_default();
        match key_of(line).cmp(key) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(false)
}

/// Returns `true` if lines sampled from the whole text are in the order that the search requires.
///
/// # Errors
/// The text can't be read.
pub(super) fn looks_sorted(text: &impl Text, key_of: impl Fn(&[u8]) -> &[u8]) -> io::Result<bool> {
    const PLACES: u64 = 64;
    let (length, mut buffer) = (text.length()?, [0; WINDOW]);
    let mut last = Vec::new();
    for place in 0..PLACES {
        let from = length / PLACES * place;
        let Some((start, end)) = line_from(text, 0, from, length, &mut buffer)? else { break };
        let line = buffer.get(..usize::try_from(end - start).unwrap_or(0)).unwrap_or_default();
        let key = key_of(line);
        if key < last.as_slice() {
            return Ok(false);
        }
        last = key.to_vec();
    }
    Ok(true)
}

/// Returns the first line that begins at or after `from`, and before `until`, and moves it to the beginning of the
/// buffer. A line begins at `low`.
fn line_from(
    text: &impl Text,
    low: u64,
    from: u64,
    until: u64,
    buffer: &mut [u8; WINDOW],
) -> io::Result<Option<(u64, u64)>> {
    let mut start = low;
    if from > low {
        // Includes the newline before a line that begins at `from`.
        let read = text.read_at(from - 1, buffer)?;
        match newline(buffer.get(..read).unwrap_or_default()) {
            Some(at) => start = from + at as u64,
            None => return Ok(None),
        }
    }
    if start >= until {
        return Ok(None);
    }
    let read = text.read_at(start, buffer)?;
    let length = newline(buffer.get(..read).unwrap_or_default()).unwrap_or(read);
    Ok(Some((start, start + length as u64)))
}

fn newline(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, key: &str) -> bool {
        contains(&text.as_bytes(), key.as_bytes(), |line| line).unwrap()
    }

    #[test]
    fn only_lines_of_the_text_are_found() {
        let words = ["a", "ab", "abc", "b", "bb", "c", "cd", "zebra"];
        for count in 0..=words.len() {
            let lines = &words[..count];
            for end in ["", "\n"] {
                let text = lines.join("\n") + end;
                for word in words {
                    assert_eq!(found(&text, word), lines.contains(&word), "{word} in {text:?}");
                }
                for other in ["A", "aa", "abcd", "bc", "d", "zebr", "zebras"] {
                    assert!(!found(&text, other), "{other} in {text:?}");
                }
            }
        }
    }

    #[test]
    fn file_is_searched_like_text_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        let numbers: Vec<String> = (0..5000).map(|number| format!("{number:05}")).collect();
        std::fs::write(&path, numbers.join("\n")).unwrap();
        let file = File::open(&path).unwrap();
        let found = |key: &str| contains(&&file, key.as_bytes(), |line| line).unwrap();
        assert!(numbers.iter().all(|number| found(number)));
        assert!(!found("05000") && !found("0123") && !found("012345"));
    }
}
