//! Email: rendered from templates, and sent to a mail server or written to files.

mod address;
mod file;
mod mailbox;
mod render;
mod smtp;
mod templates;

pub use address::{InvalidNamedAddress, NamedAddress};
pub use file::FileMailer;
pub use mailbox::{FileMailbox, StoredEmail};
pub use render::{MailOptions, RenderError, Renderer};
pub use smtp::{
    HeloName, InvalidHeloName, InvalidSmtpUrl, SmtpError, SmtpMailer, SmtpOptions, SmtpUrl,
    Step as SmtpStep, TlsError,
};
pub use templates::TemplateError;
