use std::{
    io,
    path::{Path, PathBuf},
};

use mail_parser::MessageParser;
use tokio::fs;

/// The mails that a [`FileMailer`](super::FileMailer) has written, read back as a mail client would:
/// for development, and for tests of what people do with them.
#[derive(Debug)]
pub struct FileMailbox {
    folder: PathBuf,
}

/// A mail in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledMail {
    /// The file's name.
    pub file: String,
    /// The address that it is for.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// When it was asked for (RFC 3339).
    pub date: Option<String>,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: Option<String>,
    /// Where its link leads.
    pub link: Option<String>,
}

impl FileMailbox {
    /// So many are read at most.
    const LIMIT: usize = 100;

    /// Of this folder, which need not be there yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The newest mails, the newest first.
    ///
    /// # Errors
    /// The folder, or a file in it, can't be read.
    pub async fn newest(&self) -> io::Result<Vec<FiledMail>> {
        let mut mails = Vec::new();
        for path in self.files().await?.into_iter().rev().take(Self::LIMIT) {
            match fs::read(&path).await {
                Ok(octets) => mails.extend(read(&path, &octets)),
                // Somebody tidies up.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(mails)
    }

    /// Their names sort by time.
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

/// What is no mail is left out.
fn read(path: &Path, octets: &[u8]) -> Option<FiledMail> {
    let mail = MessageParser::default().parse(octets)?;
    let text = mail.body_text(0)?.into_owned();
    let has_html = mail.html_part(0).is_some_and(|part| part.is_text_html());
    Some(FiledMail {
        file: path.file_name()?.to_str()?.to_owned(),
        to: mail.to()?.first()?.address()?.to_owned(),
        subject: mail.subject().unwrap_or_default().to_owned(),
        date: mail.date().map(|date| date.to_rfc3339()),
        html: mail.body_html(0).filter(|_| has_html).map(|html| html.into_owned()),
        link: text.split_whitespace().find(|word| word.contains("?token=")).map(ToOwned::to_owned),
        text,
    })
}
