//! Decodes text from files and pipes of other programs, which may have a byte order mark (RFC 3629, section 6) or
//! another encoding.

use std::{fs, io, path::Path};

/// Errors returned when bytes are not UTF-8 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotText {
    #[error(
        "the text is UTF-16: write it as UTF-8 (in PowerShell, Set-Content -Encoding utf8 for a file, and \
         $OutputEncoding = [Text.UTF8Encoding]::new() for a pipe)"
    )]
    Utf16,
    #[error("the text is not valid UTF-8: convert it to UTF-8")]
    NotUtf8,
}

impl From<NotText> for io::Error {
    fn from(error: NotText) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

const MARK: &[u8] = "\u{feff}".as_bytes();

/// Removes a byte order mark. Returns an error for UTF-16; without a byte order mark, UTF-16 is detected if the text
/// starts with an ASCII character.
pub(crate) fn without_mark(bytes: &[u8]) -> Result<&[u8], NotText> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => Err(NotText::Utf16),
        _ => Ok(bytes.strip_prefix(MARK).unwrap_or(bytes)),
    }
}

/// Reads text without its byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, NotText> {
    std::str::from_utf8(without_mark(bytes)?).map_err(|_| NotText::NotUtf8)
}

/// Reads a file without its byte order mark.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    Ok(decode(&fs::read(path)?)?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_leading_byte_order_mark_is_removed() {
        assert_eq!(decode(b"\xef\xbb\xbfab"), Ok("ab"));
        assert_eq!(decode("a\u{feff}b".as_bytes()), Ok("a\u{feff}b"));
        assert_eq!(decode(b""), Ok(""));
        assert_eq!(decode("ä".as_bytes()), Ok("ä"));
    }

    #[test]
    fn other_encodings_are_detected() {
        for utf16 in [&b"\xff\xfea\0"[..], b"\xfe\xff\0a", b"a\0b\0", b"\0a\0b"] {
            assert_eq!(decode(utf16), Err(NotText::Utf16));
        }
        assert_eq!(decode(b"caf\xe9"), Err(NotText::NotUtf8));
    }
}
