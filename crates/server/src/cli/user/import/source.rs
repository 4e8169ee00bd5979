use std::{
    error::Error,
    fs::File,
    io::{BufRead, BufReader, Cursor, Read},
    path::Path,
};

use indicatif::ProgressBar;

use crate::{cli::progress, text::without_mark};

pub(super) type Reader = Box<dyn BufRead>;

/// The number of bytes at the start of a file that are examined to detect its format.
const HEAD: u64 = 4096;

/// A file format other than one JSON object per line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Wrong {
    #[error("is empty")]
    Empty,
    #[error("is one JSON array (convert it: jq -c '.[]')")]
    Array,
    #[error("is one JSON object with all accounts in it (convert it: jq -c '.users[]')")]
    Users,
    #[error("contains JSON objects that span several lines (convert it: jq -c .)")]
    ManyLines,
    #[error("looks like CSV")]
    Csv,
}

/// Opens a file or standard input, and skips its byte order mark.
///
/// # Errors
/// Returns an error if the file can't be read or has another format.
pub(super) fn open(path: &Path) -> Result<(Reader, ProgressBar), Box<dyn Error>> {
    let (reader, bar): (Reader, _) = if path == Path::new("-") {
        (Box::new(std::io::stdin().lock()), progress::of_stream())
    } else {
        let file =
            File::open(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let bar = progress::of_file(&file);
        (Box::new(BufReader::new(file)), bar)
    };
    let reader = begin(reader).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok((reader, bar))
}

fn begin(mut reader: Reader) -> Result<Reader, Box<dyn Error>> {
    let mut head = Vec::new();
    (&mut reader).take(HEAD).read_to_end(&mut head)?;
    let text = without_mark(&head)?;
    if let Some(wrong) = judge(text) {
        let expected =
            "expected one JSON object per line, such as {\"email\": \"ann@example.com\"}";
        return Err(format!("the file {wrong}; {expected}").into());
    }
    Ok(Box::new(Cursor::new(text.to_vec()).chain(reader)))
}

fn judge(head: &[u8]) -> Option<Wrong> {
    let text = head.trim_ascii_start();
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    match text.first() {
        None if (head.len() as u64) < HEAD => Some(Wrong::Empty),
        Some(b'[') => Some(Wrong::Array),
        Some(b'{') => {
            let mut key = text.iter().skip(1).skip_while(|byte| byte.is_ascii_whitespace());
            let is_users = b"\"users\"".iter().all(|byte| key.next() == Some(byte));
            let mut value = key.filter(|byte| !byte.is_ascii_whitespace());
            if is_users && value.next() == Some(&b':') && value.next() == Some(&b'[') {
                return Some(Wrong::Users);
            }
            (line == b"{").then_some(Wrong::ManyLines)
        }
        _ => {
            let line = String::from_utf8_lossy(line).to_ascii_lowercase();
            let is_table = line.contains("mail") && line.contains([',', ';', '\t']);
            (is_table && !line.contains('{')).then_some(Wrong::Csv)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut reader =
            begin(Box::new(Cursor::new(bytes.to_vec()))).map_err(|error| error.to_string())?;
        let mut text = Vec::new();
        reader.read_to_end(&mut text).unwrap();
        Ok(text)
    }

    #[test]
    fn file_of_objects_is_read_without_its_byte_order_mark() {
        let long = format!("{{\"email\": \"a@example.com\"}}\r\n{}\n", "x".repeat(9000));
        for text in [&long, "\n\n{\"email\": \"a@example.com\"}\n{}", "# a note\n{}", "no JSON\n"] {
            assert_eq!(read(text.as_bytes()).unwrap(), text.as_bytes());
            let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
            assert_eq!(read(&marked).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn file_of_another_format_is_refused_with_advice() {
        for (text, part) in [
            (&b""[..], "is empty"),
            (b"\xef\xbb\xbf\r\n \n", "is empty"),
            (b"[{\"email\": \"a@example.com\"}]", "jq -c '.[]'"),
            (b"\n[\n{\"email\"", "jq -c '.[]'"),
            (b"{\"users\": [{\"localId\": \"x\"}]}", "jq -c '.users[]'"),
            (b"{\n  \"users\" : [\n", "jq -c '.users[]'"),
            (b"{\n  \"email\": \"a@example.com\"\n}", "jq -c ."),
            (b"id,email,password\n1,a@example.com,x", "CSV"),
            (b"\"id\";\"E-Mail\"\n", "CSV"),
            (b"\xff\xfe{\0\"\0", "UTF-16"),
            (b"{\0\"\0", "UTF-16"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains(part), "{refused}");
            assert!(part == "UTF-16" || refused.contains("one JSON object per line"), "{refused}");
        }
    }
}
