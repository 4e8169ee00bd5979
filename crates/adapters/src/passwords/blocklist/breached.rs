use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use doorward_domain::{password::NewPassword, ports::PasswordBlocklist};
use tokio::task::spawn_blocking;

use super::sorted_lines;

/// How many hexadecimal digits of a hash name the file of its range.
const PREFIX: usize = 5;
const DIGITS: usize = 40;

/// Passwords that were in leaks: the list of Have I Been Pwned, as its downloader writes it. Nothing is
/// asked of another server.
///
/// It is either one file of lines `<SHA-1>:<count>`, or a folder with a file for each range of hashes,
/// `<first five digits>.txt`, of lines `<the other digits>:<count>`; sorted in either case.
#[derive(Debug, Clone)]
pub struct BreachedPasswords(Place);

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Ranges(PathBuf),
}

/// The list can't be used.
#[derive(Debug, thiserror::Error)]
pub enum UnusableBreachFile {
    /// It can't be read.
    #[error("{0} can't be read: {1}")]
    Read(String, #[source] io::Error),
    /// It is in another order.
    #[error("{0} is not sorted by its hashes: take the list that is ordered by hash")]
    Order(String),
    /// It is something else.
    #[error("{0} is no list of Have I Been Pwned, whose lines are like {1}:3")]
    Format(String, String),
}

impl BreachedPasswords {
    /// Looks whether there is such a list.
    ///
    /// # Errors
    /// See [`UnusableBreachFile`].
    pub fn open(path: PathBuf) -> Result<Self, UnusableBreachFile> {
        let is_folder = path.is_dir();
        let (sample, skipped) =
            if is_folder { (path.join("00000.txt"), PREFIX) } else { (path.clone(), 0) };
        let shown = || sample.display().to_string();
        let digits = DIGITS - skipped;
        let read = first_octets(&sample, digits + 1);
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
    let length = line.iter().position(|octet| *octet == b':').unwrap_or(line.len());
    line.get(..length).unwrap_or_default()
}

fn first_octets(path: &Path, count: usize) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    File::open(path)?.take(count as u64).read_to_end(&mut octets)?;
    Ok(octets)
}

/// Upper case, as in the list.
fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
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
                tracing::warn!(%error, "the list of breached passwords can't be read: a new password is taken unchecked");
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

    /// Lines as the downloader writes them, which ends them with CR and LF.
    fn lines(passwords: &[&str], skip: usize) -> String {
        let mut hashes: Vec<String> = passwords.iter().map(|text| hash_of(text)).collect();
        hashes.sort();
        hashes.iter().map(|hash| format!("{}:17\r\n", &hash[skip..])).collect()
    }

    #[test]
    fn the_hash_is_the_one_of_the_list() {
        assert_eq!(hash_of("password"), "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
    }

    #[tokio::test]
    async fn a_password_of_the_file_is_found_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pwned.txt");
        std::fs::write(&path, lines(&["correct horse", "battery staple", "no secret"], 0)).unwrap();
        let list = BreachedPasswords::open(path.clone()).unwrap();
        for text in ["correct horse", "battery staple", "no secret"] {
            assert!(list.contains(&password(text)).await, "{text}");
        }
        assert!(!list.contains(&password("Correct horse")).await);
        std::fs::remove_file(path).unwrap();
        assert!(!list.contains(&password("correct horse")).await, "a lost list refuses nobody");
    }

    #[tokio::test]
    async fn a_folder_of_ranges_is_a_list_too() {
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
    fn what_is_no_list_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        let open = || BreachedPasswords::open(path.clone()).unwrap_err().to_string();
        assert!(open().contains("can't be read"));
        let lower = lines(&["correct horse"], 0).to_lowercase();
        for text in ["", "password\n", &"0".repeat(41), &lower] {
            std::fs::write(&path, text).unwrap();
            assert!(open().contains("no list of Have I Been Pwned"), "{text:?}");
        }
        assert!(BreachedPasswords::open(folder.path().to_owned()).is_err());
        let many = (0..500).map(|number| hash_of(&format!("password number {number}")));
        let unsorted: String = many.map(|hash| format!("{hash}:1\r\n")).collect();
        std::fs::write(&path, unsorted).unwrap();
        assert!(open().contains("not sorted"), "{}", open());
    }
}
