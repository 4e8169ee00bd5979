use std::{
    io,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use doorward_domain::{
    mail::{MailContent, OutgoingMail},
    ports::{MailError, Mailer},
};
use time::macros::format_description;
use tokio::{fs, io::AsyncWriteExt};

use super::Renderer;

/// Writes messages as `.eml` files into a folder. For development: the link of a message is available before a
/// mail server is set up.
#[derive(Debug)]
pub struct FileMailer {
    folder: PathBuf,
    renderer: Renderer,
    logs_links: bool,
}

impl FileMailer {
    /// Creates a mailer that writes into this folder, and creates the folder with the first message.
    pub fn new(folder: PathBuf, renderer: Renderer) -> Self {
        Self { folder, renderer, logs_links: false }
    }

    /// Also logs the links of messages. A reader of the log can use them, so enable this only for a server that is
    /// not reachable from other machines.
    #[must_use]
    pub fn log_links(self) -> Self {
        Self { logs_links: true, ..self }
    }
}

#[async_trait]
impl Mailer for FileMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        let message =
            self.renderer.render(mail).map_err(|error| MailError::Permanent(Box::new(error)))?;
        let path = self.folder.join(file_name(mail));
        write(&self.folder, &path, &message.formatted())
            .await
            .map_err(|error| MailError::Transient(Box::new(error)))?;
        let link = mail.content.link().filter(|_| self.logs_links).map(|link| link.expose());
        tracing::info!(file = %path.display(), link, "message written to a file");
        Ok(())
    }
}

/// Returns a name that sorts by time, contains the subject, and is the same for each delivery of the message.
fn file_name(mail: &OutgoingMail) -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second]");
    let time = mail.created_at.format(format).unwrap_or_default();
    let subject = match mail.content {
        MailContent::VerifyEmail { .. } => "verify-email",
        MailContent::ResetPassword { .. } => "reset-password",
        MailContent::Invite { .. } => "invite",
        MailContent::PasswordChanged { .. } => "password-changed",
        MailContent::SuspiciousSignIn { .. } => "suspicious-sign-in",
        MailContent::AddressTaken { .. } => "address-taken",
        MailContent::EmailChanged => "email-changed",
    };
    format!("{time}-{subject}-{}.eml", mail.id)
}

/// Writes to a temporary file and renames it, so that no reader sees a partial message, and none remains after a
/// crash.
async fn write(folder: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    let temporary = path.with_extension("tmp");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&temporary).await?;
    file.write_all(content).await?;
    file.sync_all().await?;
    fs::rename(&temporary, path).await
}
