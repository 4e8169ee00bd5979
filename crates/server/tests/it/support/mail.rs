use std::{fs, path::Path};

/// A delivered email.
#[derive(Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl Mail {
    /// Returns the token in the email's link.
    pub(crate) fn token(&self) -> String {
        let (_, rest) = self.text.split_once("?token=").unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    }
}

/// Reads and removes the emails of a folder, oldest first.
pub(super) fn take(folder: &Path) -> Vec<Mail> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mails = paths.iter().map(|path| {
        let text = fs::read_to_string(path).unwrap();
        fs::remove_file(path).unwrap();
        let header = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap().trim().to_owned()
        };
        Mail { to: header("To:"), subject: header("Subject:"), text: text.clone() }
    });
    mails.collect()
}
