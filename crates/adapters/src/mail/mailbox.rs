use std::{
    io,
    path::{Path, PathBuf},
};

use mail_parser::MessageParser;
use tokio::fs;

/// Reads the messages that a [`FileMailer`](super::FileMailer) has written, like a mail client: for development
/// and tests.
#[derive(Debug)]
pub struct FileMailbox {
    folder: PathBuf,
}

/// A message in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEmail {
    /// The name of the file.
    pub file: String,
    /// The recipient.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The time at which the message was queued (RFC 3339).
    pub date: Option<String>,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: Option<String>,
    /// The link in the message.
    pub link: Option<String>,
}

impl FileMailbox {
    /// The maximum number of messages that are read.
    const LIMIT: usize = 100;

    /// Creates a mailbox for this folder, which may not exist yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Returns the latest messages, newest first.
    ///
    /// # Errors
    /// The folder, or a file in it, can't be read.
    pub async fn newest(&self) -> io::Result<Vec<StoredEmail>> {
        let mut mails = Vec::new();
        for path in self.files().await?.into_iter().rev().take(Self::LIMIT) {
            match fs::read(&path).await {
                Ok(bytes) => mails.extend(read(&path, &bytes)),
                // The file was deleted in the meantime.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(mails)
    }

    /// Returns the paths of the files. Their names sort by time.
    async fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut entries = match fs::read_dir(&self.folder).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut files = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            files.push(entry.path());
        }
        files.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
        files.sort();
        Ok(files)
    }
}

/// Parses a message. Returns `None` if the file is not a message.
fn read(path: &Path, bytes: &[u8]) -> Option<StoredEmail> {
    let mail = MessageParser::default().parse(bytes)?;
    let text = mail.body_text(0)?.into_owned();
    let has_html = mail.html_part(0).is_some_and(|part| part.is_text_html());
    Some(StoredEmail {
        file: path.file_name()?.to_str()?.to_owned(),
        to: mail.to()?.first()?.address()?.to_owned(),
        subject: mail.subject().unwrap_or_default().to_owned(),
        date: mail.date().map(|date| date.to_rfc3339()),
        html: mail.body_html(0).filter(|_| has_html).map(|html| html.into_owned()),
        link: text.split_whitespace().find(|word| word.contains("?token=")).map(ToOwned::to_owned),
        text,
    })
}
