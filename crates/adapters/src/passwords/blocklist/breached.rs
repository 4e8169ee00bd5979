use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use doorward_domain::{credential::password::NewPassword, ports::PasswordBlocklist};
use tokio::task::spawn_blocking;

use super::sorted_lines;

/// The number of hexadecimal digits of a hash that form the file name of its range.
const PREFIX: usize = 5;
const DIGITS: usize = 40;

/// Breached passwords: the list of Have I Been Pwned, in the format of its downloader. No requests are sent to
/// other servers.
///
/// Either one file with lines `<SHA-1>:<count>`, or a folder with a file for each range of hashes, `<first five
/// digits>.txt`, with lines `<remaining digits>:<count>`. Both are sorted.
#[derive(Debug, Clone)]
pub struct BreachedPasswords(Place);

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Ranges(PathBuf),
}

/// The list is unusable.
#[derive(Debug, thiserror::Error)]
pub enum UnusableBreachFile {
    /// It can't be read.
    #[error("cannot read {0}: {1}")]
    Read(String, #[source] io::Error),
    /// It is not sorted by hash.
    #[error("{0} is not sorted by hash: download the list that is ordered by hash")]
    Order(String),
    /// It has another format.
    #[error("{0} is not a list of Have I Been Pwned, whose lines look like {1}:3")]
    Format(String, String),
}

impl BreachedPasswords {
    /// Opens the list and checks its format.
    ///
    /// # Errors
    /// See [`UnusableBreachFile`].
    pub fn open(path: PathBuf) -> Result<Self, UnusableBreachFile> {
        let is_folder = path.is_dir();
        let (sample, skipped) =
            if is_folder { (path.join("00000.txt"), PREFIX) } else { (path.clone(), 0) };
        let shown = || sample.display().to_string();
        let digits = DIGITS - skipped;
        let read = first_bytes(&sample, digits + 1);
        let start = read.map_err(|error| UnusableBreachFile::Read(shown(), error))?;
        let is_hash = start.split_last().is_some_and(|(colon, hash)| {
            *colon == b':'
                && hash.len() == digits
                && hash.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F'))
        });
        if !is_hash {
            let example = "0123456789ABCDEF0123456789ABCDEF01234567";
            let example = example.get(skipped..).unwrap_or_default().to_owned();
            return Err(UnusableBreachFile::Format(shown(), example));
        }
        let sorted =
            File::open(&sample).and_then(|file| sorted_lines::looks_sorted(&&file, up_to_colon));
        if !sorted.map_err(|error| UnusableBreachFile::Read(shown(), error))? {
            return Err(UnusableBreachFile::Order(shown()));
        }
        Ok(Self(if is_folder { Place::Ranges(path) } else { Place::File(path) }))
    }

    fn find(&self, hash: &str) -> io::Result<bool> {
        let (path, key) = match &self.0 {
            Place::File(path) => (path.clone(), hash),
            Place::Ranges(folder) => {
                let (prefix, rest) = hash.split_at(PREFIX);
                (folder.join(format!("{prefix}.txt")), rest)
            }
        };
        sorted_lines::contains(&&File::open(path)?, key.as_bytes(), up_to_colon)
    }
}

fn up_to_colon(line: &[u8]) -> &[u8] {
    let length = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
    line.get(..length).unwrap_or_default()
}

fn first_bytes(path: &Path, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(count as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns uppercase digits, as in the list.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[async_trait]
impl PasswordBlocklist for BreachedPasswords {
    async fn contains(&self, password: &NewPassword) -> bool {
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_password().expose());
        let (list, hash) = (self.clone(), hexadecimal(hash.as_ref()));
        let found = spawn_blocking(move || list.find(&hash)).await;
        match found.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "cannot read the list of breached passwords; new password accepted without this check");
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> NewPassword {
        NewPassword::parse(text).unwrap()
    }

    fn hash_of(text: &str) -> String {
        hexadecimal(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref())
    }

    /// Creates lines like those of the downloader, which end with CR and LF.
    fn lines(passwords: &[&str], skip: usize) -> String {
        let mut hashes: Vec<String> = passwords.iter().map(|text| hash_of(text)).collect();
        hashes.sort();
        hashes.iter().map(|hash| format!("{}:17\r\n", &hash[skip..])).collect()
    }

    #[test]
    fn hash_matches_the_format_of_the_list() {
        assert_eq!(hash_of("password"), "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
    }

    #[tokio::test]
    async fn only_passwords_in_the_file_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pwned.txt");
        std::fs::write(&path, lines(&["correct horse", "battery staple", "no secret"], 0)).unwrap();
        let list = BreachedPasswords::open(path.clone()).unwrap();
        for text in ["correct horse", "battery staple", "no secret"] {
            assert!(list.contains(&password(text)).await, "{text}");
        }
        assert!(!list.contains(&password("Correct horse")).await);
        std::fs::remove_file(path).unwrap();
        assert!(
            !list.contains(&password("correct horse")).await,
            "an unreadable list rejects no password"
        );
    }

    #[tokio::test]
    async fn passwords_are_found_in_a_folder_of_ranges() {
        let folder = tempfile::tempdir().unwrap();
        let write = |prefix: &str, text: String| {
            std::fs::write(folder.path().join(format!("{prefix}.txt")), text).unwrap();
        };
        write("00000", format!("{}:2\r\n", "0".repeat(35)));
        write(&hash_of("correct horse")[..5], lines(&["correct horse"], 5));
        let list = BreachedPasswords::open(folder.path().to_owned()).unwrap();
        assert!(list.contains(&password("correct horse")).await);
        assert!(!list.contains(&password("battery staple")).await);
    }

    #[test]
    fn invalid_breach_list_is_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        let open = || BreachedPasswords::open(path.clone()).unwrap_err().to_string();
        assert!(open().contains("cannot read"));
        let lower = lines(&["correct horse"], 0).to_lowercase();
        for text in ["", "password\n", &"0".repeat(41), &lower] {
            std::fs::write(&path, text).unwrap();
            assert!(open().contains("not a list of Have I Been Pwned"), "{text:?}");
        }
        assert!(BreachedPasswords::open(folder.path().to_owned()).is_err());
        let many = (0..500).map(|number| hash_of(&format!("password number {number}")));
        let unsorted: String = many.map(|hash| format!("{hash}:1\r\n")).collect();
        std::fs::write(&path, unsorted).unwrap();
        assert!(open().contains("not sorted"), "{}", open());
    }
}
