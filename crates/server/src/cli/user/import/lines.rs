use std::io::{self, BufRead, Read};

/// The maximum length of a line in bytes. No valid user is longer.
pub(super) const MAX_LINE: u64 = 64 * 1024;

/// A line of a file, without its line ending.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Text(Vec<u8>),
    TooLong,
}

/// Iterates over the lines of a file and the number of bytes that each took. Only one line is in memory at a time.
pub(crate) struct Lines<R>(pub(crate) R);

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<(Line, u64)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

impl<R: BufRead> Lines<R> {
    fn read(&mut self) -> io::Result<Option<(Line, u64)>> {
        let mut text = Vec::new();
        let read = (&mut self.0).take(MAX_LINE).read_until(b'\n', &mut text)? as u64;
        if read == 0 {
            return Ok(None);
        }
        if text.last() == Some(&b'\n') {
            text.pop();
        } else if read == MAX_LINE {
            let skipped = self.0.skip_until(b'\n')? as u64;
            return Ok(Some((Line::TooLong, read + skipped)));
        }
        Ok(Some((Line::Text(text), read)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_line_needs_no_line_ending() {
        let lines: Vec<_> = Lines(&b"a\n\nbc"[..]).map(Result::unwrap).collect();
        let text = |text: &[u8]| Line::Text(text.to_vec());
        assert_eq!(lines, [(text(b"a"), 2), (text(b""), 1), (text(b"bc"), 2)]);
    }

    #[test]
    fn too_long_line_is_skipped() {
        let long = "x".repeat(200_000);
        let text = format!("{long}\nb\n{long}");
        let lines: Vec<_> = Lines(text.as_bytes()).map(|line| line.unwrap().0).collect();
        assert_eq!(lines, [Line::TooLong, Line::Text(b"b".to_vec()), Line::TooLong]);
    }
}
